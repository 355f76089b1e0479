import uuid
from typing import Any

from flask import current_app

from server.accounts.sessions import address
from server.core import crypto
from server.core.access import P, Who
from server.core.errors import IdTaken
from server.core.http import PUBLIC, Api
from server.core.pages import page
from server.core.schemas import PageQuery
from server.core.settings import read_toml

from . import service
from .models import Feedback
from .queries import sent_before
from .schemas import AboutOut, FeedbackIn, FeedbackPage, FeedbackReceipt

bp = Api("about", __name__)


@bp.get("/about", allow=PUBLIC, gives=AboutOut)
def about(who: Who) -> dict[str, Any]:
    """Who runs this app, under which filing, and what it does with what it is told."""
    told = current_app.config["HONGLING"]
    return {
        "host_unit": told["host_unit"],
        "filing_number": told["filing_number"] or None,
        "trial": not told["filing_number"],
        "version": current_app.config["VERSION"],
        "contact": told["contact"],
        "privacy": [
            {"title": part["title"], "text": part["text"].format_map(told)}
            for part in read_toml("privacy.toml")["section"]
        ],
    }


@bp.write(
    "PUT",
    "/feedback/<uuid:id>",
    allow=PUBLIC,
    takes=FeedbackIn,
    gives=FeedbackReceipt,
    status=(200, 201),
)
def send_feedback(who: Who, id: uuid.UUID, data: dict[str, Any]) -> Any:
    known = sent_before(id)
    if known is None:
        row = service.send_feedback(
            who, id=id, text=data["text"], contact=data["contact"], address=address()
        )
        return row, 201
    if known.text != data["text"]:
        raise IdTaken
    return known, 200


@bp.get("/feedback", allow=P.FEEDBACK_READ, query=PageQuery, gives=FeedbackPage)
def feedback(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    found = page(who.all(Feedback), order=Feedback.received_at, id=Feedback.id, **query)
    return found | {"items": [vars(row) | {"contact": _contact(row)} for row in found["items"]]}


def _contact(row: Feedback) -> str:
    sealed = row.contact_sealed
    return crypto.unseal(sealed, about=f"feedback {row.id}") if sealed else ""
