"""The one door to cryptography: keys from the root secret, sealed fields, passwords, MACs."""

import base64
import hashlib
import hmac
import os
from functools import cache
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

# OWASP ASVS 5.0 list "A": 154 ms each; at most two at once, or a sign-in storm starves two cores.
_hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
_turnstile = Semaphore(2)
_NONCE, _TAG = 12, 16


class Unopenable(ValueError):
    """A sealed field that was changed, moved to another row, or sealed with another secret."""


def key(purpose: str) -> bytes:
    """32 bytes for one purpose; different purposes share nothing."""
    return _derive(current_app.config["HONGLING"]["secret"], purpose)


@cache
def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, purpose.encode()).derive(secret.encode())


def mac(purpose: str, message: bytes) -> bytes:
    """HMAC-SHA256, 32 bytes."""
    return hmac.new(key(purpose), message, hashlib.sha256).digest()


def sign(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 with a key of its own, 32 bytes: a signature, or a key derived further."""
    return hmac.new(key, message, hashlib.sha256).digest()


def same(a: bytes, b: bytes) -> bool:
    return hmac.compare_digest(a, b)


def sha256(message: bytes | str) -> str:
    """Lower-case hex, as the contract writes digests."""
    return hashlib.sha256(message.encode() if isinstance(message, str) else message).hexdigest()


def seal(plain: str, *, about: str) -> str:
    """Ciphertext bound to `about` (the row's id and column), so that a field cannot be moved."""
    cipher = current_app.config["HONGLING"]["cipher"]
    nonce = os.urandom(_NONCE)
    box = _sm4 if cipher == "sm4" else _aes
    sealed = nonce + box(key("field"), nonce, plain.encode(), about.encode(), opening=False)
    return f"{cipher}:{base64.b64encode(sealed).decode()}"


def unseal(sealed: str, *, about: str) -> str:
    cipher, _, body = sealed.partition(":")
    raw = base64.b64decode(body)
    box = _sm4 if cipher == "sm4" else _aes
    try:
        return box(key("field"), raw[:_NONCE], raw[_NONCE:], about.encode(), opening=True).decode()
    except InvalidTag:
        raise Unopenable(about) from None


def _aes(key: bytes, nonce: bytes, text: bytes, about: bytes, *, opening: bool) -> bytes:
    box = AESGCM(key)
    return box.decrypt(nonce, text, about) if opening else box.encrypt(nonce, text, about)


def _sm4(key: bytes, nonce: bytes, text: bytes, about: bytes, *, opening: bool) -> bytes:
    if opening:
        mode = modes.GCM(nonce, text[-_TAG:])
        box = Cipher(algorithms.SM4(key[:16]), mode).decryptor()
        box.authenticate_additional_data(about)
        return box.update(text[:-_TAG]) + box.finalize()
    sealer = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(about)
    return sealer.update(text) + sealer.finalize() + sealer.tag


def hash_password(password: str) -> str:
    with _turnstile:
        return _hasher.hash(password)


def verify_password(hashed: str | None, password: str) -> bool:
    """Takes the same time for a name nobody has, so that names cannot be guessed by the clock."""
    with _turnstile:
        try:
            return _hasher.verify(hashed or _nobody(), password) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    return _hasher.hash(os.urandom(16).hex())
