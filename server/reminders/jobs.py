"""The scan: what falls due is written into inboxes once, also after an outage. The unique key has
the last word, so that a second worker, a kill or a jump of the clock changes nothing."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update

from server.core import clock, workdays
from server.core.clock import SHANGHAI
from server.core.db import db, insert_once, reading
from server.core.jobs import job
from server.core.settings import rules as numbers

from .finders import FINDERS, Due, Find
from .models import Reminder
from .rules import Plan, Quiet, Written, bell_at, compare

BATCH = 50  # rows a transaction: short, so that a phone's save never waits for the scan


@job("reminders.scan", every=timedelta(seconds=30))
def scan() -> Iterator[None]:
    """Each yield is a step: the worker commits there."""
    now = clock.now()
    for kind, find in FINDERS.items():
        plan = _plan(kind, find, now)
        for dues in _batches(plan.new):
            for due in dues:
                insert_once(Reminder, kind=kind, created_at=now, **_columns(kind, due))
            yield
        for pairs in _batches(plan.changed):
            for id, due in pairs:
                _update([id], _columns(kind, due))
            yield
        for ids in _batches(plan.stale):
            _update(ids, {"expires_at": now})
            yield


def _plan(kind: str, find: Find, now: datetime) -> Plan:
    """Reads only, in a transaction of its own that takes no write lock."""
    days = numbers()["reminders"]
    since = now - timedelta(days=days["look_back_days"])
    until = now + timedelta(days=days["look_ahead_days"])
    with reading():
        found = list(find(until, since))
        rows = db.session.execute(
            select(*(getattr(Reminder, name) for name in Written._fields)).where(
                Reminder.kind == kind, Reminder.at > since, Reminder.at <= until
            )
        )
        written = [Written(*row) for row in rows]
    wanted = [due for due in found if min(due.at, _bell(kind, due) or due.at) <= now]
    return compare(found=found, wanted=wanted, written=written, now=now)


def _bell(kind: str, due: Due) -> datetime | None:
    bell = numbers()["bell"]
    return bell_at(
        due.at.astimezone(SHANGHAI),
        event_at=due.event_at.astimezone(SHANGHAI),
        quiet=Quiet(
            time.fromisoformat(bell["quiet_from"]), time.fromisoformat(bell["quiet_until"])
        ),
        is_workday=workdays.is_workday,
        kind=kind,
    )


def _columns(kind: str, due: Due) -> dict[str, Any]:
    said = {
        name: getattr(due, name)
        for name in ("person_id", "about_id", "at", "title", "body", "link")
    }
    moments = {"occasion": due.event_at, "expires_at": due.event_at}
    return said | moments | {"bell_at": _bell(kind, due)}


def _update(ids: list[Any], values: dict[str, Any]) -> None:
    db.session.execute(update(Reminder).where(Reminder.id.in_(ids)).values(values))


def _batches(things: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]
