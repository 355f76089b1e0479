"""What the phone and the server say about a record (docs: the contract in README's reading path).

A record has the phone's id and the digest of the very bytes it sent. The unique id decides what a
PUT is: new, a replay (same digest: nothing is written), a correction (If-Match names the stored
digest; the earlier version is kept) or a clash (409).
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ColumnElement, Select, String, Table, bindparam, select, true
from sqlalchemy.orm import Mapped, mapped_column

from .claims import TIME_LABELS, judge_time
from .db import Base, Scoped, db, insert_once, scope_of
from .errors import DigestDiffers, IdTaken, NotFound
from .ids import new_id
from .settings import rules


class Recorded(Scoped):
    """A row made by a phone. Times are the server's reading of the phone's claims, in UTC.
    `shared`: an office's register, corrected by whoever holds the office, not by its author."""

    shared: ClassVar[bool] = False
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(index=True)
    told_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    seq: Mapped[int] = mapped_column(BigInteger)
    labels: Mapped[list[str]]
    held_reason: Mapped[str | None] = mapped_column(String(200))
    # The sentence of whoever looked at a held record and did not accept it.
    returned: Mapped[str | None] = mapped_column(String(200))


class EarlierVersion(Base):
    """What a record said before a correction, so that the audit line's digest can be opened."""

    __tablename__ = "earlier_version"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    record_id: Mapped[uuid.UUID] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64))
    replaced_at: Mapped[datetime]
    said: Mapped[dict[str, Any]]


@dataclass
class Told:
    """One PUT as the phone sent it; `before` is the row it corrects. `read` adds what the body
    says, its times judged; a correction leaves the record at the time it was made."""

    id: uuid.UUID
    person_id: uuid.UUID
    digest: str
    sent_at: datetime | None
    received_at: datetime
    made_at: datetime = field(init=False)
    told_at: datetime = field(init=False)
    seq: int = 0
    labels: list[str] = field(default_factory=list)
    before: Any = None

    def read(self, body: dict[str, Any]) -> dict[str, Any]:
        """Takes what every record carries out of the body; what is left is the room's."""
        self.told_at = body.pop("made_at")
        self.seq = body.pop("seq")
        del body["salt"]
        if self.before is not None:
            labels = TIME_LABELS.intersection(self.before.labels)
            self.made_at, self.labels = self.before.made_at, sorted(labels)
            return body
        self.made_at, self.labels = judge_time(
            made_at=self.told_at,
            sent_at=self.sent_at,
            received_at=self.received_at,
            rules=rules()["time"],
        )
        return body

    def columns(self) -> dict[str, Any]:
        names = ("digest", "made_at", "told_at", "sent_at", "received_at", "seq")
        return {name: getattr(self, name) for name in names}


class Raced(Exception):
    """Another request with this id won between our look and our insert: look again."""


# Set by the photos room, which stands below: the states of the photos a record listed.
PhotoStates = Callable[[uuid.UUID], list[dict[str, Any]]]
photo_states: list[PhotoStates] = []


def look(model: Any, told: Told, if_match: str | None, *, lock: bool = False) -> Any:
    """The stored row when `told` is a replay, else None; sets `told.before` for a correction.
    `lock`: the row as it is now, and nobody else's to correct before the transaction ends."""
    if db.session.connection().execute(_known(model.__table__), {"id": told.id}).first() is None:
        return None
    fresh: dict[str, Any] = {}
    if lock:
        fresh = {"with_for_update": True, "populate_existing": True}
    row = db.session.get_one(model, told.id, **fresh)
    if not model.shared and author_of(row) != told.person_id:
        raise IdTaken
    if row.digest == told.digest or _was(told):
        return row
    if if_match != row.digest:
        raise DigestDiffers(digest=row.digest)
    told.before = row
    return None


def _was(told: Told) -> bool:
    """Whether it was stored and then corrected, perhaps by another phone: no clash, a replay."""
    return told.digest in earlier([told.id])[told.id]


def earlier(record_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """The digests of versions that a correction replaced."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    columns = (EarlierVersion.record_id, EarlierVersion.digest)
    for id, digest in db.session.execute(select(*columns).where(columns[0].in_(record_ids))):
        found[id].add(digest)
    return found


@cache
def _known(table: Table) -> Select[Any]:
    """Asked for every record, and mostly answered no: so it makes no object."""
    return select(table.c.id).where(table.c.id == bindparam("id"))


def author_of(row: Any) -> uuid.UUID:
    """Who sent it: the scope's owner, unless the row names another author (a lead's tick, say)."""
    return getattr(row, "author_id", None) or row.owner_id


def sent_by(model: Any, person_id: uuid.UUID) -> ColumnElement[bool]:
    """The rows that a phone of this person may hold a version of."""
    author: ColumnElement[uuid.UUID] = getattr(model, "author_id", model.owner_id)
    return true() if model.shared else author == person_id


def keep(model: Any, told: Told, *, scope: Any, labels: list[str] = [], **columns: Any) -> Any:  # noqa: B006
    """The new row, stored under the phone's id; or the corrected one, its earlier version kept."""
    columns |= told.columns() | {"labels": sorted({*told.labels, *labels})}
    if told.before is not None:
        return _correct(told.before, told, columns)
    columns |= {"id": told.id, "held_reason": columns.get("held_reason")}
    columns = scope_of(scope) | columns
    if not insert_once(model, **columns):
        raise Raced
    return model(**columns)


def _correct(row: Any, told: Told, columns: dict[str, Any]) -> Any:
    """The hold of a row is not the corrector's to lift; one that was returned is shown again."""
    columns.pop("held_reason", None)
    row.returned = None
    said = {name: _plain(getattr(row, name)) for name in columns if name != "digest"}
    db.session.add(
        EarlierVersion(record_id=row.id, digest=row.digest, replaced_at=told.received_at, said=said)
    )
    row.audit_detail = {"from": row.digest, "to": told.digest}
    for name, value in columns.items():
        setattr(row, name, value)
    return row


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, list, dict, type(None))) else str(value)


def receipt(row: Any, *, digest: str, now: datetime, replayed: bool) -> dict[str, Any]:
    """`digest`: of the version that was sent, which need not be the last."""
    return {
        "id": row.id,
        "digest": digest,
        "state": "held" if row.held_reason else "stored",
        "held_reason": row.held_reason,
        "labels": row.labels,
        "photos": _photos(row),
        "received_at": row.received_at,
        "server_time": now,
        "replayed": replayed,
        **(getattr(row, "receipt_extra", None) or {}),
    }


def _photos(row: Any) -> list[dict[str, Any]]:
    if not getattr(row, "has_photos", False):
        return []
    return [photo for states in photo_states for photo in states(row.id)]


def fetch_row(statement: Any) -> Any:
    """One row of a statement that already carries its reach, or 404."""
    row = db.session.scalar(statement)
    if row is None:
        raise NotFound
    return row
