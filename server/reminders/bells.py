"""Reminders whose time has come become bells: one row a ringing, under a key that exists once, so
that a second worker, a kill or a jump of the clock makes no second one."""

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import and_, delete, exists, or_, select, update

from server.accounts.models import User
from server.channels.models import Address
from server.core import clock
from server.core.clock import SHANGHAI
from server.core.db import db, insert_once, reading
from server.core.ids import new_id
from server.core.jobs import job
from server.core.settings import rules as numbers

from .kinds import kind_of, times
from .models import Bell, Delivery, Reminder, ReminderChoice
from .rules import NewBell, Ripe, plan_bells

BATCH = 50


@job("reminders.bells", every=timedelta(seconds=15), lease=timedelta(minutes=1))
def make_bells() -> Iterator[None]:
    """Each yield is a step: the worker commits there."""
    now = clock.now()
    local = now.astimezone(SHANGHAI)
    with reading():
        bells = plan_bells(_ripe(now), now=local, times=times(), digested=_digested(now))
    for start in range(0, len(bells), BATCH):
        for bell in bells[start : start + BATCH]:
            _keep(bell, now)
        yield


@job("bells.sweep", every=timedelta(days=1))
def sweep() -> None:
    """What was rung and how is kept for half a year, as logs are."""
    before = clock.now() - timedelta(days=numbers()["bell"]["kept_days"])
    old = select(Bell.id).where(Bell.made_at < before)
    unlinked = update(Reminder).where(Reminder.bell_id.in_(old))
    db.session.execute(unlinked.values(bell_id=None, bell_at=None))
    db.session.execute(delete(Delivery).where(Delivery.bell_id.in_(old)))
    db.session.execute(delete(Bell).where(Bell.made_at < before))


def _ripe(now: datetime) -> list[Ripe]:
    """Neither seen nor over, due by the end of today or snoozed until now, of a kind that rings for
    this person, who can be reached somewhere."""
    local = now.astimezone(SHANGHAI)
    tonight = datetime.combine(local.date() + timedelta(days=1), time(), SHANGHAI)
    snoozed = Reminder.snoozed_until
    choice = and_(
        ReminderChoice.user_id == Reminder.person_id, ReminderChoice.kind == Reminder.kind
    )
    usable = and_(Address.user_id == Reminder.person_id, Address.on, Address.broken.is_(None))
    here = and_(User.id == Reminder.person_id, User.disabled_at.is_(None))
    query = (
        select(Reminder, ReminderChoice.rings)
        .outerjoin(ReminderChoice, choice)
        .where(
            Reminder.bell_id.is_(None),
            Reminder.seen_at.is_(None),
            Reminder.expires_at > now,
            or_(and_(snoozed.is_(None), Reminder.bell_at < tonight), snoozed <= now),
            exists().where(usable),
            exists().where(here),
        )
    )
    found = []
    for reminder, chosen in db.session.execute(query):
        kind = kind_of(reminder.kind)
        if (kind.rings if chosen is None else chosen) or reminder.snoozed_until:
            moments = (reminder.expires_at, reminder.bell_at or now)
            event_at, bell_at = (moment.astimezone(SHANGHAI) for moment in moments)
            until = reminder.snoozed_until and reminder.snoozed_until.astimezone(SHANGHAI)
            people = (reminder.id, reminder.person_id)
            found.append(Ripe(*people, event_at, bell_at, kind.alone, until))
    return found


def _digested(now: datetime) -> set[uuid.UUID]:
    """Whose digest of today is on its way or out: nothing can be added to it any more."""
    day = now.astimezone(SHANGHAI).date()
    taken = or_(Bell.state != "waiting", Bell.tries > 0)
    query = select(Bell.person_id).where(Bell.occasion == f"digest {day.isoformat()}", taken)
    return set(db.session.scalars(query))


def _keep(new: NewBell, now: datetime) -> None:
    """The bell, or the one that is there already for this occasion and has not been tried."""
    told = {
        "id": new_id(),
        "person_id": new.person_id,
        "occasion": new.occasion,
        "day": now.astimezone(SHANGHAI).date(),
        "made_at": now,
        "expires_at": new.expires_at,
        "state": "waiting",
        "next_at": now,
        "tries": 0,
    }
    id = told["id"]
    if not insert_once(Bell, **told):
        same = (Bell.person_id == new.person_id, Bell.occasion == new.occasion)
        fresh = (Bell.state == "waiting", Bell.tries == 0)
        id = db.session.scalar(select(Bell.id).where(*same, *fresh))
    if id:
        mine = update(Reminder).where(Reminder.id.in_(new.reminders), Reminder.bell_id.is_(None))
        db.session.execute(mine.values(bell_id=id))
