"""Digests of photo bytes. Pure: no database, no clock, no request."""

import base64
import binascii
import re

_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):")


def told_digest(header: str | None) -> str | None:
    """The SHA-256 in an RFC 9530 Content-Digest header as lower-case hex, or None."""
    found = _SHA256.search(header or "")
    try:
        return base64.b64decode(found[1], validate=True).hex() if found else None
    except binascii.Error:
        return None
