"""The one door to Web Push: messages sealed for one browser (RFC 8291), and our own name (VAPID,
RFC 8292) under a key made on first start."""

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from py_vapid import Vapid02
from pywebpush import WebPusher

from . import clock

HOUR = 3600
VALID_SECONDS = 12 * HOUR  # at most 24 h are allowed


def sealed(subscription: dict[str, Any], text: bytes) -> bytes:
    """Only the browser that subscribed can open it. Raises for keys that are none."""
    return bytes(WebPusher(subscription).encode(text, "aes128gcm")["body"])


def authorization(keys: Path, endpoint: str, contact: str) -> str:
    """The same for an hour, because signing costs more than everything else."""
    where = urlsplit(endpoint)
    hour = int(clock.now().timestamp()) // HOUR
    return _signed(keys, f"{where.scheme}://{where.netloc}", contact, hour)


def public_key(keys: Path) -> str:
    """What a browser must be told when it subscribes: 65 bytes, base64url."""
    told = _signed(keys, "https://example.invalid", "mailto:nobody@example.invalid", 0)
    return told.rpartition("k=")[2]


@cache
def _signed(keys: Path, audience: str, contact: str, hour: int) -> str:
    until = hour * HOUR + VALID_SECONDS if hour else int(clock.now().timestamp()) + HOUR
    claims = {"aud": audience, "sub": contact, "exp": until}
    return str(_key(keys).sign(claims)["Authorization"])


@cache
def _key(keys: Path) -> Vapid02:
    path = keys / "vapid.pem"
    if not path.is_file():
        _make(path)
    return Vapid02.from_pem(path.read_bytes())


def _make(path: Path) -> None:
    """Once, whichever process or thread comes first; readable by its owner only from the start."""
    fresh = Vapid02()
    fresh.generate_keys()
    number, name = tempfile.mkstemp(prefix="vapid.", dir=path.parent)  # 0600
    spare = Path(name)
    with os.fdopen(number, "wb") as file:
        file.write(fresh.private_pem())
    try:
        os.link(spare, path)
    except FileExistsError:
        pass
    finally:
        spare.unlink()
