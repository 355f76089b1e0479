"""What proves that a duty was done: notes of its holder, meetings that were held, postings that
ended. A room below registers its own with `register`; nothing is typed a second time."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from server.core.clock import SHANGHAI
from server.core.db import db
from server.meetings.models import Meeting
from server.postings.models import Posting

from .models import FulfilledPosting, Fulfilment
from .rules import Duty

Days = dict[Any, list[date]]
# (duties with this evidence, ids of postings, ids of branches, since) → per duty, by subject, days
Find = Callable[[list[Duty], list[uuid.UUID], list[uuid.UUID], date], dict[str, Days]]
EVIDENCE: dict[str, Find] = {}
MANY = 500  # ids in one question; above it every row is asked for and the rest thrown away


def register(name: str, find: Find) -> None:
    if name in EVIDENCE:
        raise ValueError(f"two evidences called {name}")
    EVIDENCE[name] = find


def held(
    duties: list[Duty], postings: list[uuid.UUID], branches: list[uuid.UUID], since: date
) -> dict[str, Days]:
    """By duty and subject the sorted days on which it was done; a question for each evidence."""
    found: dict[str, Days] = {}
    for name, find in EVIDENCE.items():
        of_this = [duty for duty in duties if duty.evidence.partition(":")[0] == name]
        if of_this:
            found |= find(of_this, postings, branches, since)
    return found


def _notes(
    duties: list[Duty], postings: list[uuid.UUID], branches: list[uuid.UUID], since: date
) -> dict[str, Days]:
    columns = (FulfilledPosting.duty, FulfilledPosting.posting_id, FulfilledPosting.held_on)
    query = (
        select(*columns)
        .join(Fulfilment, Fulfilment.id == FulfilledPosting.fulfilment_id)
        .join(Posting, Posting.id == FulfilledPosting.posting_id)
        .where(
            FulfilledPosting.counts,
            FulfilledPosting.held_on >= since,
            FulfilledPosting.held_on >= Posting.start_on,
            or_(Posting.ended_on.is_(None), FulfilledPosting.held_on <= Posting.ended_on),
            FulfilledPosting.duty.in_([duty.code for duty in duties]),
            Fulfilment.voided_at.is_(None),
            _among(FulfilledPosting.posting_id, postings),
        )
        .order_by(FulfilledPosting.held_on)
    )
    return _sorted(duties, db.session.execute(query))


def _meetings(
    duties: list[Duty], postings: list[uuid.UUID], branches: list[uuid.UUID], since: date
) -> dict[str, Days]:
    codes = {duty.evidence.partition(":")[2]: duty.code for duty in duties}
    query = (
        select(Meeting.kind, Meeting.branch_id, Meeting.starts_at)
        .where(
            Meeting.kind.in_(list(codes)),
            Meeting.state.in_(("open", "closed")),
            Meeting.held_reason.is_(None),
            _among(Meeting.branch_id, branches),
        )
        .order_by(Meeting.starts_at)
    )
    rows = [
        (codes[row.kind], row.branch_id, row.starts_at.astimezone(SHANGHAI).date())
        for row in db.session.execute(query)
    ]
    return _sorted(duties, (row for row in rows if row[2] >= since))


def _endings(
    duties: list[Duty], postings: list[uuid.UUID], branches: list[uuid.UUID], since: date
) -> dict[str, Days]:
    """Ended at the planned day or before, or, late, after it: either way it was attended to."""
    day = func.coalesce(Posting.end_on, Posting.ended_on)
    query = select(Posting.id, Posting.ended_on, day.label("planned")).where(
        Posting.ended_on.is_not(None), _among(Posting.id, postings)
    )
    rows = list(db.session.execute(query))
    return {
        duty.code: {row.id: [min(row.ended_on, row.planned)] for row in rows} for duty in duties
    }


def _among(column: Any, ids: list[uuid.UUID]) -> Any:
    return column.in_(ids) if len(ids) <= MANY else column.is_not(None)


def _sorted(duties: list[Duty], rows: Iterable[Any]) -> dict[str, Days]:
    found: dict[str, Days] = {duty.code: defaultdict(list) for duty in duties}
    for code, subject, day in rows:
        found[code][subject].append(day)
    return found


register("note", _notes)
register("meeting", _meetings)
register("posting_end", _endings)
