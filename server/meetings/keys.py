"""Keys of meetings and screens: derived from the root secret, so nothing is stored, a restart
changes nothing, and a forged code is seen without asking the database."""

import base64
import itertools
import uuid
from collections.abc import Iterator
from typing import Any

from flask import current_app

from server.core import crypto
from server.core.settings import rules as numbers

from . import rules
from .rules import Code


def letters(id: uuid.UUID, number: int) -> Iterator[str]:
    """What names a meeting or a screen follows from the record's id, not from chance: sent again
    after a restore it has the same name, and codes scanned before are still good. The first is the
    one, unless it is taken."""
    for turn in itertools.count():
        signed = crypto.mac("letters", id.bytes + turn.to_bytes(4, "big"))
        yield base64.b32encode(signed).decode()[:number]


def screen_key(meeting_code: str, display: str) -> bytes:
    """32 bytes for one screen of one meeting; a leaked one betrays no other screen."""
    meeting_key = crypto.mac("meeting", meeting_code.encode())
    return crypto.sign(meeting_key, display.encode())


def is_genuine(code: Code) -> bool:
    """Whether one of our screens could have shown it, at whatever time."""
    signed = crypto.sign(
        screen_key(code.meeting, code.display), rules.message(code.meeting, code.slot)
    )
    return crypto.same(rules.mac_text(signed).encode(), code.mac.encode())


def handed_out(meeting_code: str, display: str) -> dict[str, Any]:
    """All that a screen needs to go on by itself, without network, until the meeting is closed."""
    key = base64.urlsafe_b64encode(screen_key(meeting_code, display)).decode().rstrip("=")
    return {
        "display": display,
        "meeting_code": meeting_code,
        "key": key,
        # Upper case throughout: then a QR needs 5½ bits a letter instead of 8, and stays coarse.
        "prefix": f"{current_app.config['HONGLING']['url'].upper()}/Q/",
        "slot_seconds": numbers()["meeting"]["slot_seconds"],
    }
