"""The database handle, the columns scoped rows share, and the settings that keep SQLite honest."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Insert, String, Table, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import Uuid

from . import clock
from .clock import UTC
from .ids import new_id
from .turnstile import Turnstile

IDLE_SECONDS = 5


class UTCDateTime(TypeDecorator[datetime]):
    """Aware in, aware out; SQLite forgets the zone, so we put it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    registry = registry(
        type_annotation_map={
            datetime: UTCDateTime,
            uuid.UUID: Uuid,
            list[str]: JSON,
            dict[str, Any]: JSON,
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class Scoped:
    """Whose row this is and under which units: the facts every policy clause reads."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[uuid.UUID] = mapped_column(index=True)
    branch_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    host_unit_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    sending_unit_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    area_path: Mapped[str] = mapped_column(String(40), index=True)


SCOPE = ("owner_id", "branch_id", "host_unit_id", "sending_unit_id", "area_path")


def scope_of(row: Any) -> dict[str, Any]:
    """The scope of `row`, for a row that belongs under it."""
    return {name: getattr(row, name) for name in SCOPE}


_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside take no write lock and end with it; they must not write (SQLite
    would fail them). Rows read inside stay readable after, detached."""
    if _reading.get():  # within another: one transaction for both
        yield
        return
    token = _reading.set(True)
    try:
        if db.engine.dialect.name == "postgresql":  # its reads see what is committed, either way
            db.session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield
    finally:
        db.session.close()
        _reading.reset(token)


@contextmanager
def looking() -> Iterator[None]:
    """As `reading`, unless a transaction is under way already (a batch): then within that one."""
    if db.session().in_transaction():
        yield
        return
    with reading():
        yield


def insert_once(model: Any, **values: Any) -> bool:
    """INSERT … ON CONFLICT DO NOTHING: the unique key decides, no earlier SELECT. True if new."""
    connection = db.session.connection()
    statement = _insert_once(model.__table__, connection.dialect.name)
    return connection.execute(statement, values).rowcount == 1


@cache
def _insert_once(table: Table, dialect: str) -> Insert:
    """Built once: putting a statement together costs more than running it."""
    kind = sqlite if dialect == "sqlite" else postgresql
    statement: Insert = kind.insert(table).on_conflict_do_nothing()
    # Else psycopg's count is lost behind an implicit RETURNING.
    return statement.execution_options(preserve_rowcount=True)


def engine_options(url: str) -> dict[str, Any]:
    """Pool and driver settings; `isolation_level=None` hands BEGIN to the event below."""
    if url.startswith("sqlite"):
        return {"connect_args": {"isolation_level": None, "timeout": 10}, "pool_size": 20}
    return {"pool_size": 10, "max_overflow": 10}


def settle(engine: Engine) -> None:
    """SQLAlchemy's defaults lost 551 of 899 concurrent updates on SQLite; these lose none."""
    if engine.dialect.name != "sqlite":
        _try_idle_ones(engine)
        return

    @event.listens_for(engine, "connect")
    def pragmas(raw: Any, _: Any) -> None:
        for line in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
            "foreign_keys=ON",
        ):
            raw.execute(f"PRAGMA {line}")

    _take_turns(engine)


def _try_idle_ones(engine: Engine) -> None:
    """A connection that lay idle is tried before use: the server may have been restarted. (The
    pool's own way tries each time, which costs every request three more round trips.)"""

    @event.listens_for(engine, "checkin")
    def put_back(_: Any, record: Any) -> None:
        record.info["idle_since"] = clock.seconds()

    @event.listens_for(engine, "checkout")
    def take(raw: Any, record: Any, _: Any) -> None:
        since = record.info.get("idle_since")
        if since is None or clock.seconds() - since < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(raw)
        except engine.dialect.loaded_dbapi.Error:
            raise DisconnectionError from None


def _take_turns(engine: Engine) -> None:
    """A writer begins in its turn and gives it up when its connection is back in the pool."""
    turnstile = Turnstile(Path(f"{engine.url.database}.turn"))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if _reading.get():
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get("has_turn"):
            turnstile.enter()
            connection.info["has_turn"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def checkin(_: Any, record: Any) -> None:
        if record.info.pop("has_turn", False):
            turnstile.leave()
