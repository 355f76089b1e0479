"""Runs migrations on the app's own engine, so that SQLite's settings hold here too."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import MetaData
from sqlalchemy.engine import Connection, Engine

migrate = current_app.extensions["migrate"]
engine: Engine = migrate.db.engine
metadata: MetaData = migrate.db.metadata


def render(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Column types of our own are written as what the database sees."""
    if kind == "type" and type(thing).__name__ == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render,
        compare_type=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
        context.run_migrations()


with engine.connect() as connection:
    run(connection)
    connection.commit()
