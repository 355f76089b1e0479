import uuid
from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, synonym

from server.core.db import Base
from server.core.ids import new_id
from server.core.records import Recorded


class SendingUnit(Base):
    """派出单位: the home organ. `category`: party_mass, government, institution, enterprise."""

    __tablename__ = "sending_unit"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    sending_unit_id = synonym("id")
    name: Mapped[str] = mapped_column(String(80), index=True)
    category: Mapped[str] = mapped_column(String(20))
    area_path: Mapped[str] = mapped_column(String(40), index=True)


class HostUnit(Base):
    """任职单位: a community or an enterprise. The point is WGS-84 degrees, like every one here."""

    __tablename__ = "host_unit"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    code: Mapped[str | None] = mapped_column(String(18))
    area_path: Mapped[str] = mapped_column(String(40), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class TemporaryBranch(Base):
    """临时党支部: the secretaries of one area and dispatch level. No elections and no dues."""

    __tablename__ = "temporary_branch"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), index=True)
    level: Mapped[str] = mapped_column(String(10))
    area_path: Mapped[str] = mapped_column(String(40), index=True)


class UnitLeader(Recorded, Base):
    """派出单位负责同志: whose the unit's duties are. `post`: principal 主要负责同志, personnel
    分管干部人事, business 分管业务. `author_id` entered it; the sending unit is in the scope."""

    __tablename__ = "unit_leader"
    shared = True
    author_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(60))
    post: Mapped[str] = mapped_column(String(10))
    left_on: Mapped[date | None]
