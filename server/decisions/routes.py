from typing import Any

from server.core.access import P, Who
from server.core.errors import StateConflict
from server.core.http import Api
from server.core.pages import page
from server.core.records import Told

from . import holds, service
from .models import Decision
from .schemas import DecisionIn, HeldPage, HeldQuery

bp = Api("decisions", __name__)


@bp.get("/held", allow=P.HELD_DECIDE, query=HeldQuery, gives=HeldPage)
def held(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    """What waits for this person's decision, newest first."""
    rows = holds.waiting(who)
    columns = rows.selected_columns
    found = page(rows, order=columns.received_at, id=columns.id, **query)
    items = [
        row._asdict()
        | {
            "path": f"/api/{row.nouns}/{row.id}",
            "person": {"id": row.person_id, "name": row.person_name},
        }
        for row in found["items"]
    ]
    return found | {"items": items}


@bp.put_record("/decisions/<uuid:id>", allow=P.HELD_DECIDE, model=Decision, takes=DecisionIn)
def put_decision(who: Who, told: Told, data: dict[str, Any]) -> Decision:
    """Accept a held record, or return it with a sentence for its sender."""
    if told.before is not None:
        raise StateConflict("作出的决定不能更正")
    kind, id = holds.named(data.pop("path"))
    return service.decide(who, kind, who.fetch(kind.model, id), told, **data)
