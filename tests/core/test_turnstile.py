"""Writers wait in line, and a connection that died while idle is noticed before it is used."""

import os
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import text

from server.core import db as core_db
from server.core import turnstile
from server.core.db import db, reading
from server.core.errors import Busy
from server.core.turnstile import Turnstile
from tests.build import new_id, put, visit


@pytest.fixture
def gate(tmp_path):
    return Turnstile(tmp_path / "turn")


def test_threads_pass_one_at_a_time(gate):
    inside, most = [], []

    def pass_through():
        gate.enter()
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.002)
        inside.pop()
        gate.leave()

    threads = [threading.Thread(target=pass_through) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 20


def test_who_waits_too_long_is_told_to_come_back(gate, monkeypatch):
    monkeypatch.setattr(turnstile, "PATIENCE_SECONDS", 0.01)
    gate.enter()
    with pytest.raises(Busy) as told:
        gate.enter()
    assert told.value.retry == "later"
    gate.leave()
    gate.enter()


HOLD = """
import sys, time, pathlib
from server.core.turnstile import Turnstile
Turnstile(pathlib.Path(sys.argv[1])).enter()
print("in", flush=True)
time.sleep(60)
"""


def test_a_process_that_is_killed_gives_its_turn_up(gate, tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path / "turn")]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=os.getcwd())  # noqa: S603
    assert other.stdout.readline() == b"in\n"
    entered = threading.Event()
    waiting = threading.Thread(target=lambda: (gate.enter(), entered.set()))
    waiting.start()
    assert not entered.wait(0.2)
    other.kill()
    other.wait()
    other.stdout.close()
    assert entered.wait(5)
    waiting.join()


def test_a_failed_write_gives_its_turn_up(app, as_):
    with app.app_context(), pytest.raises(Exception, match="no such table"):
        db.session.execute(text("INSERT INTO nowhere VALUES (1)"))
    assert put(as_("an"), f"/api/visits/{new_id()}", visit()).status_code == 201


def test_a_replay_waits_for_nobody(app, as_):
    """What was stored once is acknowledged while another writer is busy."""
    client, body, path = as_("an"), visit(), f"/api/visits/{new_id()}"
    put(client, path, body)
    with app.app_context():
        engine = db.engine
    with engine.begin():  # outside `reading`: a writer's turn
        again = put(client, path, body)
    assert (again.status_code, again.json["replayed"]) == (200, True)


@pytest.mark.engines
def test_a_connection_that_died_while_idle_is_replaced_before_use(app, as_, engine, monkeypatch):
    if engine == "sqlite":
        pytest.skip("a file has no server that may restart")
    monkeypatch.setattr(core_db, "IDLE_SECONDS", 0)
    client = as_("an")
    assert client.get("/api/visits").status_code == 200
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    kill = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608
    with app.app_context():
        idle = db.engine.connect()
        with db.engine.connect() as connection:
            idle.close()  # the next one the pool hands out
            assert connection.execute(kill).all()
    assert client.get("/api/visits").status_code == 200
    with app.app_context():
        db.engine.dispose()  # the other dead ones are not for the next test


@pytest.mark.engines
def test_a_read_within_a_read_shares_it_and_leaves_it_open(app):
    with app.app_context(), reading():
        with reading():
            db.session.execute(text("SELECT 1"))
        assert db.session().in_transaction()
