"""A restore that was cut off, or comes while the service runs: nothing is served in between."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from server.backup import command, databases
from server.core.db import db
from server.core.standstill import LOCK, MARK
from tests.conftest import SECRET, typed

ROOT = Path(__file__).parents[1]
CUT_OFF = "恢复没有完成"
KILLED = """
import os, sys
from server.app import create_app
from server.backup import command
command.{step} = lambda *_: os.kill(os.getpid(), 9)
create_app().test_cli_runner().invoke(args=["restore", sys.argv[1], "--replace"])
"""


@pytest.fixture
def data(little_house):
    return little_house.config["HONGLING"]["data"]


@pytest.fixture
def run(little_house):
    return partial(typed, little_house)


def program(data, *words, **how):
    environ = os.environ | {"HONGLING_DATA": str(data), "HONGLING_SECRET": SECRET}
    return subprocess.run(  # noqa: S603
        [sys.executable, *words], cwd=ROOT, env=environ, capture_output=True, text=True, **how
    )


@pytest.mark.parametrize("step", ["_prove_rows", "upgrade", "_begin_anew"])
def test_after_a_kill_nothing_is_served_until_a_restore_is_through(
    little_house, data, run, tmp_path, step
):
    run("backup", tmp_path / "b")
    done = program(data, "-c", KILLED.format(step=step), str(tmp_path / "b"))
    assert done.returncode == -signal.SIGKILL, done.stderr
    phone = little_house.test_client()
    answer = phone.get("/api/health")
    assert (answer.status_code, answer.json["type"], answer.json["retry"]) == (
        503,
        "restoring",
        "later",
    )
    for word in ("serve", "backup"):
        code, told = run(word, *[tmp_path / "b"] * (word == "backup"))
        assert (code, CUT_OFF in told, str(tmp_path / "b") in told) == (1, True, True), word
    worker = program(data, "-m", "server.worker", timeout=30)
    assert (worker.returncode, CUT_OFF in worker.stderr) == (1, True)
    assert CUT_OFF in run("doctor")[1]
    code, told = run("restore", tmp_path / "b", "--replace")
    assert code == 0, told
    assert phone.get("/api/health").status_code == 200
    assert CUT_OFF not in run("doctor")[1]


def test_a_refused_restore_leaves_no_mark(data, run, tmp_path, monkeypatch):
    run("backup", tmp_path / "b")
    monkeypatch.setattr(databases, "load", lambda _: pytest.fail("replaced"))
    assert run("restore", tmp_path / "b")[0] == 1
    assert not (data / MARK).exists()


def test_while_the_service_runs_nothing_is_restored(little_house, data, run, tmp_path):
    run("backup", tmp_path / "b")
    holder = "from server.app import create_app as a\nfrom server.core import standstill\n"
    holder += "with a().app_context(): standstill.serve()\nprint('up', flush=True)\ninput()"
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", holder],
        cwd=ROOT,
        env=os.environ | {"HONGLING_DATA": str(data), "HONGLING_SECRET": SECRET},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as service:
        assert service.stdout.readline() == b"up\n"
        code, told = run("restore", tmp_path / "b", "--replace")
        assert (code, "请先停止服务" in told, "另存在" in told) == (1, True, False)
        assert little_house.test_client().get("/api/health").status_code == 200
        service.kill()
    code, told = run("restore", tmp_path / "b", "--replace")
    assert code == 0, told


def test_while_a_restore_runs_no_service_starts(data, run):
    with command._alone(data / LOCK, "…"):
        code, told = run("serve")
    assert (code, "正在恢复备份" in told) == (1, True)


def test_what_a_cut_off_restore_had_not_ended_is_ended_by_the_next(
    little_house, data, run, tmp_path
):
    """Sessions of the backup are open in between: that is what the mark is for."""
    with little_house.app_context():
        db.session.execute(
            db.text(
                "INSERT INTO session (id, token_hash, user_id, created_at, expires_at)"
                " SELECT id, id, id, '2026-11-01', '2099-01-01' FROM user LIMIT 1"
            )
        )
        db.session.commit()
    run("backup", tmp_path / "b")
    program(data, "-c", KILLED.format(step="_begin_anew"), str(tmp_path / "b"))
    open_ = "SELECT count(*) FROM session WHERE ended_at IS NULL"
    with little_house.app_context():
        assert db.session.scalar(db.text(open_)) == 1
        db.session.remove()
    run("restore", tmp_path / "b", "--replace")
    with little_house.app_context():
        assert db.session.scalar(db.text(open_)) == 0
        db.session.remove()
