"""The database's part, by the means each engine has for it: SQLite's online backup in one step (in
several it begins anew with every write), PostgreSQL's own pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, create_engine, func, inspect, select, table, text, tuple_
from sqlalchemy.exc import DatabaseError

from server.accounts.models import User
from server.core.audit import AuditLine
from server.core.db import db, reading
from server.photos.models import Photo

from .manifest import sync_folder

NAMES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
PATIENCE_SECONDS = 30
DAMAGED = (sqlite3.DatabaseError, DatabaseError)
NOT_ASIDE = "原有数据没能另存，没有改动：{why}"
NO_PROGRAM = "没有找到 {name}：请安装与数据库同版本的 PostgreSQL 客户端，并放进 PATH"


def dump(to: Path) -> dict[str, Any]:
    """A copy as of one moment while others write, and the facts of that very moment."""
    if db.engine.dialect.name == "sqlite":
        copy_sqlite(_file(), to)
        engine = create_engine(f"sqlite:///{to}")
        try:
            with engine.connect() as copy:
                return facts(copy)
        finally:
            engine.dispose()
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as moment:
        told = facts(moment)
        snapshot = moment.scalar(text("SELECT pg_export_snapshot()"))
        _program("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}")
    to.chmod(0o600)
    return told


def put_aside(to: Path) -> None:
    """What is here now, before it is replaced, of whichever version its tables are; a damaged file
    is moved away as it lies."""
    if db.engine.dialect.name != "sqlite":
        try:
            _program("pg_dump", "--format=custom", f"--file={to}")
        except click.ClickException as error:
            raise click.ClickException(NOT_ASIDE.format(why=error.message)) from None
        to.chmod(0o600)
        return
    try:
        copy_sqlite(_file(), to)
    except DAMAGED:
        db.engine.dispose()
        for end in ("", "-wal", "-shm"):
            if (part := Path(f"{_file()}{end}")).exists():
                part.replace(f"{to}{end}")


def load(source: Path) -> None:
    """In one step: whoever looks meanwhile sees the old rows or the new, never a mixture."""
    db.engine.dispose()
    if db.engine.dialect.name == "sqlite":
        copy_sqlite(source, _file(), plain=False)
    else:
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _program("pg_restore", *options, str(source))
    db.engine.dispose()


def copy_sqlite(source: Path, to: Path, *, plain: bool = True) -> None:
    """`plain`: one self-contained file, without the log beside it that a database in use has."""
    with (
        closing(sqlite3.connect(source, timeout=PATIENCE_SECONDS)) as here,
        closing(sqlite3.connect(to, timeout=PATIENCE_SECONDS)) as there,
    ):
        to.chmod(0o600)
        here.backup(there, pages=-1)
        if plain:
            there.execute("PRAGMA journal_mode=DELETE")
        (found,) = there.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    sync_folder(to.parent)


def facts(connection: Connection) -> dict[str, Any]:
    """Rows by table, the head of every chain, and which pictures are named."""
    pictures = select(Photo.kept_digest).where(Photo.kept_digest.is_not(None)).distinct()
    return {
        "revision": connection.scalar(text("SELECT version_num FROM alembic_version")),
        "rows": count(connection, (table.name for table in db.metadata.sorted_tables)),
        "chains": chains(connection),
        "pictures": sorted(connection.scalars(pictures)),
    }


def chains(connection: Connection) -> dict[str, dict[str, Any]]:
    newest = select(AuditLine.area, func.max(AuditLine.seq)).group_by(AuditLine.area)
    heads = select(AuditLine.area, AuditLine.seq, AuditLine.chain).where(
        tuple_(AuditLine.area, AuditLine.seq).in_(newest)
    )
    return {
        area: {"seq": seq, "chain": chain}
        for area, seq, chain in connection.execute(heads.order_by(AuditLine.area))
    }


def count(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Rows of those tables that there are: an older database has none of a newer program's."""
    there = set(inspect(connection).get_table_names())
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in names
        if name in there
    }


def holds_data() -> bool:
    """A database that cannot be read may hold anything."""
    try:
        with reading():
            if not inspect(db.engine).has_table("user"):
                return False
            return bool(db.session.scalar(select(func.count(User.id))))
    except DAMAGED:
        return True


def revision() -> str | None:
    with reading():
        if not inspect(db.engine).has_table("alembic_version"):
            return None
        found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def _file() -> Path:
    return Path(db.engine.url.database or "")


def _program(name: str, *options: str) -> None:
    """The password goes by the environment: a command line is for everyone to read."""
    found = shutil.which(name)
    if found is None:
        raise click.ClickException(NO_PROGRAM.format(name=name))
    url = db.engine.url
    environ = os.environ | {"PGOPTIONS": f"-c lock_timeout={PATIENCE_SECONDS}s"}
    if url.password:
        environ["PGPASSWORD"] = str(url.password)
    address = url.set(drivername="postgresql", password=None).render_as_string()
    command = [found, f"--dbname={address}", *options]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise click.ClickException(f"{name}：{done.stderr.strip()}")
