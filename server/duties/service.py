from types import SimpleNamespace
from typing import Any

from sqlalchemy import delete

from server.core import clock, records
from server.core.access import Who
from server.core.audit import audited
from server.core.db import db, scope_of
from server.core.errors import Invalid
from server.core.records import Told
from server.core.settings import rules as numbers
from server.organizations.models import UnitLeader
from server.photos import shelf
from server.postings.models import Posting

from . import notes as notes_box
from .models import FulfilledPosting, Fulfilment, FulfilmentVoid
from .rules import Duty, judge_note, within_term


@audited("fulfilment.note")
def note_fulfilment(
    who: Who,
    duty: Duty,
    postings: list[Posting],
    leader: UnitLeader | None,
    told: Told,
    **said: Any,
) -> Fulfilment:
    """Held once, noted once, for all the postings it was for."""
    return _keep(who, duty, postings, leader, told, **said)


@audited("fulfilment.correct")
def correct_fulfilment(
    who: Who,
    duty: Duty,
    postings: list[Posting],
    leader: UnitLeader | None,
    told: Told,
    **said: Any,
) -> Fulfilment:
    return _keep(who, duty, postings, leader, told, **said)


@audited("fulfilment.void")
def void_fulfilment(who: Who, fulfilment: Fulfilment, told: Told, *, reason: str) -> FulfilmentVoid:
    """Taken back, not deleted; from then on it counts for nothing."""
    fulfilment.voided_at, fulfilment.void_reason = told.made_at, reason
    void: FulfilmentVoid = records.keep(
        FulfilmentVoid, told, scope=fulfilment, author_id=who.actor.id, reason=reason
    )
    return void


def _keep(
    who: Who,
    duty: Duty,
    postings: list[Posting],
    leader: UnitLeader | None,
    told: Told,
    *,
    held_on: Any,
    notes: str,
    photos: list[Any],
) -> Fulfilment:
    ahead = numbers()["duties"]["note_days_ahead"]
    post = leader.post if leader else None
    fault, labels = judge_note(
        duty, held_on=held_on, today=clock.today(), leader_post=post, ahead=ahead
    )
    if fault:
        raise Invalid(fields={"held_on": [fault]})
    terms = [(posting.start_on, posting.ended_on) for posting in postings]
    inside = [within_term(held_on, first=first, last=last) for first, last in terms]
    labels += [] if all(inside) else ["outside_term"]
    fulfilment: Fulfilment = records.keep(
        Fulfilment,
        told,
        scope=_scope(who, duty, postings[0]),
        labels=labels,
        author_id=who.actor.id,
        holder=duty.holder,
        duty=duty.code,
        held_on=held_on,
        leader_id=leader.id if leader else None,
        leader_name=leader.name if leader else "",
        leader_post=post or "",
        notes=notes_box.sealed(told.id, notes),
        counts="wrong_rank" not in labels,
    )
    _link(fulfilment, postings)
    shelf.await_photos("fulfilment", fulfilment, photos, at=told.received_at)
    return fulfilment


def _scope(who: Who, duty: Duty, posting: Posting) -> Any:
    """Of the holder; which rows a person reaches is decided by its postings."""
    return SimpleNamespace(
        owner_id=who.actor.id,
        branch_id=posting.branch_id if duty.holder == "branch" else None,
        host_unit_id=None,
        sending_unit_id=posting.sending_unit_id if duty.holder == "sending_unit" else None,
        area_path=who.actor.area_path or posting.area_path,
    )


def _link(fulfilment: Fulfilment, postings: list[Posting]) -> None:
    db.session.flush()
    db.session.execute(
        delete(FulfilledPosting).where(FulfilledPosting.fulfilment_id == fulfilment.id)
    )
    for posting in postings:
        db.session.add(
            FulfilledPosting(
                **scope_of(posting),
                fulfilment_id=fulfilment.id,
                posting_id=posting.id,
                holder=fulfilment.holder,
                duty=fulfilment.duty,
                held_on=fulfilment.held_on,
                counts=fulfilment.counts,
            )
        )
