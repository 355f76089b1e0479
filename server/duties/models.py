import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.core.db import Base, Scoped
from server.core.records import Recorded
from server.postings.models import Posting


class Fulfilment(Recorded, Base):
    """履责记录: a talk held, a report heard, a visit paid, a day on site, for one or several
    postings at once. `author_id` noted it; `leader` is who did it, with their post at that time.
    The notes are sealed: they stay between the unit and the organization department."""

    __tablename__ = "fulfilment"
    has_photos = True
    author_id: Mapped[uuid.UUID]
    holder: Mapped[str] = mapped_column(String(20))
    duty: Mapped[str] = mapped_column(String(30))
    held_on: Mapped[date] = mapped_column(index=True)
    leader_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("unit_leader.id"))
    leader_name: Mapped[str] = mapped_column(String(40))
    leader_post: Mapped[str] = mapped_column(String(10))
    notes: Mapped[str] = mapped_column(String(12000))
    counts: Mapped[bool]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(200))

    @classmethod
    def touching(cls, reach: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
        """Those with a posting within reach: a unit of the city sends into many counties."""
        links = select(FulfilledPosting.fulfilment_id).where(reach(FulfilledPosting))
        return cls.id.in_(links)


class FulfilledPosting(Scoped, Base):
    """One posting of a fulfilment, under the posting's own scope: so a secretary sees that a talk
    was held and when, and a county sees its own."""

    __tablename__ = "fulfilled_posting"
    __table_args__ = (
        UniqueConstraint("fulfilment_id", "posting_id"),
        Index("fulfilled_in", "posting_id", "duty", "held_on"),
    )
    fulfilment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fulfilment.id"))
    posting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("posting.id"))
    holder: Mapped[str] = mapped_column(String(20))
    duty: Mapped[str] = mapped_column(String(30))
    held_on: Mapped[date]
    counts: Mapped[bool]

    posting: Mapped[Posting] = relationship(lazy="raise")
    fulfilment: Mapped[Fulfilment] = relationship(lazy="raise")


class FulfilmentVoid(Recorded, Base):
    """The record by which a note was taken back; it bears the fulfilment's own id."""

    __tablename__ = "fulfilment_void"
    author_id: Mapped[uuid.UUID]
    reason: Mapped[str] = mapped_column(String(200))
