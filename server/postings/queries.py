"""Counts over postings held now, one query a list: who may see a unit may know how many serve."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload

from server.accounts import entrance
from server.core.db import db
from server.organizations.models import HostUnit

from .models import Posting

NAMES = (Posting.secretary, Posting.host_unit, Posting.sending_unit, Posting.branch)


def active() -> ColumnElement[bool]:
    return Posting.ended_on.is_(None)


def served() -> ColumnElement[bool]:
    """Whether a secretary serves at a host unit now: 覆盖."""
    return exists().where(active(), Posting.host_unit_id == HostUnit.id)


def with_names(postings: Select[Any]) -> Select[Any]:
    return postings.options(*(joinedload(name) for name in NAMES))


def post_of(person_id: uuid.UUID) -> Posting | None:
    """Where the person serves now, with the names the sign-in answer carries."""
    where = select(Posting).where(active(), Posting.owner_id == person_id)
    names = (joinedload(Posting.host_unit), joinedload(Posting.branch))
    found: Posting | None = db.session.scalar(where.options(*names))
    return found


entrance.post_of.append(post_of)


def active_by(column: Any, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many serve, by a unit column of Posting: {unit id: number}; units without are missing."""
    count = select(column, func.count()).where(active(), column.in_(list(ids))).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(count)}
