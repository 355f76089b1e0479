import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, synonym

from server.core.db import Base
from server.core.ids import new_id


class Address(Base):
    """接收地址: where one person can be reached on one channel. On WeCom and in the mini program it
    is also who they are there, so that they can sign in with it. `sealed` is bound to the row;
    `hashed` is a MAC, so that the table names nobody. `broken`: why it stopped working."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "hashed"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    owner_id = synonym("user_id")
    channel: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[str] = mapped_column(String(2000))
    hashed: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(60))
    on: Mapped[bool]
    broken: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]


class MessageGrant(Base):
    """一次性订阅: one message that a person allowed the mini program to send; used once."""

    __tablename__ = "message_grant"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    template_id: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccessToken(Base):
    """A provider's token, shared by all processes and renewed by one of them (`claimed_until`)."""

    __tablename__ = "access_token"
    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    sealed: Mapped[str | None] = mapped_column(String(2000))
    expires_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]


class Exchange(Base):
    """A one-time code of a provider and whom it named, for a minute: browsers send one twice."""

    __tablename__ = "exchange"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(index=True)
