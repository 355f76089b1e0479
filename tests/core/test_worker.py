"""The process that keeps time: whose turn it is, what a failure or a stop leaves behind."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
import time_machine

from server import worker
from server.core.db import db
from server.core.jobs import Job, JobTurn
from server.worker import start, turn
from tests.conftest import SECRET

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
EVERY = timedelta(seconds=30)


def job(run, every=EVERY):
    return Job("a job", every, timedelta(minutes=5), run)


def row(app):
    with app.app_context():
        return db.session.get(JobTurn, "a job")


@pytest.mark.engines
@pytest.mark.parametrize("workers", [1, 4])
def test_a_turn_belongs_to_one_worker(app, workers):
    ran, together = [], Barrier(workers)

    def work():
        together.wait()
        turn(app, job(lambda: ran.append(1)), Event())

    threads = [Thread(target=work) for _ in range(workers)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert ran == [1]
    assert (row(app).claimed_until, row(app).ended_at is not None) == (None, True)


@pytest.mark.engines
@pytest.mark.parametrize(
    ("every", "later", "runs"),
    [
        (EVERY, timedelta(seconds=10), 1),
        (EVERY, timedelta(seconds=15), 2),
        (EVERY, timedelta(days=3), 2),
        (EVERY, timedelta(days=-3), 2),  # a clock that had been ahead
        (timedelta(days=1), timedelta(hours=20), 1),
        (timedelta(days=1), timedelta(hours=24), 2),
    ],
)
def test_a_turn_comes_again_when_its_time_has(app, every, later, runs):
    ran = []
    with time_machine.travel(NOON, tick=False) as clock:
        for moment in (NOON, NOON + later):
            clock.move_to(moment)
            turn(app, job(lambda: ran.append(1), every), Event())
    assert len(ran) == runs


@pytest.mark.engines
@pytest.mark.parametrize(
    ("later", "runs"),
    [(timedelta(minutes=4), 0), (timedelta(minutes=6), 1), (timedelta(days=-1), 1)],
)
def test_a_dead_workers_claim_ends_with_its_lease_or_with_a_jump_of_the_clock(app, later, runs):
    ran = []
    with time_machine.travel(NOON, tick=False) as clock:
        with pytest.raises(SystemExit):
            turn(app, job(lambda: sys.exit("killed")), Event())
        clock.move_to(NOON + later)
        turn(app, job(lambda: ran.append(1)), Event())
    assert len(ran) == runs


@pytest.mark.engines
def test_a_failing_job_is_told_and_tried_again_at_the_next_tick(app, caplog):
    ran = []

    def fail():
        ran.append(1)
        raise ValueError("broken on purpose")

    for _ in range(2):
        turn(app, job(fail), Event())
    assert len(ran) == 2
    assert caplog.text.count("job a job failed") == 2
    assert (row(app).claimed_until, row(app).ended_at) == (None, None)


@pytest.mark.engines
def test_each_step_is_kept_and_a_stop_ends_after_the_running_one(app):
    stop, seen = Event(), []

    def steps():
        for n in range(3):
            db.session.add(JobTurn(name=f"step {n}"))
            if n == 1:
                stop.set()
            yield
            seen.append(n)

    turn(app, job(steps), stop)
    with app.app_context():
        names = db.session.scalars(db.select(JobTurn.name).order_by(JobTurn.name)).all()
    assert names == ["a job", "step 0", "step 1"]
    assert (row(app).claimed_until, row(app).ended_at) == (None, None)
    assert seen == [0]


def test_a_failing_job_does_not_stop_the_clock(app, monkeypatch):
    """APScheduler's thread goes on ticking, the others' turns too."""
    second, good = timedelta(seconds=1), Event()

    def fail():
        raise ValueError("broken on purpose")

    found = {
        "bad": Job("bad", second, EVERY, fail),
        "good": Job("good", second, EVERY, good.set),
    }
    monkeypatch.setattr(worker, "JOBS", found)
    scheduler = start(app, Event())
    try:
        assert good.wait(5)
        good.clear()
        assert good.wait(5)
        assert scheduler._thread.is_alive()
        assert str(scheduler.timezone) == "Asia/Shanghai"
        settled = {
            (job.misfire_grace_time, job.coalesce, job.max_instances)
            for job in scheduler.get_jobs()
        }
        assert settled == {(None, True, 1)}
    finally:
        scheduler.shutdown(wait=True)


@pytest.fixture
def data(tmp_path):
    environ = {"HONGLING_DATA": str(tmp_path), "HONGLING_SECRET": SECRET, "FLASK_APP": "server.app"}
    environ = {**os.environ, **environ}
    flask = [sys.executable, "-m", "flask", "db", "upgrade"]
    subprocess.run(flask, cwd=ROOT, env=environ, check=True, capture_output=True)  # noqa: S603
    return tmp_path, environ


def heartbeat(folder):
    with sqlite3.connect(folder / "hongling.db") as raw:
        found = raw.execute(
            "SELECT ended_at FROM job_turn WHERE name = 'worker.heartbeat'"
        ).fetchone()
    raw.close()
    return found and found[0]


def until(what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def test_two_real_workers_live_beside_each_other_and_end_politely(data):
    folder, environ = data
    command = [sys.executable, "-m", "server.worker"]
    pair = [
        subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE)  # noqa: S603
        for _ in range(2)
    ]
    try:
        until(lambda: heartbeat(folder))
        pair[0].kill()
        assert pair[1].poll() is None
        time.sleep(0.5)
        pair[1].send_signal(signal.SIGTERM)
        _, told = pair[1].communicate(timeout=15)
        assert pair[1].returncode == 0
        assert b"worker: stopped" in told
        assert b"Traceback" not in told, told.decode()
    finally:
        for one in pair:
            one.kill()
            one.communicate()
