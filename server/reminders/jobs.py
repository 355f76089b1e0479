"""The scan: what falls due is written into inboxes once, also after an outage. The unique key has
the last word, so that a second worker, a kill or a jump of the clock changes nothing."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update

from server.core import clock, jobs
from server.core.clock import SHANGHAI
from server.core.db import db, insert_once, reading
from server.core.jobs import job
from server.core.settings import rules as numbers

from . import bells, ring  # noqa: F401 - what makes and rings bells is part of the worker too
from .finders import FINDERS, LOOK_BACK, Due, Find
from .kinds import kind_of, kinds, times
from .models import Bell, Reminder
from .rules import Plan, Written, bell_at, compare

DAY = timedelta(days=1)
BATCH = 50  # rows a transaction: short, so that a phone's save never waits for the scan


@job("reminders.scan", every=timedelta(seconds=30))
def scan() -> Iterator[None]:
    """Each yield is a step: the worker commits there."""
    now = clock.now()
    with reading():
        silent_until = jobs.restored_at()
    for kind, find in FINDERS.items():
        plan = _plan(kind, find, now)
        for dues in _batches(plan.new):
            for due in dues:
                told = _columns(kind, due, silent_until)
                insert_once(Reminder, kind=kind, created_at=now, **told)
            yield
        for pairs in _batches(plan.changed):
            for id, due in pairs:
                _update([id], _columns(kind, due, silent_until))
            yield
        for ids in _batches(plan.stale):
            _update(ids, {"expires_at": now})
            yield


def _plan(kind: str, find: Find, now: datetime) -> Plan:
    """Reads only, in a transaction of its own that takes no write lock."""
    days = numbers()["reminders"]
    missed = now - timedelta(days=days["look_back_days"])
    since = min(missed, now - LOOK_BACK.get(kind, timedelta()))
    until = now + timedelta(days=days["look_ahead_days"])
    with reading():
        found = list(find(until, since))
        rows = db.session.execute(
            select(*(getattr(Reminder, name) for name in Written._fields)).where(
                Reminder.kind == kind, Reminder.at > since, Reminder.at <= until
            )
        )
        written = [Written(*row) for row in rows]
    ripe = [due for due in found if due.at > missed]  # what stands longer is compared, not written
    wanted = [due for due in ripe if min(due.at, _written_at(kind, due) or due.at) <= now]
    return compare(found=found, wanted=wanted, written=written, now=now)


def _bell(kind: str, due: Due) -> datetime | None:
    """News never ring: nobody could have known of it earlier, and nobody is disturbed for it."""
    told = kind_of(kind)
    at, event_at = due.at.astimezone(SHANGHAI), due.event_at.astimezone(SHANGHAI)
    return None if told.news else bell_at(at, event_at=event_at, times=times(), alone=told.alone)


def _written_at(kind: str, due: Due) -> datetime | None:
    """The digest of a day gathers what rings on it, so that is written when the day begins."""
    bell = _bell(kind, due)
    if bell is None or kind_of(kind).alone:
        return bell
    return datetime.combine(bell.astimezone(SHANGHAI).date(), time(), SHANGHAI)


def silence(until: datetime) -> None:
    """After a restore: bells up to then have rung, whatever the backup remembers of it."""
    alone = [kind.name for kind in kinds() if kind.alone]
    rung = update(Reminder).where(Reminder.bell_at <= until, Reminder.kind.in_(alone))
    db.session.execute(rung.values(bell_at=None))
    digested = update(Reminder).where(Reminder.bell_at < _tonight(until))
    db.session.execute(digested.where(Reminder.kind.not_in(alone)).values(bell_at=None))
    snoozed = update(Reminder).where(Reminder.snoozed_until <= until)
    db.session.execute(snoozed.values(snoozed_until=None, bell_at=None))
    waiting = update(Bell).where(Bell.state == "waiting")
    db.session.execute(waiting.values(state="expired"))


def _columns(kind: str, due: Due, silent_until: datetime | None) -> dict[str, Any]:
    """No bell for what fell due before a restore: it rang then, and the phones bring it back."""
    said = {
        name: getattr(due, name)
        for name in ("person_id", "about_id", "at", "title", "body", "link")
    }
    moments = {"occasion": due.event_at, "expires_at": due.event_at}
    bell = _bell(kind, due)
    rung = bell is not None and silent_until is not None and _has_rung(kind, bell, silent_until)
    return said | moments | {"bell_at": None if rung else bell}


def _has_rung(kind: str, bell: datetime, until: datetime) -> bool:
    """The digest of the day of a restore may have been heard in the morning already."""
    return bell <= until if kind_of(kind).alone else bell < _tonight(until)


def _tonight(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(SHANGHAI).date() + DAY, time(), SHANGHAI)


def _update(ids: list[Any], values: dict[str, Any]) -> None:
    db.session.execute(update(Reminder).where(Reminder.id.in_(ids)).values(values))


def _batches(things: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]
