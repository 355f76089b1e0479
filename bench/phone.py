"""How long a phone four times slower than this machine takes to make a photo small."""

import io
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser import launch, new_phone
from tests.e2e.conftest import sign_in
from tests.e2e.house import House, prepare

ROUNDS = 5
SLOWDOWN = 4
WAIT = """async () => {
    const cells = () => document.querySelectorAll('.grid__remove').length
    const before = cells()
    // From the moment the app has the file: how it got there is the test's own affair.
    const start = await new Promise(done => document.addEventListener(
        'change', () => done(performance.now()), { capture: true, once: true }))
    while (cells() === before) await new Promise(done => setTimeout(done, 5))
    return performance.now() - start
}"""

KEPT = """async () => {
    const answer = asked => new Promise(done => { asked.onsuccess = () => done(asked.result) })
    const names = (await indexedDB.databases()).map(one => one.name)
    const db = await answer(indexedDB.open(names.find(name => name.startsWith('hongling-'))))
    const photos = await answer(db.transaction('photos').objectStore('photos').getAll())
    db.close()
    return Math.max(0, ...photos.map(photo => photo.data.byteLength))
}"""


class Shrinking(NamedTuple):
    """Milliseconds from picking a 12-megapixel photo to seeing it kept, by slowdown of the CPU."""

    plain: float
    slowed: float
    bytes: int


def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((4032, 3024), 25).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def measure() -> Shrinking:
    """In a real Chromium on the real app; the two speeds take turns, the medians are kept."""
    raw = photo()
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        prepare(Path(folder) / "template")
        house = House(Path(folder) / "data", Path(folder) / "template")
        house.start()
        browser = launch(playwright)
        try:
            page = new_phone(browser, f"http://127.0.0.1:{house.port}").new_page()
            page.goto("/")
            sign_in(page, "an")
            page.goto("/visits/new")
            cdp = page.context.new_cdp_session(page)
            times: dict[int, list[float]] = {1: [], SLOWDOWN: []}
            size = 0
            for _ in range(ROUNDS):
                for rate, kept in times.items():
                    cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
                    kept.append(_pick(page, raw))
                    size = max(size, _kept(page))
                    page.get_by_role("button", name="移除这张照片").first.click()
            return Shrinking(*(statistics.median(kept) for kept in times.values()), size)
        finally:
            browser.close()
            house.kill()


def _pick(page: Page, raw: bytes) -> float:
    buffer = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": raw}
    page.evaluate(f"() => {{ window.measured = ({WAIT})() }}")  # it ends after the pick
    page.get_by_label("从相册选择").set_input_files(buffer)
    took: float = page.evaluate("window.measured")
    return took


def _kept(page: Page) -> int:
    """Bytes of the photo as it would leave: read from the phone's own store."""
    size: int = page.evaluate(KEPT)
    return size


if __name__ == "__main__":
    print(measure())
