"""What holders see of their own duties, and what the organization department sees of units: counts,
never whose talk is missing."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from server.core import clock
from server.core.access import Role, Who
from server.core.db import db
from server.core.settings import rules as numbers
from server.organizations.models import SendingUnit, TemporaryBranch
from server.postings.models import Posting

from . import ledger
from .ledger import Post
from .rules import Duty, Owed, Period, by_words, key_of, words_of

YEAR = timedelta(days=366)
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
MOST_SUBJECTS = 100
HOLDER_OF = {
    Role.SENDING_UNIT_OFFICER: "sending_unit",
    Role.BRANCH_LEAD: "branch",
    Role.ORGANIZER: "organizer",
}


def holders(who: Who) -> set[str]:
    """The kinds of holder whose duties the reader keeps."""
    return {kind for role, kind in HOLDER_OF.items() if role in who.actor.roles}


def own(who: Who, today: date) -> list[dict[str, Any]]:
    """The periods that run now, and what is still missing from those before."""
    found = ledger.posts(who.reach(Posting))
    which = [duty for duty in ledger.duties() if duty.holder in holders(who)]
    since = today - timedelta(days=numbers()["duties"]["made_up_days"])
    rows = ledger.owed(found, which, first=today - YEAR, last=today + YEAR)
    mine = [one for holder, one in rows if _is_own(who, holder)]
    groups: dict[tuple[str, str], list[Owed]] = defaultdict(list)
    for one in mine:
        if _matters(one, today, since):
            groups[one.duty.code, one.period.key].append(one)
    people = {post.id: post for post in found}
    shown = [_shown(ones, people, who, today) for ones in groups.values()]
    return sorted(shown, key=lambda row: (row["state"] != "overdue", row["due_on"], row["duty"]))


def board(who: Who, holder: str, year: int, q: str) -> dict[str, Any]:
    """Units by name × the quarters in which something falls due."""
    found = ledger.posts(who.reach(Posting))
    names = _names(holder, found)
    rows = _of_year(found, ledger.duties(holder), year)
    by_unit: dict[uuid.UUID, list[Owed]] = defaultdict(list)
    for unit, one in rows:
        by_unit[unit].append(one)
    today = clock.today()
    items: list[dict[str, Any]] = [
        {
            "unit": {"id": id, "name": name},
            "postings": _serving(found, holder, id),
            "cells": _cells(by_unit[id], year, today),
        }
        for id, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0]))
        if q in name and by_unit[id]
    ]
    everything = [one for item in items for one in by_unit[item["unit"]["id"]]]
    columns = [f"{year}{quarter}" for quarter in QUARTERS]
    totals = _cells(everything, year, today)
    return {"columns": columns, "totals": totals, "items": items, "next": None}


def of_unit(who: Who, id: uuid.UUID, year: int) -> dict[str, Any] | None:
    """Counts by duty and period; no list of whose talk is missing."""
    ours = (Posting.sending_unit_id == id) | (Posting.branch_id == id)
    found = ledger.posts(who.reach(Posting), ours)
    holder = "sending_unit" if any(post.sending_unit_id == id for post in found) else "branch"
    name = _names(holder, found).get(id)
    if name is None:
        return None
    which, today = ledger.duties(holder), clock.today()
    by_duty: dict[str, list[Owed]] = defaultdict(list)
    for _, one in _of_year(found, which, year):
        by_duty[one.duty.code].append(one)
    told = [
        {"duty": duty.code, "title": duty.title, "cells": _by_period(by_duty[duty.code], today)}
        for duty in which
    ]
    return {"unit": {"id": id, "name": name}, "duties": told}


def _of_year(found: list[Post], which: list[Duty], year: int) -> list[tuple[Any, Owed]]:
    return ledger.owed(found, which, first=date(year, 1, 1), last=date(year, 12, 31))


def _is_own(who: Who, holder: Any) -> bool:
    actor = who.actor
    return holder in (actor.sending_unit_id, actor.branch_id, actor.area_path)


def _matters(one: Owed, today: date, since: date) -> bool:
    """What runs, and what was missed and may still be made up; a term may always be."""
    if one.period.first > today:
        return False
    if one.duty.period == "term":
        return one.done < one.times
    return one.period.last >= today or (one.done < one.times and one.period.last >= since)


def _shown(ones: list[Owed], people: dict[Any, Post], who: Who, today: date) -> dict[str, Any]:
    duty, missing = ones[0].duty, [one for one in ones if one.done < one.times]
    period = Period(ones[0].period.key, ones[0].period.first, _due(missing or ones))
    states = {one.state(today) for one in ones}
    subjects = [_subject(one, people) for one in ones]
    if duty.holder == "organizer":
        subjects = [row for row in subjects if row["done"] < row["owed"]][:MOST_SUBJECTS]
    return {
        "duty": duty.code,
        "title": duty.title,
        "holder": duty.holder,
        "can_note": duty.evidence == "note",
        "by": list(duty.by),
        "by_words": by_words(duty),
        "confidential": duty.confidential,
        "period": period.key,
        "period_words": words_of(period, today),
        "due_on": period.last,
        "owed": sum(one.times for one in ones),
        "done": sum(one.done for one in ones),
        "state": next(state for state in ("overdue", "due", "done") if state in states),
        "subjects": subjects,
    }


def _due(ones: Iterable[Owed]) -> date:
    return min(one.period.last for one in ones)


def _subject(one: Owed, people: dict[Any, Post]) -> dict[str, Any]:
    post = people.get(one.subject)
    return {
        "posting_id": post.id if post else None,
        "name": post.secretary if post else "本支部",
        "host_unit": post.host_unit if post else None,
        "due_on": one.period.last,
        "owed": one.times,
        "done": one.done,
    }


def _cells(ones: list[Owed], year: int, today: date) -> list[dict[str, Any]]:
    """Of a year, by the quarter in which each falls due."""
    grouped = defaultdict(list)
    for one in ones:
        grouped[key_of("quarter", one.period.last)].append(one)
    return [_cell(f"{year}{quarter}", grouped[f"{year}{quarter}"], today) for quarter in QUARTERS]


def _by_period(ones: list[Owed], today: date) -> list[dict[str, Any]]:
    grouped = defaultdict(list)
    for one in ones:
        grouped[one.period.key].append(one)
    return [_cell(key, grouped[key], today) for key in sorted(grouped)]


def _cell(period: str, ones: list[Owed], today: date) -> dict[str, Any]:
    late = [one.times - one.done for one in ones if one.state(today) == "overdue"]
    owed, done = sum(one.times for one in ones), sum(one.done for one in ones)
    return {"period": period, "owed": owed, "done": done, "overdue": sum(late)}


def _serving(found: list[Post], holder: str, id: uuid.UUID) -> int:
    column = "sending_unit_id" if holder == "sending_unit" else "branch_id"
    return sum(post.ended_on is None for post in found if getattr(post, column) == id)


def _names(holder: str, found: list[Post]) -> dict[uuid.UUID, str]:
    model: Any = SendingUnit if holder == "sending_unit" else TemporaryBranch
    ids = {post.sending_unit_id if holder == "sending_unit" else post.branch_id for post in found}
    rows = db.session.execute(select(model.id, model.name))
    return {row.id: row.name for row in rows if row.id in ids}
