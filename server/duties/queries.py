"""What lists show of fulfilments: a fixed number of questions, however long the list."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from server.core.access import P, Who
from server.core.db import db
from server.photos import shelf
from server.postings.models import Posting

from . import boards, ledger, notes
from .models import FulfilledPosting, Fulfilment


def shown(who: Who, rows: list[Fulfilment]) -> list[dict[str, Any]]:
    """With the notes opened; of the postings only those within reach."""
    ids = [row.id for row in rows]
    photos, postings = shelf.photos_of(ids), _links(who, ids)
    kept = _kept(who, ids)
    titles = {duty.code: duty.title for duty in ledger.duties()}
    return [
        vars(row)
        | {
            "title": titles.get(row.duty, row.duty),
            "notes": notes.opened(row),
            "postings": postings.get(row.id, []),
            "photos": photos[row.id],
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


def _links(who: Who, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    reach = who.using(P.POSTING_READ).reach(FulfilledPosting)
    query = select(FulfilledPosting).where(FulfilledPosting.fulfilment_id.in_(ids), reach)
    names = joinedload(FulfilledPosting.posting).joinedload(Posting.secretary)
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for link in db.session.scalars(query.options(names)):
        told = {"posting_id": link.posting_id, "secretary": link.posting.secretary}
        found.setdefault(link.fulfilment_id, []).append(told | {"counts": link.counts})
    return found
