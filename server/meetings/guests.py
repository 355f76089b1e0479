"""When the host accepts a check-in that the rules could not place: the person was there, and is on
the list from now on like everyone who was expected."""

from typing import Any

from sqlalchemy import and_, or_, select

from server.core import audit
from server.core.db import db, insert_once, scope_of
from server.core.errors import StateConflict
from server.core.ids import new_id
from server.decisions.holds import Kind
from server.postings.models import Posting
from server.postings.queries import active

from .models import Attendance, Checkin, Meeting, RosterEntry
from .opening import seat_again

NEVER_OPENED = "会议还没有开过，不能确认到会；会议开始后会自动生效，或请退回"


def _lock(checkin: Checkin) -> None:
    """The county's chain first, as every check-in does: what decides is read after our turn."""
    audit.hold(checkin)
    db.session.refresh(checkin)


def _accept(checkin: Checkin) -> None:
    meeting = db.session.get_one(Meeting, checkin.meeting_id)
    if meeting.opened_at is None:
        raise StateConflict(NEVER_OPENED)
    checkin.firm = True
    db.session.flush()
    if checkin.way != "undo":
        _expect(checkin)
    seat_again(checkin.meeting_id, [checkin.owner_id])
    seat = and_(
        Attendance.meeting_id == checkin.meeting_id, Attendance.person_id == checkin.owner_id
    )
    checkin.present_at = db.session.scalar(select(Attendance.at).where(seat))


def _expect(checkin: Checkin) -> None:
    """Nobody can be present without being on the list: the two numbers on the screen would part."""
    post = select(Posting.sending_unit_id).where(active(), Posting.owner_id == checkin.owner_id)
    told = scope_of(checkin) | {"sending_unit_id": db.session.scalar(post)}
    insert_once(RosterEntry, id=new_id(), meeting_id=checkin.meeting_id, **told)


def _still_of_use() -> tuple[Any, ...]:
    """An early one is let in by the opening itself; and who is seated already needs no other word,
    unless it is to take the seat back."""
    opened = select(Meeting.id).where(
        or_(Meeting.opened_at.is_not(None), Meeting.ended_at.is_not(None))
    )
    seated = select(Attendance.person_id).where(Attendance.meeting_id == Checkin.meeting_id)
    useful = or_(Checkin.way == "undo", Checkin.owner_id.not_in(seated))
    return Checkin.meeting_id.in_(opened), useful


HELD = Kind(
    name="checkin",
    nouns="checkins",
    words="签到",
    model=Checkin,
    person=Checkin.owner_id,
    summary=select(Meeting.title).where(Meeting.id == Checkin.meeting_id).scalar_subquery(),
    link=lambda checkin: f"/meetings/{checkin.meeting_id}",
    still=_still_of_use(),
    lock=_lock,
    accept=_accept,
)
