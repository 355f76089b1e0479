import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.accounts.models import User
from server.core.db import Base, Scoped
from server.core.ids import new_id
from server.core.records import Recorded
from server.organizations.models import TemporaryBranch

from . import keys


class Meeting(Recorded, Base):
    """会议 of a branch: `owner_id` is the lead who called it, the area is the branch's own. State
    and times are what its actions come to (rules.stand); `code` is what the screen's codes name."""

    __tablename__ = "meeting"
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(80))
    place_words: Mapped[str] = mapped_column(String(100))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(8), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    branch: Mapped[TemporaryBranch] = relationship(
        primaryjoin="foreign(Meeting.branch_id) == TemporaryBranch.id", lazy="raise", viewonly=True
    )


class MeetingAction(Recorded, Base):
    """Open, close or cancel, as a record of its own, so that it works without signal: `at` is when
    the lead did it, by the server's clock."""

    __tablename__ = "meeting_action"
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    do: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]


class RosterEntry(Scoped, Base):
    """One who was expected, frozen when the meeting opened, or whose coming the host accepted
    since: `owner_id` is that person, and the sending unit is theirs."""

    __tablename__ = "roster_entry"
    __table_args__ = (UniqueConstraint("meeting_id", "owner_id"),)
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"))

    person: Mapped[User] = relationship(
        primaryjoin="foreign(RosterEntry.owner_id) == User.id", lazy="raise", viewonly=True
    )


class Checkin(Recorded, Base):
    """One event about one person at one meeting, never removed and never changed but by a decision
    on a held one: `owner_id` is the person, `author_id` who sent it. `at` is when it happened by
    the server's clock. `firm`: it needs nobody's confirmation. `already` and `present_at` are what
    its receipt said, so that a replay says the same."""

    __tablename__ = "checkin"
    __table_args__ = (Index("checkin_of_person", "meeting_id", "owner_id"),)
    author_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"))
    way: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    firm: Mapped[bool]
    note: Mapped[str] = mapped_column(String(200))
    display: Mapped[str | None] = mapped_column(String(2))
    already: Mapped[bool]
    present_at: Mapped[datetime | None]

    person: Mapped[User] = relationship(
        primaryjoin="foreign(Checkin.owner_id) == User.id", lazy="raise", viewonly=True
    )
    author: Mapped[User] = relationship(
        primaryjoin="foreign(Checkin.author_id) == User.id", lazy="raise", viewonly=True
    )

    @property
    def receipt_extra(self) -> dict[str, Any]:
        return {"already": self.already, "at": self.present_at}

    @property
    def audit_detail(self) -> dict[str, Any]:
        return {
            "meeting": str(self.meeting_id),
            "person": str(self.owner_id),
            "way": self.way,
            "held": self.held_reason is not None,
        }


class Attendance(Base):
    """Who was there: what the person's events come to (rules.project), rebuildable from them."""

    __tablename__ = "attendance"
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    way: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    labels: Mapped[list[str]]


class Display(Recorded, Base):
    """One screen that shows codes. Its key is derived, never stored; two letters in each code say
    which screen showed it, so that one screen can be revoked alone."""

    __tablename__ = "display"
    __table_args__ = (UniqueConstraint("meeting_id", "display"),)
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"))
    meeting_code: Mapped[str] = mapped_column(String(8))
    display: Mapped[str] = mapped_column(String(2))
    revoked_at: Mapped[datetime | None]

    @property
    def receipt_extra(self) -> dict[str, Any]:
        return keys.handed_out(self.meeting_code, self.display)


class Claim(Base):
    """A code scanned outside the app, good when it was scanned: its bearer has five minutes to sign
    in. Only the SHA-256 of the token is kept; the first person to use it is its only one."""

    __tablename__ = "claim"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"))
    area_path: Mapped[str] = mapped_column(String(40))
    display: Mapped[str] = mapped_column(String(2))
    scanned_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[uuid.UUID | None]
