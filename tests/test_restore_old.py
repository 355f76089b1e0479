"""A backup from before the last migrations, brought back by the program that has them."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import create_engine, inspect

from server.accounts.models import Session
from server.app import create_app
from server.backup import command, databases
from server.core import clock
from server.core.db import db
from tests.conftest import SECRET, typed
from tests.people import everyone, known
from tests.postgres import fresh_database, postgres_programs

BEFORE_LEADERS = "0004"  # 0005 makes the table of the units' leaders


@pytest.fixture
def database(houses, engine):
    """Where an old house may lie, on the engine of the test; empty settings mean its own file."""
    with ExitStack() as stack:
        if engine == "sqlite":
            yield {}
        else:
            server = houses(engine).config["HONGLING"]["database_url"]
            yield {"DATABASE_URL": stack.enter_context(fresh_database(server))}


@pytest.fixture
def old_house(database, tmp_path, monkeypatch):
    """Its tables are of the time before the program's last migrations; somebody is signed in."""
    monkeypatch.setenv("PATH", str(postgres_programs()), prepend=":")
    data = str(tmp_path / "house")
    app = create_app({"HONGLING_DATA": data, "HONGLING_SECRET": SECRET} | database)
    with app.app_context():
        upgrade(revision=BEFORE_LEADERS)
        db.session.add_all(everyone())
        db.session.flush()
        now = clock.now()
        row = Session(token_hash="0" * 64, user_id=known("an"), created_at=now, expires_at=now)
        db.session.add(row)
        db.session.commit()
        db.engine.dispose()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def run(old_house):
    return partial(typed, old_house)


def leaders_table(app):
    with app.app_context(), db.engine.connect() as connection:
        return inspect(connection).has_table("unit_leader")


@pytest.mark.engines
def test_a_backup_from_before_a_new_table_comes_back_whole(old_house, run, tmp_path):
    code, told = run("backup", tmp_path / "b")
    assert code == 0, told
    code, told = run("restore", tmp_path / "b", "--replace")
    assert code == 0, told
    assert leaders_table(old_house)
    with old_house.app_context():
        assert db.session.scalar(db.text('SELECT count(*) FROM "user"')) == 9
        assert db.session.scalars(db.select(Session.ended_at)).one() is not None


@pytest.mark.engines
def test_what_an_older_program_left_is_put_aside_too(old_house, run, tmp_path, engine):
    run("backup", tmp_path / "b")
    _, told = run("restore", tmp_path / "b", "--replace")
    aside = Path(told.split("另存在 ")[1].splitlines()[0])
    assert (aside.stat().st_mode & 0o777, aside.stat().st_size > 10_000) == (0o600, True)
    if engine == "postgresql":
        assert aside.read_bytes().startswith(b"PGDMP")
        return
    copy = create_engine(f"sqlite:///{aside}")
    with copy.connect() as connection:
        assert connection.scalar(db.text('SELECT count(*) FROM "user"')) == 9
    copy.dispose()


@pytest.mark.engines
def test_what_cannot_be_put_aside_is_not_replaced(old_house, run, tmp_path, engine, monkeypatch):
    if engine == "sqlite":
        pytest.skip("a file is moved away whatever is wrong with it")
    run("backup", tmp_path / "b")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(databases, "load", lambda _: pytest.fail("replaced"))
    code, told = run("restore", tmp_path / "b", "--replace")
    assert (code, "原有数据没能另存，没有改动：没有找到 pg_dump" in told) == (1, True)


@pytest.mark.engines
def test_rows_are_compared_before_the_migrations_touch_them(old_house, run, tmp_path, monkeypatch):
    """A migration that fills its new table, or takes an old one away, is no damage."""
    real = command.upgrade

    def fill():
        real()
        db.session.execute(db.text("DROP TABLE earlier_version"))
        db.session.commit()

    run("backup", tmp_path / "b")
    monkeypatch.setattr(command, "upgrade", fill)
    code, told = run("restore", tmp_path / "b", "--replace")
    assert code == 0, told
