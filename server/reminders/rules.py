"""What the scan has to do, and when a bell may ring: the inbox is written on time, always, bells
disturb people. Pure: no database, no clock, no request."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# On the meeting's own free day this one may ring: whoever goes there is up already.
HOUR_BEFORE = "meeting_hour_before"
# News, not an appointment: nobody could have known of it earlier, and nobody is disturbed for it.
NEWS = ("held_decided",)


class Quiet(NamedTuple):
    """From `start` in the evening to `until` in the morning nothing rings."""

    start: time
    until: time


class Written(NamedTuple):
    """A reminder as it stands in the inbox."""

    id: uuid.UUID
    person_id: uuid.UUID
    about_id: uuid.UUID
    occasion: datetime
    at: datetime
    expires_at: datetime
    title: str
    body: str


class Plan(NamedTuple):
    """Due to be written; (id, due) whose words or times changed; ids of what no longer stands."""

    new: list[Any]
    changed: list[tuple[uuid.UUID, Any]]
    stale: list[uuid.UUID]


def compare(
    *, found: Iterable[Any], wanted: Iterable[Any], written: Iterable[Written], now: datetime
) -> Plan:
    """`found`: all that still stands; `wanted`: those of it whose time has come."""
    standing = {(due.person_id, due.about_id, due.event_at): due for due in found}
    there = {(row.person_id, row.about_id, row.occasion): row for row in written}
    new = [due for due in wanted if (due.person_id, due.about_id, due.event_at) not in there]
    changed = [
        (row.id, standing[key])
        for key, row in there.items()
        if key in standing and _differ(row, standing[key])
    ]
    stale = [row.id for key, row in there.items() if key not in standing and row.expires_at > now]
    return Plan(new, changed, stale)


def _differ(row: Written, due: Any) -> bool:
    return (row.at, row.expires_at, row.title, row.body) != (
        due.at,
        due.event_at,
        due.title,
        due.body,
    )


def bell_at(
    at: datetime,
    *,
    event_at: datetime,
    quiet: Quiet,
    is_workday: Callable[[date], bool],
    kind: str,
) -> datetime | None:
    """`at` itself, or the last minute before it that is neither quiet nor free; None when the event
    would have begun, and for news. Both moments in the city's zone."""
    if at >= event_at or kind in NEWS:
        return None
    own_day = event_at.date() if kind == HOUR_BEFORE else None
    if at.time() >= quiet.start:
        at = _evening(at.date(), at, quiet)
    elif at.time() < quiet.until:
        at = _evening(at.date() - DAY, at, quiet)
    while not (is_workday(at.date()) or at.date() == own_day):
        at = _evening(at.date() - DAY, at, quiet)
    return at


def _evening(day: date, at: datetime, quiet: Quiet) -> datetime:
    return datetime.combine(day, quiet.start, at.tzinfo) - MINUTE
