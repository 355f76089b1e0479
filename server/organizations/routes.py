"""Units as such. Lists that count secretaries stand in the postings room, which knows them."""

from typing import Any

from server.core import areas
from server.core.access import P, Who
from server.core.http import Api
from server.core.pages import page

from .models import SendingUnit
from .schemas import AreaPage, SendingUnitPage, SendingUnitQuery

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
