"""What a phone's camera sees. An .mjpeg is JPEGs one after another; Chromium plays it in a loop."""

import io
import random
from pathlib import Path

import qrcode
from PIL import Image, ImageFilter

WIDTH, HEIGHT, GREY = 1280, 720, (120, 118, 110)
FRAMES, TREMOR = 20, 6
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def flags(path: Path) -> tuple[str, ...]:
    return (*CAMERA, f"--use-file-for-fake-video-capture={path}")


def shoot(path: Path, text: str, *, side: int = 330) -> Path:
    """A hand-held film of a QR that says `text`, slightly out of focus."""
    shaking = random.Random(text)  # noqa: S311
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    picture = code.make_image().convert("RGB").resize((side, side))
    with path.open("wb") as film:
        for _ in range(FRAMES):
            film.write(_frame(picture, shaking))
    return path


def _frame(picture: Image.Image, shaking: random.Random) -> bytes:
    turned = picture.rotate(shaking.randint(-3, 3), expand=True, fillcolor=GREY)
    frame = Image.new("RGB", (WIDTH, HEIGHT), GREY)
    at = ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2)
    frame.paste(turned, tuple(x + shaking.randint(-TREMOR, TREMOR) for x in at))
    out = io.BytesIO()
    frame.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=85)
    return out.getvalue()
