import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from server.core import audit, clock, crypto, records
from server.core.access import Who
from server.core.audit import audited
from server.core.db import db
from server.core.errors import StateConflict
from server.core.ids import new_id, new_token
from server.core.records import Told
from server.core.settings import rules as numbers
from server.postings.models import Posting

from . import desk, keys, opening, rules
from .desk import Arrival
from .models import Checkin, Claim, Display, Meeting, MeetingAction
from .rules import Event, Step, project, stand


@audited("meeting.call")
def call_meeting(who: Who, posting: Posting, told: Told, **said: Any) -> Meeting:
    """The lead calls the branch together. The area is the branch's, which may be wider than the
    lead's own post."""
    return records.keep(
        Meeting,
        told,
        scope=posting,
        host_unit_id=None,
        sending_unit_id=None,
        area_path=posting.branch.area_path,
        code=_free_code(told.id),
        state="planned",
        **said,
    )


@audited("meeting.correct")
def correct_meeting(who: Who, meeting: Meeting, told: Told, **said: Any) -> Meeting:
    """Time, place and title may change while it is not over; who was there may not."""
    if meeting.ended_at is not None:
        raise StateConflict(f"会议{rules.STATE_WORDS[meeting.state]}，不能再更正")
    return records.keep(Meeting, told, scope=meeting, **said)


@audited("meeting.act")
def act(who: Who, meeting: Meeting, told: Told, *, do: str) -> MeetingAction:
    """Open, close or cancel, judged by when the lead did it. Opening freezes who is expected, and
    lets in what was held only because the word of the opening had not arrived."""
    audit.hold(meeting)
    db.session.refresh(meeting)
    at = rules.happened_at(told_at=told.told_at, sent_at=told.sent_at, received_at=told.received_at)
    fault = rules.why_impossible(do=do, at=at, state=meeting.state, ended_at=meeting.ended_at)
    if fault:
        raise StateConflict(fault)
    standing = stand([*opening.steps_of(meeting), Step(at, told.id, do)])
    waits = standing.state == "planned" and told.id in standing.idle
    action = records.keep(
        MeetingAction,
        told,
        scope=meeting,
        owner_id=who.actor.id,
        held_reason=rules.WAITS if waits else None,
        meeting_id=meeting.id,
        do=do,
        at=at,
    )
    opening.move(meeting, standing)
    action.audit_detail = {"meeting": str(meeting.id), "do": do, "state": standing.state}
    return action


@audited("display.give")
def give_display(who: Who, meeting: Meeting, told: Told) -> Display:
    """The key of one screen: with it the code goes on changing without network."""
    if not rules.may_show(
        state=meeting.state,
        starts_at=meeting.starts_at,
        now=told.received_at,
        rules=numbers()["meeting"],
    ):
        raise StateConflict("会议开始前 30 分钟至结束期间才能显示签到码")
    return records.keep(
        Display,
        told,
        scope=meeting,
        owner_id=who.actor.id,
        meeting_id=meeting.id,
        meeting_code=meeting.code,
        display=_free_display(meeting, told.id),
    )


@audited("display.revoke")
def revoke_display(who: Who, display: Display) -> Display:
    display.revoked_at = display.revoked_at or clock.now()
    return display


@audited("claim.give")
def give_claim(who: Who, screen: Any, *, display: str, at: datetime) -> Claim:
    """Five minutes to sign in, for whoever scanned outside the app."""
    minutes = numbers()["meeting"]["claim_minutes"]
    token = new_token()
    claim = Claim(
        id=new_id(),
        token_hash=crypto.sha256(token),
        meeting_id=screen.id,
        area_path=screen.area_path,
        display=display,
        scanned_at=at,
        expires_at=at + timedelta(minutes=minutes),
    )
    claim.token = token  # type: ignore[attr-defined] # exists nowhere else
    db.session.add(claim)
    return claim


@audited("checkin.record")
def check_in(who: Who, arrival: Arrival, told: Told, *, way: str, note: str) -> Checkin:
    """Keep one event, whatever it is worth, and make the person's seat what all of theirs come to.
    All that decides is read after our turn on the county's chain has come."""
    place, proof, display, claim_id = arrival
    audit.hold(place)
    if claim_id is not None:
        desk.redeem(claim_id, who.actor.id)
    if place.opened_at is None:
        place = desk.again(place)
    held_reason = proof.held_reason or rules.why_held(
        at=proof.at,
        state=place.state,
        opened_at=place.opened_at,
        ended_at=place.ended_at,
        expected=place.entry_id is not None,
    )
    labels = sorted({*told.labels, *([] if proof.firm else ["offline"])})
    event = Event(told.id, way, proof.at, proof.firm, held_reason is not None, tuple(labels))
    earlier = desk.events_of(place.meeting_id, place.owner_id)
    before, after = project(earlier), project([*earlier, event])
    checkin = records.keep(
        Checkin,
        told,
        scope=place,
        labels=labels,
        held_reason=held_reason,
        author_id=who.actor.id,
        meeting_id=place.meeting_id,
        way=way,
        at=proof.at,
        firm=proof.firm,
        note=note,
        display=display,
        already=before is not None and way != "undo",
        present_at=after and after.at,
    )
    desk.seat(place.meeting_id, place.owner_id, before, after)
    return checkin


def _free_code(id: uuid.UUID) -> str:
    taken = select(Meeting.id)
    codes = keys.letters(id, 8)
    return next(code for code in codes if not db.session.scalar(taken.where(Meeting.code == code)))


def _free_display(meeting: Meeting, id: uuid.UUID) -> str:
    """Another one at the same moment would clash on the unique column: the edge looks again."""
    shown = set(db.session.scalars(select(Display.display).where(Display.meeting_id == meeting.id)))
    return next(two for two in keys.letters(id, 2) if two not in shown)
