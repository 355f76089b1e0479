import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from server.accounts import sessions
from server.core import clock, limits
from server.core.access import P, Who
from server.core.db import looking, reading
from server.core.errors import BadCode, CodeExpired, StateConflict
from server.core.http import PUBLIC, Api
from server.core.pages import page
from server.core.records import Told, fetch_row
from server.core.settings import rules as numbers
from server.decisions import holds
from server.postings.models import Posting
from server.postings.queries import active

from . import desk, guests, queries, service
from .models import Checkin, Display, Meeting, MeetingAction
from .rules import is_fresh
from .schemas import (
    AttendanceOut,
    CheckinIn,
    CheckinOut,
    CheckinPage,
    CheckinQuery,
    CheckinReceipt,
    ClaimIn,
    ClaimOut,
    DisplayIn,
    DisplayReceipt,
    MeetingActionIn,
    MeetingIn,
    MeetingOut,
    MeetingPage,
    MeetingQuery,
)

bp = Api("meetings", __name__)
holds.register(guests.HELD)
MINUTE = timedelta(minutes=1)
DONE_ONCE = "这条记录不能更正，请另记一条"


class GuessedCode(BadCode):
    """A forged code at the public door: the count of them outlives the refusal."""

    keeps = True


@bp.put_record("/meetings/<uuid:id>", allow=P.MEETING_HOST, model=Meeting, takes=MeetingIn)
def put_meeting(who: Who, told: Told, data: dict[str, Any]) -> Meeting:
    if told.before is not None:
        return service.correct_meeting(who, who.fetch(Meeting, told.id), told, **data)
    mine = who.all(Posting).where(active(), Posting.owner_id == who.actor.id)
    posting = fetch_row(mine.options(joinedload(Posting.branch)))
    return service.call_meeting(who, posting, told, **data)


@bp.put_record(
    "/meeting-actions/<uuid:id>", allow=P.MEETING_HOST, model=MeetingAction, takes=MeetingActionIn
)
def put_meeting_action(who: Who, told: Told, data: dict[str, Any]) -> MeetingAction:
    """Open, close or cancel; an open that arrives late is judged by when it was made."""
    _once(told)
    return service.act(who, who.fetch(Meeting, data["meeting_id"]), told, do=data["do"])


@bp.put_record(
    "/displays/<uuid:id>",
    allow=P.MEETING_HOST,
    model=Display,
    takes=DisplayIn,
    gives=DisplayReceipt,
)
def put_display(who: Who, told: Told, data: dict[str, Any]) -> Display:
    _once(told)
    return service.give_display(who, who.fetch(Meeting, data["meeting_id"]), told)


@bp.write("DELETE", "/displays/<uuid:id>", allow=P.MEETING_HOST)
def revoke_display(who: Who, id: uuid.UUID) -> None:
    """A screen was photographed, lost or left behind: its codes are worth nothing from now on."""
    service.revoke_display(who, who.fetch(Display, id))


@bp.put_record(
    "/checkins/<uuid:id>",
    allow=P.CHECKIN_SEND,
    model=Checkin,
    takes=CheckinIn,
    gives=CheckinReceipt,
)
def put_checkin(who: Who, told: Told, data: dict[str, Any]) -> Checkin:
    """One event: a scan by the member, or a tick, a scan or an undo by the host."""
    _once(told)
    with looking():  # what the code shows is judged before the write begins
        arrival = desk.receive(who, told, data)
    return service.check_in(who, arrival, told, way=data["way"], note=data["note"])


@bp.write("POST", "/claims", allow=PUBLIC, takes=ClaimIn, gives=ClaimOut, status=(201,))
def claim(who: Who, data: dict[str, str]) -> dict[str, Any]:
    """Judges a code that was scanned outside the app, before anybody signs in. A room of good scans
    behind one address is never limited: only forged codes are counted."""
    now, rules = clock.now(), numbers()["meeting"]
    try:
        code = desk.genuine(data["code"])
        with reading():
            screen = desk.shown_by(code)
    except BadCode:
        limits.at_most(rules["forged_codes_a_minute"], "code", sessions.address(), within=MINUTE)
        raise GuessedCode from None
    if not is_fresh(code.slot, at=now, rules=rules):
        raise CodeExpired
    given = service.give_claim(who, screen, display=code.display, at=now)
    told = {"claim": given.token, "expires_at": given.expires_at}
    return told | {"meeting": screen, "server_time": now}


@bp.get("/meetings", allow=P.MEETING_READ, query=MeetingQuery, gives=MeetingPage)
def meetings(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = _with_branch(who)
    if since := query.pop("since", None):
        rows = rows.where(Meeting.starts_at >= since)
    if until := query.pop("until", None):
        rows = rows.where(Meeting.starts_at < until)
    found = page(rows, order=Meeting.starts_at, id=Meeting.id, **query)
    return found | {"items": queries.shown(who, found["items"])}


@bp.get("/meetings/<uuid:id>", allow=P.MEETING_READ, gives=MeetingOut)
def meeting(who: Who, id: uuid.UUID) -> dict[str, Any]:
    return queries.shown(who, [fetch_row(_with_branch(who).where(Meeting.id == id))])[0]


@bp.get("/meetings/<uuid:id>/attendance", allow=P.ROSTER_READ, gives=AttendanceOut)
def attendance(who: Who, id: uuid.UUID) -> dict[str, Any]:
    """Who is expected and who is here; a screen asks every few seconds and mostly gets 304."""
    return queries.attendance(who, who.fetch(Meeting, id))


@bp.get("/checkins", allow=P.CHECKIN_READ, query=CheckinQuery, gives=CheckinPage)
def checkins(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = queries.with_names(who)
    if meeting_id := query.pop("meeting_id", None):
        rows = rows.where(Checkin.meeting_id == meeting_id)
    found = page(rows, order=Checkin.at, id=Checkin.id, **query)
    return found | {"items": [_shown(row) for row in found["items"]]}


@bp.get("/checkins/<uuid:id>", allow=P.CHECKIN_READ, gives=CheckinOut)
def checkin(who: Who, id: uuid.UUID) -> dict[str, Any]:
    return _shown(fetch_row(queries.with_names(who).where(Checkin.id == id)))


def _with_branch(who: Who) -> Select[Any]:
    return who.all(Meeting).options(joinedload(Meeting.branch))


def _shown(row: Checkin) -> dict[str, Any]:
    state = "held" if row.held_reason else "stored"
    return vars(row) | {"by": row.author, "state": state}


def _once(told: Told) -> None:
    """An event is what happened; another event may follow it, nothing changes it."""
    if told.before is not None:
        raise StateConflict(DONE_ONCE)
