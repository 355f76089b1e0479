"""The sign-in desk: finds whose place at which meeting a check-in is for, judges what it shows, and
writes seats. The busiest path of a meeting night, so it asks for columns, not for objects."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, or_, select, update

from server.accounts.models import User
from server.core import crypto
from server.core.access import P, Who
from server.core.db import db
from server.core.errors import BadCode, CodeExpired, Invalid, NotFound
from server.core.records import Told
from server.core.settings import rules as numbers

from . import keys
from .models import Attendance, Checkin, Claim, Display, Meeting, RosterEntry
from .rules import (
    Code,
    Event,
    Proof,
    Seat,
    happened_at,
    is_fresh,
    judge_scan,
    read_code,
    was_set_back,
)

OTHER_MEETING = "这是另一场会议的签到码，请核对后再扫"
LOST_CLAIM = "这次扫码已失效，请再扫一次"
NOBODY = "没有这位同志，请刷新名单"


# Put together once: on this path that costs more than running them.
_ENTRY = and_(RosterEntry.meeting_id == Meeting.id, RosterEntry.owner_id == bindparam("person_id"))
_FACTS = select(
    Meeting.id.label("meeting_id"),
    Meeting.branch_id,
    Meeting.area_path,
    Meeting.state,
    Meeting.opened_at,
    Meeting.ended_at,
    RosterEntry.id.label("entry_id"),
    RosterEntry.sending_unit_id,
).outerjoin_from(Meeting, RosterEntry, _ENTRY)
NAMED = _FACTS.where(Meeting.id == bindparam("meeting_id"))
SHOWN = _FACTS.join(Display, Display.meeting_id == Meeting.id).where(
    Meeting.code == bindparam("code"),
    Display.display == bindparam("display"),
    or_(Display.revoked_at.is_(None), Display.revoked_at > bindparam("then")),
)
EVENTS = select(
    Checkin.id, Checkin.way, Checkin.at, Checkin.firm, Checkin.held_reason, Checkin.labels
).where(Checkin.meeting_id == bindparam("meeting_id"), Checkin.owner_id == bindparam("person_id"))
_SEATS = Attendance.__table__
_HERE = and_(_SEATS.c.meeting_id == bindparam("m"), _SEATS.c.person_id == bindparam("p"))
SIT_DOWN = _SEATS.insert()  # type: ignore[attr-defined]
SIT_ELSEWHERE = _SEATS.update().where(_HERE)  # type: ignore[attr-defined]
STAND_UP = _SEATS.delete().where(_HERE)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Place:
    """One person's place at one meeting, and the scope of what is recorded there. Without an entry
    the person was not expected."""

    owner_id: uuid.UUID
    meeting_id: uuid.UUID
    branch_id: uuid.UUID
    area_path: str
    state: str
    opened_at: datetime | None
    ended_at: datetime | None
    entry_id: uuid.UUID | None
    sending_unit_id: uuid.UUID | None
    host_unit_id: None = None


class Arrival(NamedTuple):
    """`display`: the screen whose code was scanned, if one was; `claim_id`: the claim, if one."""

    place: Place
    proof: Proof
    display: str | None = None
    claim_id: uuid.UUID | None = None


def receive(who: Who, told: Told, data: dict[str, Any]) -> Arrival:
    then = happened_at(told_at=told.told_at, sent_at=told.sent_at, received_at=told.received_at)
    if data["way"] != "scan":
        return Arrival(_hosted(who, data["meeting_id"], data["person_id"]), Proof(then, True, None))
    if not who.may():
        raise NotFound  # whoever attends no meetings finds none
    if data["person_id"] not in (None, who.actor.id):
        raise Invalid(fields={"person_id": ["扫码只能为本人签到"]})
    claim = _claim(data["claim"])
    if claim is not None:
        arrival = _claimed(who, claim, then, told)
    elif data["code"] is not None:  # the claim went with a disk; the code can still be judged
        arrival = _scanned(who, data["code"], then, told)
    else:
        raise BadCode(LOST_CLAIM)
    if data["meeting_id"] not in (None, arrival.place.meeting_id):
        raise BadCode(OTHER_MEETING)
    return arrival


def genuine(text: str) -> Code:
    """A code of ours, from whatever time; a forged one is refused without asking the database."""
    code = read_code(text)
    if code is None or not keys.is_genuine(code):
        raise BadCode
    return code


def shown_by(code: Code) -> Any:
    """The screen that showed it: a row of Display's and Meeting's columns, or BadCode."""
    query = (
        select(Display.revoked_at, Meeting.id, Meeting.title, Meeting.area_path)
        .join(Meeting, Meeting.id == Display.meeting_id)
        .where(Display.meeting_code == code.meeting, Display.display == code.display)
    )
    row = db.session.execute(query).first()
    if row is None or row.revoked_at is not None:
        raise BadCode
    return row


def again(place: Place) -> Place:
    """As it is now: between our first look and our turn on the chain it may have opened."""
    return _place(NAMED, place.owner_id, meeting_id=place.meeting_id)


def events_of(meeting_id: uuid.UUID, person_id: uuid.UUID) -> list[Event]:
    told = {"meeting_id": meeting_id, "person_id": person_id}
    rows = db.session.connection().execute(EVENTS, told)
    return [
        Event(id, way, at, firm, held_reason is not None, tuple(labels))
        for id, way, at, firm, held_reason, labels in rows
    ]


def redeem(claim_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """For its first bearer, who may show it again; for nobody else."""
    mine = or_(Claim.person_id.is_(None), Claim.person_id == person_id)
    change = update(Claim).where(Claim.id == claim_id, mine).values(person_id=person_id)
    if db.session.connection().execute(change).rowcount != 1:
        raise BadCode(LOST_CLAIM)


def seat(
    meeting_id: uuid.UUID, person_id: uuid.UUID, before: Seat | None, after: Seat | None
) -> None:
    """Make the row of attendance what the events now come to."""
    if after == before:
        return
    connection, here = db.session.connection(), {"m": meeting_id, "p": person_id}
    if after is None:
        connection.execute(STAND_UP, here)
        return
    values = after._asdict() | {"labels": list(after.labels)}
    if before is None:
        connection.execute(SIT_DOWN, values | {"meeting_id": meeting_id, "person_id": person_id})
    else:
        connection.execute(SIT_ELSEWHERE, values | here)


def _scanned(who: Who, text: str, then: datetime, told: Told) -> Arrival:
    code = genuine(text)
    shown = {"code": code.meeting, "display": code.display, "then": then}
    place = _place(SHOWN, who.actor.id, missing=BadCode, **shown)
    rules, now = numbers()["meeting"], told.received_at
    fresh_now = is_fresh(code.slot, at=now, rules=rules)
    fresh_then = is_fresh(code.slot, at=then, rules=rules)
    return Arrival(place, _proof(told, then, fresh_now, fresh_then), code.display)


def _proof(told: Told, then: datetime, fresh_now: bool, fresh_then: bool) -> Proof:
    proof = judge_scan(
        fresh_now=fresh_now,
        fresh_then=fresh_then,
        then=then,
        now=told.received_at,
        patience=numbers()["time"]["offline_seconds"],
        set_back=was_set_back(told_at=told.told_at, sent_at=told.sent_at),
    )
    if proof is None:
        raise CodeExpired
    return proof


def _claim(token: str | None) -> Any:
    if token is None:
        return None
    return db.session.scalar(select(Claim).where(Claim.token_hash == crypto.sha256(token)))


def _claimed(who: Who, claim: Any, then: datetime, told: Told) -> Arrival:
    """Freshness was judged when the code was first opened; that is also when the person arrived."""
    end = claim.expires_at
    proof = _proof(told, then, told.received_at <= end, then <= end)
    place = _place(NAMED, who.actor.id, meeting_id=claim.meeting_id)
    return Arrival(place, proof._replace(at=claim.scanned_at), claim.display, claim.id)


def _hosted(who: Who, meeting_id: uuid.UUID, person_id: uuid.UUID) -> Place:
    """A meeting that this lead hosts; anyone known may be named, and is held when not expected."""
    hosted = NAMED.where(who.using(P.MEETING_HOST).reach(Meeting))
    place = _place(hosted, person_id, meeting_id=meeting_id)
    if place.entry_id is None and not db.session.scalar(
        select(User.id).where(User.id == person_id)
    ):
        raise Invalid(fields={"person_id": [NOBODY]})
    return place


def _place(facts: Any, person_id: uuid.UUID, *, missing: Any = NotFound, **told: Any) -> Place:
    row = db.session.connection().execute(facts, told | {"person_id": person_id}).first()
    if row is None:
        raise missing
    return Place(person_id, *row)
