"""What goes over the air: bytes, never times (those are in bench/)."""

import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

DIST = Path(__file__).parents[2] / "pwa" / "dist"
FIRST_LOAD = 60 * 1024
VISIT = 3 * 1024
PHOTO = 400 * 1024


def camera_photo() -> bytes:
    """Twelve megapixels, grainy as a dim stairwell, turned, and telling where it was."""
    grain = Image.effect_noise((4032, 3024), 25).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRET MAKER"
    exif.get_ifd(0x8825)[2] = (35.0, 3.0, 0.0)
    out = io.BytesIO()
    grain.save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()


def test_the_first_load_is_small():
    """The page and what it names itself, as brotli; what is heavy comes when it is opened."""
    page = (DIST / "index.html").read_text("utf-8")
    named = re.findall(r'(?:src|href)="/(assets/[^"]+\.(?:js|css))"', page)
    assert any(name.endswith(".js") for name in named)
    sizes = {name: (DIST / f"{name}.br").stat().st_size for name in [*named, "index.html"]}
    assert sum(sizes.values()) <= FIRST_LOAD, sizes


def test_a_visit_and_its_photo_are_small_and_the_photo_tells_nothing(phones, house, network):
    bodies = {}
    network.on_body = lambda method, path, body: bodies.setdefault((method, path), body)
    an = phones("an")
    an.goto("/visits/new")
    an.get_by_label("走访了谁").fill("3号楼")
    an.get_by_label("说了什么").fill("夜里没处停车，消防通道也占了。" * 12)
    photo = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": camera_photo()}
    an.get_by_label("从相册选择").set_input_files(photo)
    expect(an.get_by_role("button", name="移除这张照片")).to_be_visible(timeout=30_000)
    an.get_by_role("button", name="保存").click()
    expect(an.get_by_text("已送达").first).to_be_visible(timeout=30_000)
    an.wait_for_timeout(2000)
    visits = [
        body for (method, path), body in bodies.items() if method == "PUT" and "visits" in path
    ]
    photos = [
        body for (method, path), body in bodies.items() if method == "PUT" and "photos" in path
    ]
    assert len(visits) == len(photos) == 1
    assert len(visits[0]) <= VISIT
    assert len(photos[0]) <= PHOTO
    assert b"SECRET" not in photos[0]
    sent = Image.open(io.BytesIO(photos[0]))
    assert (max(sent.size), sent.height > sent.width, bool(sent.getexif())) == (1600, True, False)
