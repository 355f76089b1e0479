"""The grammar of codes, when one is good, what a meeting's actions come to, and who was there.
Pure: no database, no clock, no request."""

import base64
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

KINDS = ("monthly_branch", "quarterly_observation", "property_joint", "owners_forum")
WAYS = ("scan", "host_scan", "tick", "undo")
BY_HOST = ("host_scan", "tick", "undo")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # RFC 4648 base32
CODE = re.compile(r"[A-Z2-7]{33}", re.ASCII | re.IGNORECASE)
SLOT_LETTERS, MAC_BYTES = 7, 10

NOT_OPEN = "会议还没有开始，已记下；开始后请再扫一次，或请支部书记登记"
TOO_EARLY = "签到早于会议开始，等待支部书记确认"
CLOSED = "会议已经结束，等待支部书记或组织部门确认"
CANCELLED = "会议已取消，等待支部书记确认"
NOT_EXPECTED = "不在这次会议的应到名单上，等待支部书记确认"
STALE = "扫码时间与二维码对不上，等待支部书记确认"


class Code(NamedTuple):
    """The 33 letters after /Q/, taken apart: `slot` and `mac` still as letters."""

    meeting: str
    slot: str
    display: str
    mac: str


def read_code(text: str) -> Code | None:
    """Only this grammar; what a QR says is never fetched, run or matched against anything else."""
    if not CODE.fullmatch(text.strip()):
        return None
    letters = text.strip().upper()
    return Code(letters[:8], letters[8:15], letters[15:17], letters[17:])


def message(meeting: str, slot: str) -> bytes:
    """What the screen signs; "hl1" is the version of the grammar, "in" what the code is for."""
    return f"hl1|in|{meeting}|{slot}".encode()


def mac_text(signed: bytes) -> str:
    """80 bits in 16 letters: guessing one takes longer than any meeting."""
    return base64.b32encode(signed[:MAC_BYTES]).decode()


def slot_text(number: int) -> str:
    """Seven letters, most significant first; 35 bits last for ten thousand years."""
    letters = (LETTERS[number >> 5 * place & 31] for place in reversed(range(SLOT_LETTERS)))
    return "".join(letters)


def slot_number(text: str) -> int:
    number = 0
    for letter in text:
        number = number << 5 | LETTERS.index(letter)
    return number


def is_fresh(slot: str, *, at: datetime, rules: dict[str, Any]) -> bool:
    """From a little before its slot, for a screen that runs ahead, to a little after, for the time
    a camera takes; both ends belong to it."""
    into = at.timestamp() - slot_number(slot) * rules["slot_seconds"]
    return (
        -rules["slot_early_seconds"] <= into <= rules["slot_seconds"] + rules["slot_late_seconds"]
    )


def happened_at(*, told_at: datetime, sent_at: datetime | None, received_at: datetime) -> datetime:
    """By the server's clock. Both times of the phone are by one clock, whose error cancels out;
    see `was_set_back` for when it was not one clock."""
    waited = max((sent_at or received_at) - told_at, timedelta())
    try:
        return received_at - waited
    except OverflowError:
        return told_at


def was_set_back(*, told_at: datetime, sent_at: datetime | None) -> bool:
    """Whether the phone's clock was put back since: how long the thing waited is not known."""
    return sent_at is not None and sent_at < told_at


class Proof(NamedTuple):
    """What a scan shows. `firm`: seen fresh by the server itself."""

    at: datetime
    firm: bool
    held_reason: str | None


def judge_scan(
    *,
    fresh_now: bool,
    fresh_then: bool,
    then: datetime,
    now: datetime,
    patience: float,
    set_back: bool = False,
) -> Proof | None:
    """`then`: when it was scanned, by the phone's word; `now`: when it arrived; `set_back`: that
    word is worth nothing. None: the code had changed, and the person still stands before the screen
    (`patience`, seconds) to scan again."""
    if fresh_now:
        return Proof(now, True, None)
    if fresh_then:
        return Proof(then, False, None)
    gone = set_back or now - then > timedelta(seconds=patience)
    return Proof(then, False, STALE) if gone else None


