import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.accounts.models import User
from server.core.db import Base
from server.core.records import Recorded
from server.organizations.models import HostUnit, SendingUnit, TemporaryBranch


class Posting(Recorded, Base):
    """选派: `owner_id` is the secretary; `author_id` the organizer who entered it. The unit columns
    of the scope are never empty here."""

    __tablename__ = "posting"
    __table_args__ = (
        # One person serves in one place at a time.
        Index(
            "one_active_posting",
            "owner_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )
    author_id: Mapped[uuid.UUID]
    dispatch_level: Mapped[str] = mapped_column(String(10))
    cohort: Mapped[str] = mapped_column(String(20))
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    ended_on: Mapped[date | None]

    secretary: Mapped[User] = relationship(
        primaryjoin="foreign(Posting.owner_id) == User.id", lazy="raise", viewonly=True
    )
    host_unit: Mapped[HostUnit] = relationship(
        primaryjoin="foreign(Posting.host_unit_id) == HostUnit.id", lazy="raise", viewonly=True
    )
    sending_unit: Mapped[SendingUnit] = relationship(
        primaryjoin="foreign(Posting.sending_unit_id) == SendingUnit.id",
        lazy="raise",
        viewonly=True,
    )
    branch: Mapped[TemporaryBranch] = relationship(
        primaryjoin="foreign(Posting.branch_id) == TemporaryBranch.id", lazy="raise", viewonly=True
    )

    @property
    def state(self) -> str:
        return "ended" if self.ended_on else "active"


class PostingEnd(Recorded, Base):
    """The record by which an organizer ended a posting: why, and who takes over."""

    __tablename__ = "posting_end"
    author_id: Mapped[uuid.UUID]
    posting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("posting.id"), unique=True)
    ended_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(500))
    successor_posting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("posting.id"))
    handed_over: Mapped[int]
