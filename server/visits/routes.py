import uuid
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.orm import joinedload

from server.core import clock
from server.core.access import P, Who
from server.core.db import db
from server.core.errors import StateConflict
from server.core.http import Api
from server.core.pages import page
from server.core.records import Told, fetch_row
from server.decisions import holds
from server.photos import shelf
from server.postings.models import Posting

from . import service
from .models import Visit, VisitVoid
from .schemas import Count, VisitIn, VisitOut, VisitPage, VisitQuery, VoidIn

bp = Api("visits", __name__)
shelf.register("visit", Visit, P.VISIT_READ)
holds.register(
    holds.Kind(
        name="visit",
        nouns="visits",
        words="走访",
        model=Visit,
        person=Visit.owner_id,
        summary=func.coalesce(func.nullif(Visit.said, ""), Visit.whom),
        link=lambda visit: f"/visits/{visit.id}",
        still=(Visit.voided_at.is_(None),),
    )
)


@bp.put_record("/visits/<uuid:id>", allow=P.POSTING_LOG, model=Visit, takes=VisitIn)
def put_visit(who: Who, told: Told, data: dict[str, Any]) -> Visit:
    mine = who.all(Posting).options(joinedload(Posting.host_unit))
    posting = fetch_row(mine.where(Posting.id == data["posting_id"]))
    if told.before is None:
        return service.log_visit(who, posting, told, **data)
    if told.before.voided_at:
        raise StateConflict("这次走访已作废，不能再更正")
    return service.correct_visit(who, posting, told, **data)


@bp.put_record("/visits/<uuid:id>/void", allow=P.VISIT_VOID, model=VisitVoid, takes=VoidIn)
def void_visit(who: Who, told: Told, data: dict[str, Any]) -> VisitVoid:
    return service.void_visit(who, who.fetch(Visit, told.id), told, **data)


@bp.get("/visits", allow=P.VISIT_READ, query=VisitQuery, gives=VisitPage)
def visits(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = _with_names(who)
    if since := query.pop("since", None):
        rows = rows.where(Visit.made_at >= since)
    if until := query.pop("until", None):
        rows = rows.where(Visit.made_at < until)
    if query.pop("lacks_photos"):
        rows = rows.where(shelf.lacking(Visit))
    found = page(rows, order=Visit.made_at, id=Visit.id, **query)
    return found | {"items": _shown(found["items"])}


@bp.get("/visits/<uuid:id>", allow=P.VISIT_READ, gives=VisitOut)
def visit(who: Who, id: uuid.UUID) -> dict[str, Any]:
    return _shown([fetch_row(_with_names(who).where(Visit.id == id))])[0]


@bp.get("/visits/count", allow=P.VISIT_COUNT, gives=Count)
def count_visits(who: Who) -> dict[str, Any]:
    """For the sending unit: how many its secretaries noted, never what or where."""
    rows = who.all(Visit).with_only_columns(func.count()).where(Visit.voided_at.is_(None))
    return {"count": db.session.scalar(rows), "as_of": clock.now()}


def _with_names(who: Who) -> Select[Visit]:
    posting = joinedload(Visit.posting)
    return who.all(Visit).options(
        posting.joinedload(Posting.secretary), posting.joinedload(Posting.host_unit)
    )


def _shown(rows: list[Visit]) -> list[dict[str, Any]]:
    photos = shelf.photos_of(visit.id for visit in rows)
    return [
        vars(visit)
        | {
            "secretary": visit.posting.secretary,
            "host_unit": visit.posting.host_unit,
            "state": "held" if visit.held_reason else "stored",
            "voided": visit.voided_at is not None,
            "photos": photos[visit.id],
        }
        for visit in rows
    ]
