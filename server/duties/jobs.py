"""What this room gives the worker: each duty that runs out reminds whoever owes it, and nobody
else; the secretary for whom a talk is missing hears nothing of it."""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from server.accounts.models import User
from server.accounts.rules import roles_today
from server.core import clock, workdays
from server.core.access import Role
from server.core.clock import SHANGHAI
from server.core.db import db
from server.core.settings import rules as numbers
from server.postings.models import Posting
from server.reminders import finders
from server.reminders.finders import Due

from . import ledger
from .rules import Duty, Owed, Period, words_of

DAY = timedelta(days=1)
LONGEST_FESTIVAL = 20 * DAY
LONGEST = 92 * DAY  # longer than any of these stands in an inbox
NAMESPACE = uuid.UUID("6f1f4d0e-5d0b-4f0e-9a53-0d2a7c1b9e11")


class Missing(NamedTuple):
    """What one holder still owes of one duty in one period."""

    duty: Duty
    holder: Any
    period: Period
    number: int


def find_due(
    until: datetime, since: datetime, *, person_id: uuid.UUID | None = None
) -> Iterator[Due]:
    """So many days before the period ends as the duty says."""
    longest = max((max(x.remind_days, default=0) for x in ledger.duties()), default=0)
    first, last = _day(since), _day(until) + longest * DAY
    for one, people in _missing(first, last, person_id):
        for days in one.duty.remind_days:
            at = _morning(one.period.last - days * DAY)
            if since < at <= until:
                for person in people:
                    yield _due(one, person, f"due {days}", at, _morning(one.period.last, ends=True))


def find_overdue(
    until: datetime, since: datetime, *, person_id: uuid.UUID | None = None
) -> Iterator[Due]:
    """The next working morning; it stays in the inbox for some weeks, or until it is done."""
    kept = numbers()["duties"]["overdue_days"] * DAY
    for one, people in _missing(_day(since) - LONGEST_FESTIVAL, _day(until), person_id):
        # On a working day: a bell of a free day would ring before the period has ended.
        at = _morning(workdays.add_workdays(one.period.last, 1))
        if since < at <= until:
            for person in people:
                yield _due(one, person, "overdue", at, at + kept)


def _missing(
    first: date, last: date, person_id: uuid.UUID | None
) -> Iterator[tuple[Missing, list[uuid.UUID]]]:
    """With whom it concerns; a fixed number of questions."""
    holders = _people(person_id)
    found = ledger.posts(or_(Posting.ended_on.is_(None), Posting.ended_on >= first - 366 * DAY))
    groups: dict[tuple[str, Any, str], list[Owed]] = defaultdict(list)
    for holder, one in ledger.owed(found, ledger.duties(), first=first, last=last):
        if one.done < one.times and holder in holders[one.duty.holder]:
            groups[one.duty.code, holder, f"{one.period.key} {one.period.last}"].append(one)
    for (_, holder, _), ones in groups.items():
        duty, number = ones[0].duty, sum(one.times - one.done for one in ones)
        yield Missing(duty, holder, ones[0].period, number), holders[duty.holder][holder]


def _people(person_id: uuid.UUID | None) -> dict[str, dict[Any, list[uuid.UUID]]]:
    """Whoever answers for a holder now: officers of units, leads of branches, organizers."""
    which = (Role.SENDING_UNIT_OFFICER, Role.BRANCH_LEAD, Role.ORGANIZER)
    query = select(User).where(User.disabled_at.is_(None), or_(*(User.holds(x) for x in which)))
    if person_id:
        query = query.where(User.id == person_id)
    found: dict[str, dict[Any, list[uuid.UUID]]] = {
        name: defaultdict(list) for name in ("sending_unit", "branch", "organizer")
    }
    for user in db.session.scalars(query):
        roles = roles_today(
            frozenset(user.roles), serves_until=user.serves_until, today=clock.today()
        )
        if Role.SENDING_UNIT_OFFICER in roles and user.sending_unit_id:
            found["sending_unit"][user.sending_unit_id].append(user.id)
        if Role.BRANCH_LEAD in roles and user.branch_id:
            found["branch"][user.branch_id].append(user.id)
        if Role.ORGANIZER in roles:
            found["organizer"][user.area_path].append(user.id)
    return found


def _due(one: Missing, person: uuid.UUID, what: str, at: datetime, ends: datetime) -> Due:
    """The words speak of the holder's own duty and count; whose turn it is stands in 履责."""
    period = "" if one.period.key == "term" else words_of(one.period, at.date())
    of = f"还有 {one.number} 位" if one.duty.per == "posting" else "还没有开"
    last = f"{one.period.last:%-m月%-d日}"
    body = f"{last}前完成" if what != "overdue" else f"应在{last}前完成，补办后请记一笔"
    about = f"{one.duty.code} {one.holder} {one.period.key} {one.period.last} {what}"
    return Due(
        person_id=person,
        about_id=uuid.uuid5(NAMESPACE, about),
        at=at,
        event_at=ends,
        title=f"{period}{one.duty.title}：{of}",
        body=body,
        link="/duties",
    )


def _morning(day: date, *, ends: bool = False) -> datetime:
    """The hour of reminders on that day, or the end of it."""
    if ends:
        return datetime.combine(day + DAY, time(), SHANGHAI)
    hour = time.fromisoformat(numbers()["duties"]["remind_hour"])
    return datetime.combine(day, hour, SHANGHAI)


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


finders.register("duty_due", find_due, look_back=LONGEST)
finders.register("duty_overdue", find_overdue, look_back=LONGEST)
