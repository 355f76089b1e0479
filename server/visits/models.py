import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.core.db import Base
from server.core.records import Recorded
from server.postings.models import Posting


class Visit(Recorded, Base):
    """走访记录. Of a place only the verdict and a coarse cell are kept; the fix itself never is."""

    __tablename__ = "visit"
    has_photos = True
    posting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("posting.id"), index=True)
    posting: Mapped[Posting] = relationship(lazy="raise")
    kind: Mapped[str] = mapped_column(String(20))
    whom: Mapped[str] = mapped_column(String(100))
    households: Mapped[int | None]
    said: Mapped[str] = mapped_column(String(2000))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    place: Mapped[str | None] = mapped_column(String(10))
    cell: Mapped[str | None] = mapped_column(String(20))
    revisit_on: Mapped[date | None] = mapped_column(index=True)
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(200))


class VisitVoid(Recorded, Base):
    """The record by which a secretary took a visit back; it bears the visit's own id."""

    __tablename__ = "visit_void"
    reason: Mapped[str] = mapped_column(String(200))
