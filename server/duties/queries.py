"""What lists show of fulfilments: a fixed number of questions, however long the list."""

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
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
    kept, whole = _kept(who, ids), _whole(ids, postings)
    titles = {duty.code: duty.title for duty in ledger.duties()}
    return [
        vars(row)
        | {
            "title": titles.get(row.duty, row.duty),
            "notes": notes.opened(row) if whole(row) else "",
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


def _whole(
    ids: list[uuid.UUID], within: dict[uuid.UUID, list[dict[str, Any]]]
) -> Callable[[Fulfilment], bool]:
    """Whether the reader reaches everybody it was for: what was said in confidence with secretaries
    of two counties is read by neither of them."""
    link = FulfilledPosting.fulfilment_id
    query = select(link, func.count()).where(link.in_(ids)).group_by(link)
    every = {row[0]: row[1] for row in db.session.execute(query)}
    confidential = {duty.code for duty in ledger.duties() if duty.confidential}
    return lambda row: (
        row.duty not in confidential or every.get(row.id) == len(within.get(row.id, []))
    )


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
