from typing import Any

from flask import current_app

from server.channels.registry import CHANNELS
from server.core import clock
from server.core.access import P, Who
from server.core.db import db
from server.core.http import Api
from server.core.pages import page
from server.reminders.models import Delivery

from . import queries
from .rules import findings
from .schemas import DeliveryPage, DeliveryQuery, SystemOut

bp = Api("system", __name__)


@bp.get("/system", allow=P.SYSTEM_READ, gives=SystemOut)
def system(who: Who) -> dict[str, Any]:
    """For whoever runs the machine: no case, and nobody's reading or working."""
    who.insist()
    now = clock.now()
    return {
        "as_of": now,
        "version": current_app.config["VERSION"],
        "database": db.engine.dialect.name,
        "findings": [one._asdict() for one in findings(queries.facts(), now=now)],
        "bells": queries.bells(),
        "jobs": queries.jobs(),
    }


@bp.get("/deliveries", allow=P.SYSTEM_READ, query=DeliveryQuery, gives=DeliveryPage)
def deliveries(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    who.insist()
    rows = queries.deliveries(who, failed=query.pop("failed"))
    found = page(rows, order=Delivery.begun_at, id=Delivery.id, **query)
    items = [
        row._asdict()
        | {
            "words": CHANNELS[row.channel].words,
            "person": {"id": row.person_id, "name": row.name},
        }
        for row in found["items"]
    ]
    return found | {"items": items}
