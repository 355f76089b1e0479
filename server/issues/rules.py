"""How an issue moves, when it is due and what may not stand in it. Pure: no database, no clock, no
request; the calendar and the city's numbers are arguments."""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from typing import Any, NamedTuple


class State(StrEnum):
    REGISTERED = "registered"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"


WORDS = {State.REGISTERED: "已登记", State.IN_PROGRESS: "办理中", State.RESOLVED: "已办结"}

# From → where a step may take it. Anything else is a conflict that names these.
MOVES: dict[State, tuple[State, ...]] = {
    State.REGISTERED: (State.IN_PROGRESS, State.RESOLVED),
    State.IN_PROGRESS: (State.RESOLVED,),
    State.RESOLVED: (State.IN_PROGRESS,),
}

UNKNOWN_CATEGORY = "9901"
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)", re.ASCII)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,6})?", re.ASCII)


class Deadline(NamedTuple):
    """`due_at` is the moment the office closes on `due_on`; `due_words` says how it was counted."""

    due_on: date
    due_at: datetime
    due_words: str


class Filed(NamedTuple):
    """The category kept, and the labels that say how it came about."""

    category: str
    labels: list[str]


def can_become(to: str) -> bool:
    """Whether any step leads there."""
    return any(to in nexts for nexts in MOVES.values())


def why_not_moved(*, state: str, to: str | None) -> str | None:
    """The sentence that refuses a move and names those allowed; None when it is one of them."""
    here = State(state)
    if to is None or to in MOVES[here]:
        return None
    allowed = "、".join(f"“{WORDS[next]}”" for next in MOVES[here])
    return f"这个问题现在是“{WORDS[here]}”，只能改为{allowed}"


def counts_from(*, made_at: datetime, received_at: datetime, labels: Collection[str]) -> datetime:
    """The deadline runs from when it was made, unless that is too doubtful or too long ago."""
    return received_at if {"late", "time_odd"} & set(labels) else made_at


def deadline(
    *,
    since: datetime,
    workdays: int,
    closes: str,
    zone: tzinfo,
    add_workdays: Callable[[date, int], date],
    explain: Callable[..., str],
) -> Deadline:
    day = since.astimezone(zone).date()
    due_on = add_workdays(day, workdays)
    due_at = datetime.combine(due_on, time.fromisoformat(closes), zone)
    return Deadline(due_on, due_at, explain(day, workdays, closes=closes))


def remind_at(
    due_on: date, hour: time, zone: tzinfo, *, previous_workday: Callable[[date], date]
) -> datetime:
    """One working day before the deadline, at that hour."""
    return datetime.combine(previous_workday(due_on), hour, zone)


def file_under(code: str, known: Collection[str]) -> Filed:
    """A phone may hold an old list, or one newer than ours: what it says is kept as 其他."""
    if code in known:
        return Filed(code, [])
    return Filed(UNKNOWN_CATEGORY, ["category_unknown"])


def holds_id_number(text: str) -> bool:
    """Whether an ID-card number (GB 11643: a birthday and a right check digit) stands in `text`,
    also with full-width digits or with gaps."""
    plain = unicodedata.normalize("NFKC", text)
    closed = re.sub(r"(?<=\d)[\s\-]+(?=[\dXx])", "", plain)
    return any(map(_is_id_number, ID_NUMBER.findall(plain) + ID_NUMBER.findall(closed)))


def _is_id_number(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, ID_WEIGHTS, strict=False))
    try:
        born = date.fromisoformat(f"{digits[6:10]}-{digits[10:12]}-{digits[12:14]}")
    except ValueError:
        return False
    return born.year >= 1850 and ID_CHECKS[total % 11] == digits[-1].upper()


def telephone(told: str) -> str | None:
    """A Chinese mobile or landline number as it is kept; "" for none, None for a wrong one."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", told))
    mobile = plain.replace("-", "").removeprefix("+86")
    if not plain or MOBILE.fullmatch(mobile):
        return mobile
    return plain if LANDLINE.fullmatch(plain) else None


def shows_as_overdue(*, state: str, due_at: datetime, now: datetime) -> bool:
    return state != State.RESOLVED and now > due_at


def contact_or_none(told: dict[str, Any] | None) -> dict[str, Any] | None:
    """A contact with nothing in it is none."""
    return told if told and any(told[part] for part in ("name", "phone", "door")) else None
