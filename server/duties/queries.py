"""What lists show of fulfilments: a fixed number of questions, however long the list."""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, select
from sqlalchemy.orm import joinedload

from server.core.access import P, Who
from server.core.db import db
from server.photos import shelf
from server.postings.models import Posting

from . import boards, ledger, notes
from .models import FulfilledPosting, Fulfilment
from .rules import within_term


def shown(who: Who, rows: list[Fulfilment]) -> list[dict[str, Any]]:
    """With the notes opened; of the postings only those within reach."""
    ids = [row.id for row in rows]
    photos, postings = shelf.photos_of(ids), _links(who, ids)
    kept, hidden = _kept(who, ids), _hidden(who, ids)
    titles = {duty.code: duty.title for duty in ledger.duties()}
    return [
        vars(row)
        | {
            "title": titles.get(row.duty, row.duty),
            "notes": "" if row.id in hidden else notes.opened(row),
            "postings": postings.get(row.id, []),
            "photos": [] if row.id in hidden else photos[row.id],
            "voided": row.voided_at is not None,
            "mine": row.author_id == who.actor.id,
            "can_void": row.id in kept,
        }
        for row in rows
    ]


def _kept(who: Who, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """Those whose holder's notes the reader keeps: the void route takes back no others."""
    reach = who.using(P.FULFILMENT_NOTE).reach(Fulfilment)
    holders = Fulfilment.holder.in_(boards.holders(who))
    return set(
        db.session.scalars(select(Fulfilment.id).where(Fulfilment.id.in_(ids), reach, holders))
    )


def in_confidence(who: Who) -> ColumnElement[bool]:
    """What was said in confidence with secretaries of two counties is read by neither of them: its
    words and pictures are for who reaches everybody it was for."""
    confidential = [duty.code for duty in ledger.duties() if duty.confidential]
    reach = who.using(P.POSTING_READ).reach(FulfilledPosting)
    of_it = FulfilledPosting.fulfilment_id == Fulfilment.id
    return and_(Fulfilment.duty.in_(confidential), exists().where(of_it, not_(reach)))


def _hidden(who: Who, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    query = select(Fulfilment.id).where(Fulfilment.id.in_(ids), in_confidence(who))
    return set(db.session.scalars(query))


def _links(who: Who, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    reach = who.using(P.POSTING_READ).reach(FulfilledPosting)
    query = select(FulfilledPosting).where(FulfilledPosting.fulfilment_id.in_(ids), reach)
    names = joinedload(FulfilledPosting.posting).joinedload(Posting.secretary)
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for link in db.session.scalars(query.options(names)):
        told = {"posting_id": link.posting_id, "secretary": link.posting.secretary}
        first, last = link.posting.start_on, link.posting.ended_on
        inside = within_term(link.held_on, first=first, last=last)
        found.setdefault(link.fulfilment_id, []).append(told | {"counts": link.counts and inside})
    return found
