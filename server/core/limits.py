"""Counting attempts in the database, because a counter in memory counts per process."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from . import clock, crypto
from .db import Base, db
from .errors import TooMany
from .ids import new_id


class Attempt(Base):
    """One counted attempt; `key` is a MAC, so that the table names nobody and no address."""

    __tablename__ = "attempt"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


def _key(*parts: str) -> str:
    return crypto.mac("limits", "|".join(parts).encode()).hex()


def count(*parts: str, within: timedelta) -> int:
    since = clock.now() - within
    query = select(func.count()).where(Attempt.key == _key(*parts), Attempt.at > since)
    return db.session.scalar(query) or 0


def note(*parts: str) -> None:
    db.session.add(Attempt(key=_key(*parts), at=clock.now()))


def forget(*parts: str) -> None:
    db.session.execute(delete(Attempt).where(Attempt.key == _key(*parts)))


def at_most(number: int, *parts: str, within: timedelta, sentence: str | None = None) -> None:
    """Counts this attempt and refuses it when there were `number` before."""
    if count(*parts, within=within) >= number:
        raise TooMany(sentence, headers={"Retry-After": str(int(within.total_seconds()))})
    note(*parts)
