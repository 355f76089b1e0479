"""Every change leaves a line, written in the same transaction as the change: append-only, one hash
chain per county, so that an edited, removed or inserted line shows."""

import functools
import json
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import String, bindparam, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from . import clock, crypto
from .areas import CITY
from .db import Base, db


class AuditLine(Base):
    __tablename__ = "audit_line"
    area: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID]
    action: Mapped[str] = mapped_column(String(40), index=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]
    chain: Mapped[str] = mapped_column(String(64))


LAST = (
    select(AuditLine.seq, AuditLine.chain)
    .where(AuditLine.area == bindparam("area"))
    .order_by(AuditLine.seq.desc())
    .limit(1)
)
ADD = insert(AuditLine.__table__)  # type: ignore[arg-type]
_held: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
LOCK = text("SELECT pg_advisory_xact_lock(hashtext(:area))")


class Entry(NamedTuple):
    """What one line says; `detail` holds facts such as digests, never a resident's words."""

    area: str
    at: datetime
    actor_id: uuid.UUID
    action: str
    subject_id: uuid.UUID
    detail: dict[str, Any]


def audited(action: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The service verb under this decorator returns the row it changed; that is what gets logged.
    A row may carry `audit_detail`: plain facts to keep on the line."""

    def wrap(verb: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(verb)
        def run(who: Any, *args: Any, **kwargs: Any) -> Any:
            row = verb(who, *args, **kwargs)
            db.session.flush()
            detail = getattr(row, "audit_detail", None) or {}
            actor_id = who.actor.id if who.actor else row.id
            append([Entry(county(row), clock.now(), actor_id, action, row.id, detail)])
            return row

        run.action = action  # type: ignore[attr-defined]
        return run

    return wrap


def county(row: Any) -> str:
    """/3713/371302/… belongs to the chain of /3713/371302/; what has no county to the city's."""
    parts = (getattr(row, "area_path", "") or CITY).strip("/").split("/")
    return f"/{'/'.join(parts[:2])}/"


def append(entries: Iterable[Entry]) -> None:
    """Add lines, in order, each to the chain of its area. Locks an area's chain until commit."""
    heads: dict[str, tuple[int, str]] = {}
    lines = []
    for entry in entries:
        seq, chain = heads.get(entry.area) or _head(entry.area)
        chain = link(chain, seq + 1, entry)
        heads[entry.area] = (seq + 1, chain)
        lines.append({**entry._asdict(), "seq": seq + 1, "chain": chain})
    if lines:
        db.session.connection().execute(ADD, lines)


def link(previous: str, seq: int, entry: Entry) -> str:
    facts = [
        previous,
        seq,
        entry.area,
        entry.at.astimezone(clock.UTC).isoformat(),
        entry.actor_id.hex,
        entry.action,
        entry.subject_id.hex,
        entry.detail,
    ]
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return crypto.mac("audit", canonical.encode()).hex()


def verify(area: str) -> int | None:
    """The number of the first line that does not fit its chain, or None when all fit."""
    seq, chain = 0, ""
    lines = db.session.scalars(
        select(AuditLine).where(AuditLine.area == area).order_by(AuditLine.seq)
    )
    for line in lines:
        entry = Entry(line.area, line.at, line.actor_id, line.action, line.subject_id, line.detail)
        chain = link(chain, seq + 1, entry)
        if line.seq != seq + 1 or line.chain != chain:
            return line.seq
        seq = line.seq
    return None


def hold(row: Any) -> None:
    """Wait for our turn on the chain of `row`'s county now: for a verb whose decision rests on rows
    that another one may be changing. Taken first, so that no two wait for each other."""
    _lock(county(row))


def _lock(area: str) -> None:
    """Once a transaction, or once a savepoint: rolling that back gives its locks up."""
    connection = db.session.connection()
    if connection.dialect.name != "postgresql":  # SQLite has one writer already (BEGIN IMMEDIATE)
        return
    held = _held.setdefault(
        connection.get_nested_transaction() or connection.get_transaction(), set()
    )
    if area not in held:
        connection.execute(LOCK, {"area": area})
        held.add(area)


def _head(area: str) -> tuple[int, str]:
    _lock(area)
    last = db.session.connection().execute(LAST, {"area": area}).first()
    return (last.seq, last.chain) if last else (0, "")
