"""What may be held. This room stands above visits, issues and meetings and may not read them: they
say which of their records wait for a person, and what follows when one is accepted."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, select, union_all

from server.accounts.models import User
from server.core.access import Who
from server.core.db import db
from server.core.errors import NotFound

SUMMARY = 100


def _lock(row: Any) -> None:
    db.session.refresh(row, with_for_update=True)


def _nothing_more(row: Any) -> None:
    pass


@dataclass(frozen=True)
class Kind:
    """`nouns` as in /api/<nouns>/<id>; `words` what people call it; `person` the column of whom it
    is about; `summary` a text of it; `still` when a decision is of use yet; `link` where its
    sender sees it. `lock` keeps others off until the end of the transaction and reads the row anew;
    `accept` does what had to wait, or raises a StateConflict that says why it cannot be."""

    name: str
    nouns: str
    words: str
    model: Any
    person: Any
    summary: Any
    link: Callable[[Any], str]
    still: tuple[Any, ...] = ()
    lock: Callable[[Any], None] = _lock
    accept: Callable[[Any], None] = _nothing_more


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if kind.nouns in KINDS:
        raise ValueError(f"two kinds of {kind.nouns}")
    KINDS[kind.nouns] = kind


def named(path: str) -> tuple[Kind, uuid.UUID]:
    """The kind and id of /api/<nouns>/<id>; what nobody registered does not exist."""
    _, _, nouns, id = path.split("/")
    if nouns not in KINDS:
        raise NotFound
    return KINDS[nouns], uuid.UUID(id)


def waiting(who: Who) -> Select[Any]:
    """Everything held that this person may decide and nobody has, of every kind, in one query."""
    return select(union_all(*(_of(kind, who) for kind in KINDS.values())).subquery("held"))


def _of(kind: Kind, who: Who) -> Select[Any]:
    model = kind.model
    columns = (
        literal(kind.nouns, String).label("nouns"),
        literal(kind.name, String).label("kind"),
        model.id,
        User.id.label("person_id"),
        User.name.label("person_name"),
        model.held_reason,
        model.made_at,
        model.received_at,
        func.substr(cast(kind.summary, String), 1, SUMMARY).label("summary"),
    )
    open_ones = (model.held_reason.is_not(None), model.returned.is_(None), *kind.still)
    rows = who.all(model).with_only_columns(*columns)
    return rows.join(User, User.id == kind.person).where(*open_ones)
