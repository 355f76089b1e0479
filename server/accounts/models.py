import uuid
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, cast
from sqlalchemy.orm import Mapped, mapped_column

from server.core.crypto import sha256
from server.core.db import Base
from server.core.ids import new_id


class User(Base):
    """A person. The unit columns say over which rows their roles reach; they point at rows of
    features below, so they carry no foreign key (docs/adr/0001-order-of-features.md)."""

    __tablename__ = "user"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40), index=True)
    roles: Mapped[list[str]]
    rank_tier: Mapped[str | None] = mapped_column(String(10))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    area_path: Mapped[str] = mapped_column(String(40), index=True, default="/3713/")
    branch_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    host_unit_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    sending_unit_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    serves_until: Mapped[date | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @classmethod
    def holds(cls, role: str) -> ColumnElement[bool]:
        """Whether the JSON list of roles names this one, in both databases' words."""
        return cast(cls.roles, String).contains(f'"{role}"')

    @property
    def facts(self) -> dict[str, object]:
        """What an administrator sees and changes."""
        names = (
            "username",
            "name",
            "roles",
            "area_path",
            "branch_id",
            "host_unit_id",
            "sending_unit_id",
        )
        return {name: getattr(self, name) for name in names} | {"disabled": bool(self.disabled_at)}

    @property
    def etag(self) -> str:
        return sha256(repr(sorted((name, str(fact)) for name, fact in self.facts.items())))[:32]


class Session(Base):
    """A signed-in browser. The cookie holds a random token; only its SHA-256 is kept here."""

    __tablename__ = "session"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser this person has signed in with: a stranger's wrong passwords never lock it out."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("user_id", "device_hash"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    device_hash: Mapped[str] = mapped_column(String(64))


class Device(Base):
    """A phone that holds unsent work, and nothing else: it is here so that somebody can help, and
    gone with the last receipt. A phone that two people use is two rows."""

    __tablename__ = "device"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    unsent: Mapped[int]
    oldest_at: Mapped[datetime | None]
    version: Mapped[str] = mapped_column(String(40))
    storage: Mapped[str] = mapped_column(String(12))
    free: Mapped[int | None]
    evicted: Mapped[int]
    reported_at: Mapped[datetime] = mapped_column(index=True)


class ActivationCode(Base):
    """One use, three days: its owner chooses the password. Only the SHA-256 of the code is kept."""

    __tablename__ = "activation_code"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
