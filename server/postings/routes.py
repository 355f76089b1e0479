import uuid
from typing import Any, TypeVar

from sqlalchemy import or_
from sqlalchemy.orm import joinedload

from server.accounts.models import User
from server.core.access import P, Role, Who
from server.core.db import db
from server.core.errors import NotFound, StateConflict
from server.core.http import Api
from server.core.pages import page
from server.core.records import Told, fetch_row
from server.organizations.models import HostUnit, SendingUnit, TemporaryBranch
from server.organizations.schemas import NameQuery

from . import service
from .models import Posting, PostingEnd
from .queries import active, active_by, served, with_names
from .schemas import (
    BranchPage,
    HostUnitPage,
    HostUnitQuery,
    PersonPage,
    PostingEndIn,
    PostingEndOut,
    PostingEndPage,
    PostingEndQuery,
    PostingIn,
    PostingOut,
    PostingPage,
    PostingQuery,
)

bp = Api("postings", __name__)
Row = TypeVar("Row")


@bp.put_record("/postings/<uuid:id>", allow=P.POSTING_MANAGE, model=Posting, takes=PostingIn)
def put_posting(who: Who, told: Told, data: dict[str, Any]) -> Posting:
    post = service.Post(
        secretary=_within(who, User, data.pop("secretary_id"), "这位同志"),
        host_unit=_within(who, HostUnit, data.pop("host_unit_id"), "任职单位"),
        sending_unit=_within(who, SendingUnit, data.pop("sending_unit_id"), "派出单位"),
        branch=_within(who, TemporaryBranch, data.pop("branch_id"), "临时党支部"),
    )
    verb = service.log_posting if told.before is None else service.correct_posting
    return verb(who, post, told, **data)


@bp.put_record(
    "/posting-ends/<uuid:id>", allow=P.POSTING_MANAGE, model=PostingEnd, takes=PostingEndIn
)
def end_posting(who: Who, told: Told, data: dict[str, Any]) -> PostingEnd:
    mine = who.all(Posting).options(joinedload(Posting.secretary))
    posting = fetch_row(mine.where(Posting.id == data.pop("posting_id")))
    successor_id = data.pop("successor_posting_id")
    successor = _within(who, Posting, successor_id, "接任的选派") if successor_id else None
    if told.before is not None:
        return service.correct_posting_end(who, posting, successor, told, **data)
    if posting.ended_on:
        raise StateConflict(f"这次选派已于 {posting.ended_on:%Y年%m月%d日} 结束")
    if successor and (successor.id == posting.id or successor.ended_on):
        raise StateConflict("接任的同志须在岗，请另选一位")
    return service.end_posting(who, posting, successor, told, **data)


@bp.get("/postings", allow=P.POSTING_READ, query=PostingQuery, gives=PostingPage)
def postings(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = with_names(who.all(Posting))
    if state := query.pop("state", None):
        rows = rows.where(active() if state == "active" else ~active())
    if secretary_id := query.pop("secretary_id", None):
        rows = rows.where(Posting.owner_id == secretary_id)
    if q := query.pop("q", None):
        names = (
            (Posting.secretary, User),
            (Posting.host_unit, HostUnit),
            (Posting.sending_unit, SendingUnit),
        )
        rows = rows.where(or_(*(of.has(it.name.contains(q, autoescape=True)) for of, it in names)))
    return page(rows, order=Posting.made_at, id=Posting.id, **query)


@bp.get("/postings/<uuid:id>", allow=P.POSTING_READ, gives=PostingOut)
def posting(who: Who, id: uuid.UUID) -> Posting:
    return fetch_row(with_names(who.all(Posting)).where(Posting.id == id))


@bp.get("/posting-ends", allow=P.POSTING_MANAGE, query=PostingEndQuery, gives=PostingEndPage)
def posting_ends(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = who.all(PostingEnd)
    if posting_id := query.pop("posting_id", None):
        rows = rows.where(PostingEnd.posting_id == posting_id)
    return page(rows, order=PostingEnd.made_at, id=PostingEnd.id, **query)


@bp.get("/posting-ends/<uuid:id>", allow=P.POSTING_MANAGE, gives=PostingEndOut)
def posting_end(who: Who, id: uuid.UUID) -> PostingEnd:
    return who.fetch(PostingEnd, id)


@bp.get("/people", allow=P.PERSON_READ, query=NameQuery, gives=PersonPage)
def people(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    """Secretaries, by name: who serves, who served, and who has an account for it."""
    rows = who.all(User).where(User.holds(Role.SECRETARY), User.disabled_at.is_(None))
    if q := query.pop("q", None):
        rows = rows.where(User.name.contains(q, autoescape=True))
    found = page(rows, order=User.name, id=User.id, **query)
    return found | {"items": _at_their_posts(who, found["items"])}


@bp.get("/branches", allow=P.BRANCH_READ, query=NameQuery, gives=BranchPage)
def branches(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = who.all(TemporaryBranch)
    if q := query.pop("q", None):
        rows = rows.where(TemporaryBranch.name.contains(q, autoescape=True))
    found = page(rows, order=TemporaryBranch.name, id=TemporaryBranch.id, **query)
    members = active_by(Posting.branch_id, (branch.id for branch in found["items"]))
    items = [vars(branch) | {"members": members.get(branch.id, 0)} for branch in found["items"]]
    return found | {"items": items}


@bp.get("/host-units", allow=P.HOST_UNIT_READ, query=HostUnitQuery, gives=HostUnitPage)
def host_units(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = who.all(HostUnit)
    if q := query.pop("q", None):
        rows = rows.where(HostUnit.name.contains(q, autoescape=True))
    if kind := query.pop("kind", None):
        rows = rows.where(HostUnit.kind == kind)
    if (covered := query.pop("covered", None)) is not None:
        rows = rows.where(served() if covered else ~served())
    found = page(rows, order=HostUnit.name, id=HostUnit.id, **query)
    serving = active_by(Posting.host_unit_id, (unit.id for unit in found["items"]))
    items = [_host_unit(unit, serving.get(unit.id, 0)) for unit in found["items"]]
    return found | {"items": items}


def _within(who: Who, model: type[Row], id: uuid.UUID, what: str) -> Row:
    """A row the organizer may build a posting from, or a 404 that says which was missing."""
    row = who.find(model, id)
    if row is None:
        raise NotFound(f"没有找到{what}，或不在您的辖区")
    return row


def _at_their_posts(who: Who, found: list[User]) -> list[dict[str, Any]]:
    """Each person with the posting held now; one query however many people."""
    held = with_names(who.using(P.POSTING_READ).all(Posting)).where(
        active(), Posting.owner_id.in_([person.id for person in found])
    )
    posts = {posting.owner_id: posting for posting in db.session.scalars(held)}
    return [vars(person) | _post(posts.get(person.id)) for person in found]


def _post(posting: Posting | None) -> dict[str, Any]:
    """The units of a posting, as PersonBrief names them."""
    if posting is None:
        return dict.fromkeys(("posting_id", "branch", "host_unit", "sending_unit"))
    return {
        "posting_id": posting.id,
        "branch": posting.branch,
        "host_unit": posting.host_unit,
        "sending_unit": posting.sending_unit,
    }


def _host_unit(unit: HostUnit, secretaries: int) -> dict[str, Any]:
    known = unit.latitude is not None and unit.longitude is not None
    point = {"latitude": unit.latitude, "longitude": unit.longitude, "datum": "wgs84"}
    return vars(unit) | {"secretaries": secretaries, "place": point if known else None}
