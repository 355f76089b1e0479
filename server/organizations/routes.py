"""Units as such. Lists that count secretaries stand in the postings room, which knows them."""

from typing import Any

from server.core import areas
from server.core.access import P, Who
from server.core.errors import NotFound
from server.core.http import Api
from server.core.pages import page
from server.core.records import Told

from . import service
from .models import SendingUnit, UnitLeader
from .schemas import (
    AreaPage,
    SendingUnitPage,
    SendingUnitQuery,
    UnitLeaderIn,
    UnitLeaderPage,
    UnitLeaderQuery,
)

bp = Api("organizations", __name__)


@bp.get("/areas", allow=P.OWN, gives=AreaPage)
def list_areas(who: Who) -> dict[str, Any]:
    """The city first, then its counties and zones by code."""
    items = [
        {
            "path": path,
            "code": path.strip("/").split("/")[-1],
            "name": name,
            "kind": areas.kind_of(path),
        }
        for path, name in areas.names().items()
    ]
    return {"items": items, "next": None}


@bp.get("/sending-units", allow=P.SENDING_UNIT_READ, query=SendingUnitQuery, gives=SendingUnitPage)
def sending_units(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = who.all(SendingUnit)
    if q := query.pop("q", None):
        rows = rows.where(SendingUnit.name.contains(q, autoescape=True))
    if category := query.pop("category", None):
        rows = rows.where(SendingUnit.category == category)
    return page(rows, order=SendingUnit.name, id=SendingUnit.id, **query)


@bp.get("/unit-leaders", allow=P.LEADER_READ, query=UnitLeaderQuery, gives=UnitLeaderPage)
def unit_leaders(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = who.all(UnitLeader)
    if unit_id := query.pop("sending_unit_id", None):
        rows = rows.where(UnitLeader.sending_unit_id == unit_id)
    return page(rows, order=UnitLeader.name, id=UnitLeader.id, **query)


@bp.put_record("/unit-leaders/<uuid:id>", allow=P.LEADER_LOG, model=UnitLeader, takes=UnitLeaderIn)
def put_leader(who: Who, told: Told, data: dict[str, Any]) -> UnitLeader:
    """The unit's register: whoever is its officer now corrects what the one before entered."""
    unit = who.fetch(SendingUnit, data.pop("sending_unit_id"))
    if told.before is not None and told.before.sending_unit_id != unit.id:
        raise NotFound
    verb = service.log_leader if told.before is None else service.correct_leader
    return verb(who, unit, told, **data)
