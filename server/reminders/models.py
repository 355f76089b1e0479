import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, synonym

from server.core.db import Base
from server.core.ids import new_id


class Reminder(Base):
    """One line of one person's inbox. `occasion` is the moment it is about: moved, it is another
    reminder. `at`: when the inbox shows it; `bell_at`: when a channel may ring, never after."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("person_id", "kind", "about_id", "occasion"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(index=True)
    owner_id = synonym("person_id")
    kind: Mapped[str] = mapped_column(String(30))
    about_id: Mapped[uuid.UUID] = mapped_column(index=True)
    occasion: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    bell_at: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(String(300))
    link: Mapped[str] = mapped_column(String(100))
    seen_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    bell_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime]


class ReminderChoice(Base):
    """Whether a kind of reminder rings for a person; without a row the city's default holds."""

    __tablename__ = "reminder_choice"
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    owner_id = synonym("user_id")
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    rings: Mapped[bool]


class Bell(Base):
    """响铃: one ringing at one person, for one reminder or for the day's digest. `occasion` says
    which, so that it exists once. `state`: waiting, rung, unsure (sent, answer lost, on a channel
    that takes no duplicate key), failed (no channel took it), expired (its event came first)."""

    __tablename__ = "bell"
    __table_args__ = (UniqueConstraint("person_id", "occasion"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(index=True)
    occasion: Mapped[str] = mapped_column(String(60))
    day: Mapped[date]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), index=True)
    next_at: Mapped[datetime] = mapped_column(index=True)
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int]


class Delivery(Base):
    """发送记录: one attempt of one bell at one address, begun before it is sent, so that a kill in
    between shows. `outcome`: ok, retry, refresh_token, drop_recipient, config_error; None while it
    is under way. Never what was said."""

    __tablename__ = "delivery"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    bell_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bell.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(String(20))
    address_id: Mapped[uuid.UUID]
    begun_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20), index=True)
    code: Mapped[str] = mapped_column(String(40), default="")
    detail: Mapped[str] = mapped_column(String(200), default="")


class CalendarFeed(Base):
    """日历订阅: the address at which a person's calendar program asks for their dates."""

    __tablename__ = "calendar_feed"
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    owner_id = synonym("user_id")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
