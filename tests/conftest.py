"""The house, freshly built for each test, on SQLite or on a real PostgreSQL, with the cast in it.

No fixture holds an app context open: flask-login keeps the user in it, and the next request would
run as the last one's person."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import Playwright, sync_playwright
from sqlalchemy import event, inspect, text

from server.accounts.models import Session
from server.app import create_app
from server.core import clock, crypto
from server.core.db import db
from server.reminders import jobs as scans
from tests.people import everyone, known
from tests.postgres import fresh_database, postgres_programs, postgres_server

SECRET = "b3f1" * 16


class Client(FlaskClient):
    """A phone: every write names its person, as the contract wants."""

    person: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if self.person:
            headers = dict(kwargs.pop("headers", None) or {})
            kwargs["headers"] = {"Hongling-Person": self.person} | headers
        return super().open(*args, **kwargs)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `engines` run on both databases; the others on SQLite."""
    if "engine" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("engines")
        postgres = pytest.param("postgresql", marks=pytest.mark.postgres)
        metafunc.parametrize(
            "engine", ["sqlite", postgres] if both else ["sqlite"], scope="session"
        )


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Flask]]:
    """One app an engine for the whole run; `app` gives each test fresh rows."""
    built: dict[str, Flask] = {}
    closing: list[Any] = []

    def build(engine: str) -> Flask:
        if engine not in built:
            data = tmp_path_factory.mktemp(engine)
            environ = {"HONGLING_DATA": str(data), "HONGLING_SECRET": SECRET}
            if engine == "postgresql":
                environ["DATABASE_URL"] = _postgres(closing)
            app = built[engine] = create_app(environ)
            app.test_client_class = Client
            with app.app_context():
                upgrade()
                _fill()
                app.config["CAST"] = _copies()
                db.engine.dispose()
            if engine == "sqlite":
                shutil.copy(data / "hongling.db", data / "template.db")
        return built[engine]

    yield build
    for app in built.values():
        with app.app_context():
            db.engine.dispose()
    for manager in reversed(closing):
        manager.__exit__(None, None, None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One a process: a second would find the first one's loop running."""
    with sync_playwright() as found:
        yield found


@pytest.fixture
def app(houses: Callable[[str], Flask], engine: str) -> Flask:
    app = houses(engine)
    with app.app_context():
        if engine == "sqlite":
            _restore(app.config["HONGLING"]["data"])
        else:
            _empty()
            db.session.add_all(_copies(app.config["CAST"]))
            db.session.commit()
            db.session.remove()
    return app


@pytest.fixture
def little_house(tmp_path: Path) -> Iterator[Flask]:
    """A house of its own, whose files a test may break."""
    app = create_app({"HONGLING_DATA": str(tmp_path / "house"), "HONGLING_SECRET": SECRET})
    with app.app_context():
        upgrade()
        _fill()
        db.engine.dispose()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def as_(app: Flask) -> Callable[[str], Client]:
    """A signed-in client: as_("an")."""

    def sign_in(name: str) -> Client:
        token = f"token of {name}"
        with app.app_context():
            now = clock.now()
            hashed = crypto.sha256(token)
            if not db.session.scalar(db.select(Session).where(Session.token_hash == hashed)):
                row = Session(token_hash=hashed, user_id=known(name), created_at=now)
                row.expires_at = now.replace(year=now.year + 1, day=1)
                db.session.add(row)
                db.session.commit()
        client: Client = app.test_client()  # type: ignore[assignment]
        client.set_cookie("hl", token)
        client.person = str(known(name))
        return client

    return sign_in


@pytest.fixture
def operator(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """operator("backup", folder): types a command of ours and says what it printed."""
    monkeypatch.setenv("PATH", str(postgres_programs()), prepend=os.pathsep)

    def run(*words: Any, fails: bool = False) -> str:
        done = app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert done.exit_code == (1 if fails else 0), done.output
        return done.output

    return run


@pytest.fixture
def keep(app: Flask) -> Callable[..., Any]:
    """Save rows and hand them back, readable after the session is gone."""

    def save(*rows: Any) -> Any:
        with app.app_context():
            db.session.add_all(rows)
            db.session.commit()
            return rows if len(rows) > 1 else rows[0]

    return save


@pytest.fixture
def no_duties(monkeypatch: pytest.MonkeyPatch) -> None:
    """What units owe has a year of its own (tests/duties/test_year.py) and is not due elsewhere."""
    mine = {kind: find for kind, find in scans.FINDERS.items() if not kind.startswith("duty")}
    monkeypatch.setattr(scans, "FINDERS", mine)


@pytest.fixture
def rows(app: Flask) -> Callable[..., list[Any]]:
    def read(model: Any) -> list[Any]:
        with app.app_context():
            return list(db.session.scalars(db.select(model)).all())

    return read


@pytest.fixture
def queries(app: Flask) -> Callable[[Callable[[], Any]], int]:
    """How many statements a call makes."""

    def count(call: Callable[[], Any]) -> int:
        made: list[str] = []
        with app.app_context():
            engine = db.engine

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            made.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert call().status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len([line for line in made if line.startswith("SELECT")])

    return count


def _postgres(closing: list[Any]) -> str:
    server = postgres_server()
    database = fresh_database(server.__enter__())
    closing.append(server)
    url = database.__enter__()
    closing.append(database)
    return url


def _fill() -> None:
    db.session.add_all(everyone())
    db.session.commit()


def _copies(rows: list[Any] | None = None) -> list[Any]:
    """Rows as new objects, so that one set of the cast can be saved again and again."""
    found = []
    for row in rows or everyone():
        names = [column.key for column in inspect(type(row)).columns]
        values = {name: getattr(row, name) for name in names}
        found.append(type(row)(**{k: v for k, v in values.items() if v is not None}))
    return found


def _restore(data: Path) -> None:
    """By SQLite's own backup: swapping the file under a connection would be a disk error."""
    with (
        closing(sqlite3.connect(data / "template.db")) as template,
        closing(sqlite3.connect(data / "hongling.db")) as house,
    ):
        template.backup(house)


def _empty() -> None:
    names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
    db.session.execute(text(f"TRUNCATE {names} CASCADE"))


def typed(app: Flask, *words: object) -> tuple[int, str]:
    """A command of `flask`: how it ended and what it said."""
    done = app.test_cli_runner().invoke(args=[str(word) for word in words])
    return done.exit_code, done.output