def why_held(
    *,
    at: datetime,
    state: str,
    opened_at: datetime | None,
    ended_at: datetime | None,
    expected: bool,
) -> str | None:
    """The sentence that says why an event waits for a person to decide, or None when it counts."""
    if state == "cancelled":
        return CANCELLED
    if opened_at is None:
        return NOT_OPEN
    if at < opened_at:
        return TOO_EARLY
    if ended_at is not None and at >= ended_at:
        return CLOSED
    return None if expected else NOT_EXPECTED


MOVES = {
    ("planned", "open"): "open",
    ("planned", "cancel"): "cancelled",
    ("open", "close"): "closed",
    ("open", "cancel"): "cancelled",
}
DONE = {"open": "open", "close": "closed", "cancel": "cancelled"}  # also their order in one instant
WAITS = "会议还没有开始，等开始后生效"
STATE_WORDS = {
    "planned": "还没有开始",
    "open": "正在进行",
    "closed": "已经结束",
    "cancelled": "已经取消",
}


class Step(NamedTuple):
    at: datetime
    id: UUID
    do: str


class Standing(NamedTuple):
    state: str
    opened_at: datetime | None
    ended_at: datetime | None
    idle: frozenset[UUID]  # actions that came to nothing, so far


def stand(steps: Iterable[Step]) -> Standing:
    """What the actions come to in the order in which they were done, not in which they arrived."""
    state, opened_at, ended_at, idle = "planned", None, None, set()
    rank = list(DONE).index
    for step in sorted(set(steps), key=lambda step: (step.at, rank(step.do), step.id)):
        following = MOVES.get((state, step.do))
        if following is None:
            idle.add(step.id)
            continue
        state = following
        if step.do == "open":
            opened_at = step.at
        else:
            ended_at = step.at
    return Standing(state, opened_at, ended_at, frozenset(idle))


def why_impossible(*, do: str, at: datetime, state: str, ended_at: datetime | None) -> str | None:
    """`state` before the action. A wish already fulfilled is no mistake; a close may overtake its
    open on the way, so it waits; and an open made before the end may arrive after it."""
    if (state, do) in MOVES or DONE[do] == state or (state, do) == ("planned", "close"):
        return None
    if (state, do) == ("closed", "open") and ended_at is not None and at < ended_at:
        return None
    return f"会议{STATE_WORDS[state]}，不能再操作"


def may_show(*, state: str, starts_at: datetime, now: datetime, rules: dict[str, Any]) -> bool:
    """Whether a screen may have its key: while the meeting is open, or soon will be."""
    before = timedelta(minutes=rules["screen_minutes_before"])
    return state == "open" or (state == "planned" and now >= starts_at - before)


WEEKDAYS = "一二三四五六日"


def when_and_where(starts_at: datetime, place_words: str) -> str:
    """As a reminder says it, `starts_at` in local time: 11月27日（周五）9:00 在社区二楼会议室."""
    day = f"{starts_at.month}月{starts_at.day}日（周{WEEKDAYS[starts_at.weekday()]}）"
    where = f" 在{place_words}" if place_words else ""
    return f"{day}{starts_at.hour}:{starts_at:%M}{where}"


class Event(NamedTuple):
    id: UUID
    way: str
    at: datetime
    firm: bool
    held: bool
    labels: tuple[str, ...] = ()


class Seat(NamedTuple):
    """One row of attendance: `present`, or `provisional` until the host confirms."""

    state: str
    way: str
    at: datetime
    labels: tuple[str, ...]


def project(events: Iterable[Event]) -> Seat | None:
    """The earliest good event after the last undo. A set decides, so that no order of arrival and
    no repetition changes the answer. What is held does not count."""
    good = {event for event in events if not event.held}
    undone_at = max((event.at for event in good if event.way == "undo"), default=None)
    counting = [
        event
        for event in good
        if event.way != "undo" and (undone_at is None or event.at > undone_at)
    ]
    if not counting:
        return None
    first = min(counting, key=lambda event: (event.at, event.id))
    firm = any(event.firm for event in counting)
    return Seat("present" if firm else "provisional", first.way, first.at, first.labels)
