"""What the scan has to do, and when a bell may ring: the inbox is written on time, always, bells
disturb people. Pure: no database, no clock, no request."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Quiet(NamedTuple):
    """From `start` in the evening to `until` in the morning nothing rings."""

    start: time
    until: time


class Times(NamedTuple):
    """When people may be disturbed: not in the quiet hours, not on free days."""

    quiet: Quiet
    is_workday: Callable[[date], bool]


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


class Ripe(NamedTuple):
    """A reminder that may become a bell today; moments in the city's zone."""

    id: uuid.UUID
    person_id: uuid.UUID
    event_at: datetime
    bell_at: datetime
    alone: bool
    snoozed_until: datetime | None


class NewBell(NamedTuple):
    person_id: uuid.UUID
    occasion: str
    expires_at: datetime
    reminders: list[uuid.UUID]


class Attempted(NamedTuple):
    """An earlier attempt of the same bell; `outcome` None or unsure: begun and never ended."""

    channel: str
    address_id: uuid.UUID
    outcome: str | None


class Step(NamedTuple):
    """Where to send next; no addresses: nothing is left, and `state` is what the bell ends in."""

    channel: str | None
    addresses: list[uuid.UUID]
    state: str = "waiting"


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
    at: datetime, *, event_at: datetime, times: Times, alone: bool = False
) -> datetime | None:
    """`at` itself, or the last minute before it that is neither quiet nor free; None when the event
    would have begun. Both moments in the city's zone."""
    if at >= event_at:
        return None
    own_day = event_at.date() if alone else None
    if at.time() >= times.quiet.start:
        at = _evening(at.date(), at, times.quiet)
    elif at.time() < times.quiet.until:
        at = _evening(at.date() - DAY, at, times.quiet)
    while not (times.is_workday(at.date()) or at.date() == own_day):
        at = _evening(at.date() - DAY, at, times.quiet)
    return at


def may_ring(now: datetime, *, event_at: datetime, times: Times, alone: bool = False) -> bool:
    """Now, when the planned moment has passed: an outage ends whenever it ends, and a bell that is
    late must not ring at night, on a free day, or after its event. On the meeting's own free day
    the one an hour before it may: whoever goes there is up already."""
    if now >= event_at or not times.quiet.until <= now.time() < times.quiet.start:
        return False
    return times.is_workday(now.date()) or (alone and now.date() == event_at.date())


def next_chance(
    now: datetime, *, event_at: datetime, times: Times, alone: bool = False
) -> datetime | None:
    """`now`, or the next morning on which it may ring; None when the event comes first."""
    while now < event_at:
        if may_ring(now, event_at=event_at, times=times, alone=alone):
            return now
        day = now.date() + DAY if now.time() >= times.quiet.until else now.date()
        now = datetime.combine(day, times.quiet.until, now.tzinfo)
    return None


def next_try(now: datetime, *, tries: int, wanted: timedelta | None, delays: list[int]) -> datetime:
    """After `tries` attempts; `wanted` is how long the provider asked us to wait."""
    delay = timedelta(seconds=delays[tries - 1]) if tries <= len(delays) else HOUR
    return now + max(delay, wanted or timedelta())


def plan_bells(
    ripe: Iterable[Ripe], *, now: datetime, times: Times, digested: set[uuid.UUID]
) -> list[NewBell]:
    """One bell for each reminder that rings alone or was snoozed until now; for the others one
    digest a person and day. `digested`: people whose digest of today has gone out; what comes after
    it waits for a morning before its event. All moments in the city's zone."""
    singles, others = [], defaultdict(list)
    for one in ripe:
        if one.alone or one.snoozed_until:
            singles.append(one)
        elif one.person_id not in digested and one.bell_at.date() <= now.date():
            others[one.person_id].append(one)
    bells = [_single(one, now, times) for one in singles]
    bells += [_digest(ones, now, times) for ones in others.values()]
    return [bell for bell in bells if bell]


def _single(one: Ripe, now: datetime, times: Times) -> NewBell | None:
    at = one.snoozed_until or one.bell_at
    if at > now or not may_ring(now, event_at=one.event_at, times=times, alone=one.alone):
        return None
    occasion = f"{'alone ' if one.alone else ''}snooze {one.id.hex} {at:%m%d%H%M}"
    if not one.snoozed_until:
        occasion = f"alone {one.id.hex}"
    return NewBell(one.person_id, occasion, one.event_at, [one.id])


def _digest(ones: list[Ripe], now: datetime, times: Times) -> NewBell | None:
    """What is due opens it, and what is due later today comes along."""
    due = [one for one in ones if one.bell_at <= now]
    if not any(may_ring(now, event_at=one.event_at, times=times) for one in due):
        return None
    occasion = f"digest {now.date().isoformat()}"
    # Of this day: what cannot be said by the evening is said in another day's.
    tonight = datetime.combine(now.date(), times.quiet.start, now.tzinfo)
    last = min(tonight, max(one.event_at for one in ones))
    return NewBell(ones[0].person_id, occasion, last, [one.id for one in ones])


def next_step(
    *,
    channels: list[tuple[str, bool]],
    reach: dict[str, list[uuid.UUID]],
    attempted: list[Attempted],
    tries_a_channel: int,
) -> Step:
    """The first channel with an address that may still accept. `channels`: name, and whether it
    takes a duplicate key, in the order they are tried. An attempt that never ended may have
    arrived: it is repeated only where a repeat is not shown twice."""
    last = [name for name, _ in channels if reach.get(name)][-1:]
    unsure = False
    for name, takes_key in channels:
        open_ones = []
        for address in reach.get(name, []):
            outcomes = [x.outcome for x in attempted if x.address_id == address]
            lost = bool({None, "unsure"} & set(outcomes)) and not takes_key
            unsure = unsure or lost
            spent = len(outcomes) >= tries_a_channel and [name] != last
            final = {"ok", "drop_recipient", "config_error"} & set(outcomes)
            if not (lost or spent or final):
                open_ones.append(address)
        if open_ones:
            return Step(name, open_ones)
    return Step(None, [], "unsure" if unsure else "failed")


def digest_words(standing: list[tuple[str, str, str]], *, most: int = 200) -> tuple[str, str, str]:
    """Title, body and link of a bell, from those of the reminders that still stand."""
    if len(standing) == 1:
        return standing[0]
    body = "；".join(title for title, _, _ in standing)
    clipped = body if len(body) <= most else f"{body[: most - 1]}…"
    return f"您有 {len(standing)} 条提醒", clipped, "/reminders"


def _evening(day: date, at: datetime, quiet: Quiet) -> datetime:
    return datetime.combine(day, quiet.start, at.tzinfo) - MINUTE
