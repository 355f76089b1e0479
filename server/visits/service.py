from typing import Any

from server.core import records
from server.core.access import Who
from server.core.audit import audited
from server.core.clock import SHANGHAI
from server.core.records import Told
from server.core.settings import rules as numbers
from server.organizations.models import HostUnit
from server.photos import shelf
from server.postings.models import Posting
from server.postings.rules import judge_term

from .models import Visit, VisitVoid
from .rules import Point, Verdict, judge_place


@audited("visit.log")
def log_visit(who: Who, posting: Posting, told: Told, **said: Any) -> Visit:
    """Keep what the secretary noted, under the id the phone gave it."""
    return _keep(posting, told, **said)


@audited("visit.correct")
def correct_visit(who: Who, posting: Posting, told: Told, **said: Any) -> Visit:
    """The new words stand, the old version is kept beside them."""
    return _keep(posting, told, **said)


@audited("visit.void")
def void_visit(who: Who, visit: Visit, told: Told, *, reason: str) -> VisitVoid:
    """Taken back, not deleted: it stays in its owner's list, struck through, with the reason."""
    visit.voided_at, visit.void_reason = told.made_at, reason
    return records.keep(VisitVoid, told, scope=visit, reason=reason)


def _keep(posting: Posting, told: Told, *, place: Any, photos: list[Any], **said: Any) -> Visit:
    verdict = _judge(place, posting.host_unit)
    term = judge_term(made_on=told.made_at.astimezone(SHANGHAI).date(), ended_on=posting.ended_on)
    visit = records.keep(
        Visit,
        told,
        scope=posting,
        labels=term.labels + ([verdict.place] if verdict.place else []),
        held_reason=term.held_reason,
        place=verdict.place,
        cell=verdict.cell,
        **said,
    )
    shelf.await_photos("visit", visit, photos, at=told.received_at)
    return visit


def _judge(place: dict[str, Any] | None, host: HostUnit) -> Verdict:
    spot: Point | None = (place["latitude"], place["longitude"]) if place else None
    known = host.latitude is not None and host.longitude is not None
    return judge_place(
        spot=spot,
        accuracy=place["accuracy"] if place else 0,
        host=(host.latitude, host.longitude) if known else None,  # type: ignore[arg-type]
        rules=numbers()["place"],
    )
