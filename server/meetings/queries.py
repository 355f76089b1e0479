"""What lists and screens show of meetings: a fixed number of queries, however long the list."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from server.accounts.models import User
from server.core.access import P, Who
from server.core.db import db
from server.postings.models import Posting
from server.postings.queries import active, active_by

from .models import Attendance, Checkin, Meeting, RosterEntry

Counts = dict[uuid.UUID, int]
ABSENT: dict[str, Any] = {"state": "absent", "way": None, "at": None, "labels": []}


def shown(who: Who, meetings: list[Meeting]) -> list[dict[str, Any]]:
    """Meetings with their numbers and what the reader is to each. Before a meeting has opened,
    those expected are those who serve in the branch now."""
    ids = [meeting.id for meeting in meetings]
    members = active_by(Posting.branch_id, {meeting.branch.id for meeting in meetings})
    rosters, present = _count(RosterEntry.meeting_id, ids), _count(Attendance.meeting_id, ids)
    mine = _mine(who, ids)
    hosting = set(db.session.scalars(_reached(who.using(P.MEETING_HOST), ids)))
    return [
        vars(meeting)
        | {
            "branch": meeting.branch,
            "expected": (rosters if meeting.opened_at else members).get(_key(meeting), 0),
            "present": present.get(meeting.id, 0),
            "mine": mine.get(meeting.id),
            "hosting": meeting.id in hosting,
        }
        for meeting in meetings
    ]


def attendance(who: Who, meeting: Meeting) -> dict[str, Any]:
    """The roster by name, never by who came first; and what waits for the host's decision."""
    people = [_expected(row) for row in db.session.execute(_roster(who, meeting))]
    return {
        "expected": len(people),
        "present": sum(row["state"] != "absent" for row in people),
        "people": people,
        "held": _held(who, meeting),
    }


def with_names(who: Who) -> Any:
    return who.all(Checkin).options(joinedload(Checkin.person), joinedload(Checkin.author))


def _key(meeting: Meeting) -> Any:
    return meeting.id if meeting.opened_at else meeting.branch_id


def _count(column: Any, ids: list[uuid.UUID]) -> Counts:
    count = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(count)}


def _reached(who: Who, ids: list[uuid.UUID]) -> Any:
    return who.all(Meeting).with_only_columns(Meeting.id).where(Meeting.id.in_(ids))


def _mine(who: Who, ids: list[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """The reader's own seat; where there is none, the last of their check-ins that waits."""
    held = (
        select(Checkin.meeting_id, Checkin.way, Checkin.at)
        .where(
            Checkin.owner_id == who.actor.id,
            Checkin.meeting_id.in_(ids),
            Checkin.held_reason.is_not(None),
        )
        .order_by(Checkin.at)
    )
    seats = select(Attendance.meeting_id, Attendance.way, Attendance.at, Attendance.state).where(
        Attendance.person_id == who.actor.id, Attendance.meeting_id.in_(ids)
    )
    found = {row.meeting_id: row._asdict() | {"state": "held"} for row in db.session.execute(held)}
    return found | {row.meeting_id: row._asdict() for row in db.session.execute(seats)}


def _roster(who: Who, meeting: Meeting) -> Any:
    seat = (Attendance.state, Attendance.way, Attendance.at, Attendance.labels)
    if meeting.opened_at is None:
        entry: Any = Posting
        rows = who.using(P.POSTING_READ).all(Posting)
        rows = rows.where(active(), Posting.branch_id == meeting.branch_id)
    else:
        entry = RosterEntry
        rows = who.all(RosterEntry).where(RosterEntry.meeting_id == meeting.id)
    here = and_(Attendance.person_id == User.id, Attendance.meeting_id == meeting.id)
    return (
        rows.with_only_columns(User.id, User.name, *seat)
        .select_from(entry)
        .join(User, User.id == entry.owner_id)
        .outerjoin(Attendance, here)
        .order_by(User.name, User.id)
    )


def _expected(row: Any) -> dict[str, Any]:
    seat = ABSENT if row.state is None else row._asdict()
    return {"person": row, **{name: seat[name] for name in ABSENT}}


def _held(who: Who, meeting: Meeting) -> list[dict[str, Any]]:
    """Without those whom another event already made present."""
    seated = select(Attendance.person_id).where(Attendance.meeting_id == meeting.id)
    rows = with_names(who).where(
        Checkin.meeting_id == meeting.id,
        Checkin.held_reason.is_not(None),
        Checkin.returned.is_(None),
        Checkin.owner_id.not_in(seated),
    )
    return [
        {
            "checkin_id": row.id,
            "person": row.person,
            "held_reason": row.held_reason,
            "at": row.at,
        }
        for row in db.session.scalars(rows.order_by(Checkin.at, Checkin.id))
    ]


def people_of(branch_ids: Iterable[Any]) -> dict[Any, list[uuid.UUID]]:
    """By branch, those who serve in it now: who is to be reminded before the roster is frozen."""
    query = select(Posting.branch_id, Posting.owner_id).where(
        active(), Posting.branch_id.in_(list(branch_ids))
    )
    found = defaultdict(list)
    for branch_id, person_id in db.session.execute(query):
        found[branch_id].append(person_id)
    return found
