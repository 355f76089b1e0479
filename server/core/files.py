"""The one door to pictures: what comes in is rebuilt from its pixels, so that no metadata, tail or
script survives; what is kept lies under its own digest, outside any web root."""

import fcntl
import io
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Semaphore
from typing import NamedTuple

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

from .crypto import sha256
from .errors import Busy, PhotoBroken, PhotoEmpty, PhotoKind, PhotoPixels, TooLarge

MAX_BYTES = 10 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 12_000_000, "WEBP": 12_000_000}
SIDES = (320, 1600)
QUALITY = {320: 70, 1600: 80}
# A 24-megapixel picture needs some 300 MB to decode: one at a time in each process.
_darkroom = Semaphore(1)

# Pillow's own guard warns above 89 megapixels; ours refuses far below, before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


class Picture(NamedTuple):
    """A stored picture: digest of the large version, its size in pixels and bytes."""

    digest: str
    width: int
    height: int
    bytes: int


def develop(raw: bytes) -> dict[int, bytes]:
    """JPEG bytes by long side (320, 1600 px); fails closed with a Problem that says what to do."""
    if not raw:
        raise PhotoEmpty
    if len(raw) > MAX_BYTES:
        raise TooLarge("照片超过 10 MB，请换一张或先缩小")
    with _darkroom, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns about odd metadata that we drop anyway
        try:
            return _develop(raw)
        except UnidentifiedImageError:
            raise PhotoKind from None
        except MemoryError:
            raise Busy from None  # the picture is not to blame
        except (OSError, ValueError, SyntaxError):
            raise PhotoBroken from None


def _develop(raw: bytes) -> dict[int, bytes]:
    with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS[image.format or "PNG"]:
            raise PhotoPixels
        image.draft("RGB", (max(SIDES), max(SIDES)))  # lets JPEG decode at a fraction of its size
        image.load()
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.info.clear()  # Pillow would write a JPEG comment or a profile back
    prints = {}
    for side in SIDES:
        small = upright.copy()
        small.thumbnail((side, side))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=QUALITY[side], optimize=True)
        prints[side] = out.getvalue()
    return prints


def store(prints: dict[int, bytes]) -> Picture:
    """On disk and synced before anyone is told; the same picture twice is one file."""
    large = prints[max(SIDES)]
    digest = sha256(large)
    for side, body in prints.items():
        _write(_path(digest, side), body)
    with Image.open(io.BytesIO(large)) as image:
        return Picture(digest, image.width, image.height, len(large))


def read(digest: str, side: int) -> bytes | None:
    try:
        return _path(digest, side).read_bytes()
    except FileNotFoundError:
        return None


def has(digest: str) -> bool:
    return all(_path(digest, side).exists() for side in SIDES)


def untouched(since: datetime) -> Iterator[str]:
    """Digests of pictures that nobody stored since then; what a killed writer left goes at once."""
    for path in root().glob("??/*"):
        if not _older(path, since):
            continue
        if path.suffix != ".jpg":
            path.unlink(missing_ok=True)
        elif path.stem.endswith(f"-{max(SIDES)}"):
            yield path.stem.rpartition("-")[0]


def remove(digest: str, *, untouched_since: datetime) -> None:
    """Unless it was stored again while the caller made up its mind."""
    large = _path(digest, max(SIDES))
    with _alone(large.parent):
        if _older(large, untouched_since):
            for side in SIDES:
                _path(digest, side).unlink(missing_ok=True)


def _older(path: Path, since: datetime) -> bool:
    try:
        return path.stat().st_mtime < since.timestamp()
    except FileNotFoundError:
        return False


def root() -> Path:
    return current_app.config["HONGLING"]["data"] / "photos"


def names(digest: str) -> list[str]:
    """The files of one picture, below `root`."""
    return [str(_path(digest, side).relative_to(root())) for side in SIDES]


def _path(digest: str, side: int) -> Path:
    return root() / digest[:2] / f"{digest}-{side}.jpg"


def _write(path: Path, body: bytes) -> None:
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with _alone(path.parent.parent) as folder:
            os.fsync(folder)  # a new folder, too, is on the disk only then
    with _alone(path.parent) as folder:
        if path.exists():
            path.touch()  # the nightly sweep sees that it is wanted
            return
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except OSError:  # a full disk, say: what was begun must not fill it further
            os.unlink(name)
            raise
        os.fsync(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Storing and sweeping the same picture must not cross, in whatever process they run."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)
