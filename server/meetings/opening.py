"""What follows when a meeting's actions change its standing: the roster is frozen, and what was
held only because nobody knew yet that it was open is let in."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import delete, insert, select, update

from server.core.db import db
from server.core.ids import new_id
from server.postings.models import Posting
from server.postings.queries import active

from . import desk, rules
from .models import Attendance, Checkin, Meeting, MeetingAction, RosterEntry
from .rules import Standing, Step, project

UNTIL_OPEN = (rules.NOT_OPEN, rules.TOO_EARLY)


def steps_of(meeting: Meeting) -> list[Step]:
    query = select(MeetingAction.at, MeetingAction.id, MeetingAction.do)
    rows = db.session.execute(query.where(MeetingAction.meeting_id == meeting.id))
    return [Step(*row) for row in rows]


def move(meeting: Meeting, standing: Standing) -> None:
    before = meeting.opened_at
    meeting.state = standing.state
    meeting.opened_at, meeting.ended_at = standing.opened_at, standing.ended_at
    _wake(meeting, standing)
    if standing.opened_at is None or standing.opened_at == before:
        return
    if before is None:
        _freeze_roster(meeting)
    _let_in(meeting)


def _wake(meeting: Meeting, standing: Standing) -> None:
    """An action that waited for the opening has its effect now."""
    waiting = update(MeetingAction).where(
        MeetingAction.meeting_id == meeting.id,
        MeetingAction.held_reason == rules.WAITS,
        MeetingAction.id.not_in(standing.idle),
    )
    db.session.connection().execute(waiting.values(held_reason=None))


def _freeze_roster(meeting: Meeting) -> None:
    """Whoever serves in the branch at this moment; who comes or goes later changes nothing."""
    query = select(Posting.owner_id, Posting.sending_unit_id).where(
        active(), Posting.branch_id == meeting.branch_id
    )
    rows = [
        {
            "id": new_id(),
            "meeting_id": meeting.id,
            "owner_id": person_id,
            "branch_id": meeting.branch_id,
            "sending_unit_id": sending_unit_id,
            "area_path": meeting.area_path,
        }
        for person_id, sending_unit_id in db.session.execute(query)
    ]
    if rows:
        db.session.connection().execute(insert(RosterEntry), rows)


def _let_in(meeting: Meeting) -> None:
    waiting = select(Checkin.id, Checkin.owner_id, Checkin.at, Checkin.held_reason).where(
        Checkin.meeting_id == meeting.id,
        Checkin.held_reason.in_(UNTIL_OPEN),
        Checkin.returned.is_(None),
    )
    query = select(RosterEntry.owner_id).where(RosterEntry.meeting_id == meeting.id)
    expected = set(db.session.scalars(query))
    judged: dict[str | None, list[uuid.UUID]] = defaultdict(list)
    people = set()
    for id, person_id, at, held_reason in db.session.execute(waiting):
        reason = rules.why_held(
            at=at,
            state=meeting.state,
            opened_at=meeting.opened_at,
            ended_at=meeting.ended_at,
            expected=person_id in expected,
        )
        if reason != held_reason:
            judged[reason].append(id)
            people.add(person_id)
    for reason, ids in judged.items():
        change = update(Checkin).where(Checkin.id.in_(ids)).values(held_reason=reason)
        db.session.connection().execute(change)
    seat_again(meeting.id, people)


def seat_again(meeting_id: uuid.UUID, people: Iterable[uuid.UUID]) -> None:
    """Their rows of attendance, made anew from all their events."""
    here = (Attendance.meeting_id == meeting_id, Attendance.person_id.in_(list(people)))
    db.session.connection().execute(delete(Attendance).where(*here))
    for person_id in people:
        events = desk.events_of(meeting_id, person_id)
        desk.seat(meeting_id, person_id, None, project(events))
