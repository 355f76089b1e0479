"""Sessions, passwords and locks. Pure: no database, no clock, no request."""

from collections.abc import Set
from datetime import date, timedelta

SHORTEST_PASSWORD = 10
COMMON = ("1234567890", "0123456789", "qwertyuiop", "password", "hongling", "linyi", "admin123")
WRONG_PASSWORDS = 5
LOCKED_FOR = timedelta(minutes=15)
ROLLING = timedelta(days=90)
SHORT = timedelta(hours=12)
OFFICE_ROLES = {"organizer", "administrator", "discipline_officer"}
POSTED_ROLES = {"secretary", "branch_lead"}


def session_length(roles: Set[str]) -> timedelta:
    """Nobody in the field is made to sign in regularly; a desk in an office is another matter."""
    return SHORT if roles & OFFICE_ROLES else ROLLING


def roles_today(roles: Set[str], *, serves_until: date | None, today: date) -> frozenset[str]:
    """The end of a posting ends what it gave, some days later; other roles stay."""
    lapsed = serves_until is not None and today > serves_until
    return frozenset(roles - POSTED_ROLES if lapsed else roles)


def password_fault(password: str, *, username: str, name: str) -> str | None:
    """Length and a blocklist, no composition rules (OWASP ASVS 5.0, 6.2.5): a sentence, or None."""
    plain = password.lower()
    if len(password) < SHORTEST_PASSWORD:
        return f"密码至少 {SHORTEST_PASSWORD} 个字符，可以是一句容易记住的话"
    if len(set(plain)) < 4 or any(
        plain.strip("0123456789") in ("", w) or w == plain for w in COMMON
    ):
        return "这个密码太容易被猜到，请换一个"
    if username.lower() in plain or (name and name in password):
        return "密码里不要含有账号或姓名"
    return None


def is_locked(*, by_browser: int, by_address: int, known_device: bool) -> bool:
    """Five wrong passwords lock a name for that browser or that address, never for everyone:
    a browser its owner has used before answers only for itself."""
    return by_browser >= WRONG_PASSWORDS or (not known_device and by_address >= WRONG_PASSWORDS)
