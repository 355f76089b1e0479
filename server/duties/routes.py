import uuid
from typing import Any

from server.core import clock
from server.core.access import P, Who
from server.core.db import db
from server.core.errors import Invalid, NotFound, StateConflict
from server.core.http import Api
from server.core.pages import page
from server.core.records import Told, fetch_row
from server.organizations.models import UnitLeader
from server.photos import shelf
from server.postings.models import Posting

from . import boards, ledger, queries, service
from .models import FulfilledPosting, Fulfilment, FulfilmentVoid
from .schemas import (
    Board,
    BoardQuery,
    DutyPage,
    FulfilledPage,
    FulfilmentIn,
    FulfilmentOut,
    FulfilmentPage,
    FulfilmentQuery,
    FulfilmentVoidIn,
    PageQuery,
    UnitBoard,
    YearQuery,
    year_of,
)

bp = Api("duties", __name__)
shelf.register("fulfilment", Fulfilment, P.FULFILMENT_READ, hidden=queries.in_confidence)


@bp.get("/duties", allow=P.DUTY_READ, gives=DutyPage)
def duties(who: Who) -> dict[str, Any]:
    """What the reader's own unit, branch or department owes now, and what is still missing."""
    who.insist()
    return {"items": boards.own(who, clock.today()), "next": None, "as_of": clock.now()}


@bp.get("/duty-board", allow=P.DUTY_COUNT, query=BoardQuery, gives=Board)
def duty_board(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    who.insist()
    year = year_of(query, clock.today())
    found = boards.board(who, query["holder"], year, query["q"])
    return found | {"year": year, "as_of": clock.now()}


@bp.get("/duty-board/<uuid:id>", allow=P.DUTY_COUNT, query=YearQuery, gives=UnitBoard)
def unit_board(who: Who, id: uuid.UUID, query: dict[str, Any]) -> dict[str, Any]:
    year = year_of(query, clock.today())
    found = boards.of_unit(who, id, year)
    if found is None:
        raise NotFound
    return found | {"year": year, "as_of": clock.now()}


@bp.put_record(
    "/fulfilments/<uuid:id>", allow=P.FULFILMENT_NOTE, model=Fulfilment, takes=FulfilmentIn
)
def put_fulfilment(who: Who, told: Told, data: dict[str, Any]) -> Fulfilment:
    who.insist()
    duty = _own_duty(who, data.pop("duty"))
    postings = _postings(who, data.pop("posting_ids"))
    leader = _leader(who, data.pop("leader_id"), postings)
    if duty.by and leader is None:
        raise Invalid(fields={"leader_id": ["请选择是哪位同志"]})
    if told.before is None:
        return service.note_fulfilment(who, duty, postings, leader, told, **data)
    if told.before.voided_at:
        raise StateConflict("这次记录已作废，不能再更正")
    return service.correct_fulfilment(who, duty, postings, leader, told, **data)


@bp.put_record(
    "/fulfilments/<uuid:id>/void",
    allow=P.FULFILMENT_READ,
    model=FulfilmentVoid,
    takes=FulfilmentVoidIn,
)
def void_fulfilment(who: Who, told: Told, data: dict[str, Any]) -> FulfilmentVoid:
    """By whoever keeps the holder's notes now: people change offices, and a note that is wrong has
    to go. Whoever reads without keeping them, a department a unit's say, takes nothing back."""
    fulfilment = who.using(P.FULFILMENT_NOTE).fetch(Fulfilment, told.id)
    if fulfilment.holder not in boards.holders(who):
        raise NotFound
    return service.void_fulfilment(who, fulfilment, told, **data)


@bp.get("/fulfilments", allow=P.FULFILMENT_READ, query=FulfilmentQuery, gives=FulfilmentPage)
def fulfilments(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = who.all(Fulfilment)
    if code := query.pop("duty", None):
        rows = rows.where(Fulfilment.duty == code)
    if unit_id := query.pop("sending_unit_id", None):
        rows = rows.where(Fulfilment.sending_unit_id == unit_id)
    found = page(rows, order=Fulfilment.made_at, id=Fulfilment.id, **query)
    return found | {"items": queries.shown(who, found["items"])}


@bp.get("/fulfilments/<uuid:id>", allow=P.FULFILMENT_READ, gives=FulfilmentOut)
def fulfilment(who: Who, id: uuid.UUID) -> dict[str, Any]:
    return queries.shown(who, [fetch_row(who.all(Fulfilment).where(Fulfilment.id == id))])[0]


@bp.get("/fulfilled", allow=P.FULFILLED_READ, query=PageQuery, gives=FulfilledPage)
def fulfilled(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    """For the secretary: that it was held, and when. What is missing is the unit's affair."""
    link = FulfilledPosting
    rows = who.all(link).join(link.fulfilment).where(Fulfilment.voided_at.is_(None))
    columns: tuple[Any, ...] = (Fulfilment.id, Fulfilment.made_at, link.duty, link.held_on)
    found = page(
        rows.with_only_columns(*columns), order=Fulfilment.made_at, id=Fulfilment.id, **query
    )
    titles = {duty.code: duty.title for duty in ledger.duties()}
    items = [
        {"id": row.id, "title": titles.get(row.duty, row.duty), "held_on": row.held_on}
        for row in found["items"]
    ]
    return found | {"items": items}


def _own_duty(who: Who, code: str) -> Any:
    """One that people like the reader note themselves."""
    for duty in ledger.duties():
        if duty.code == code and duty.holder in boards.holders(who) and duty.evidence == "note":
            return duty
    raise Invalid(fields={"duty": ["没有这一项责任，或不由您记录"]})


def _postings(who: Who, ids: list[uuid.UUID]) -> list[Posting]:
    rows = who.all(Posting).where(Posting.id.in_(ids)).order_by(Posting.id)
    found = list(db.session.scalars(rows))
    if len(found) < len(set(ids)):
        raise NotFound("有的书记不在您的范围内，请刷新后重选")
    return found


def _leader(who: Who, id: uuid.UUID | None, postings: list[Posting]) -> UnitLeader | None:
    if id is None:
        return None
    leader = who.using(P.LEADER_READ).find(UnitLeader, id)
    if leader is None or leader.sending_unit_id not in {x.sending_unit_id for x in postings}:
        raise NotFound("没有找到这位负责同志")
    return leader
