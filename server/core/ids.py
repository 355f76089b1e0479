"""Ids the server makes itself; the phone makes those of its own records."""

import secrets
import uuid

from . import clock


def new_id() -> uuid.UUID:
    """Version 7 (RFC 9562): 48 bits of milliseconds, then chance, so indexes grow at one end."""
    millis = int(clock.now().timestamp() * 1000)
    bits = (millis << 80) | (7 << 76) | (secrets.randbits(12) << 64)
    return uuid.UUID(int=bits | (0b10 << 62) | secrets.randbits(62))


def new_token() -> str:
    """256 bits of chance, URL-safe: sessions, devices, claims. Only its SHA-256 is ever stored."""
    return secrets.token_urlsafe(32)
