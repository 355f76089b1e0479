"""What a restore leaves behind: the old state put aside, everyone signed out, no bell to ring."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
import time_machine

from server.accounts.models import ActivationCode, Device, Session
from server.core import clock
from server.core.audit import AuditLine
from server.core.db import db
from server.core.jobs import JOBS, JobTurn
from server.reminders import jobs
from server.reminders.finders import Due
from server.reminders.models import Reminder
from server.visits.models import Visit
from server.worker import turn
from tests.accounts.test_devices import report
from tests.build import new_id, put, visit
from tests.people import known
from tests.reminders.ringing import NOON, Heard, address, listen, remind, work


@pytest.mark.engines
def test_what_is_replaced_is_put_aside_first(app, as_, operator, rows, tmp_path):
    operator("backup", tmp_path)
    put(as_("an"), f"/api/visits/{new_id()}", visit())
    told = operator("restore", tmp_path, "--replace")
    aside = Path(told.split("另存在 ")[1].splitlines()[0])
    assert aside.stat().st_mode & 0o777 == 0o600
    assert rows(Visit) == []
    if aside.suffix == ".sqlite":
        with sqlite3.connect(aside) as old:
            assert old.execute("SELECT count(*) FROM visit").fetchone() == (1,)
        old.close()


@pytest.mark.engines
def test_a_restore_is_written_into_the_audit(operator, rows, tmp_path):
    operator("backup", tmp_path)
    operator("restore", tmp_path, "--replace")
    assert [(line.action, line.area) for line in rows(AuditLine)] == [("house.restore", "/3713/")]


@pytest.mark.parametrize("damage", ["garbage", "cut", "gone"])
def test_a_database_destroyed_on_its_disk_comes_back(little_house, tmp_path, damage):
    data = little_house.config["HONGLING"]["data"]
    run = little_house.test_cli_runner().invoke
    assert run(args=["backup", str(tmp_path / "b")]).exit_code == 0
    for end in ("-wal", "-shm"):
        (data / f"hongling.db{end}").unlink(missing_ok=True)
    whole = (data / "hongling.db").read_bytes()
    lost = {"garbage": b"\xff" * len(whole), "cut": whole[: len(whole) // 2], "gone": b""}[damage]
    (data / "hongling.db").write_bytes(lost)
    done = run(args=["restore", str(tmp_path / "b"), "--replace"])
    assert done.exit_code == 0, done.output
    with little_house.app_context():
        assert db.session.scalar(db.text('SELECT count(*) FROM "user"')) == 9


@pytest.mark.engines
def test_a_code_used_since_the_backup_does_not_serve_again(app, as_, operator, rows, tmp_path):
    given = {"account_id": str(known("bai"))}
    r = as_("zong").put(f"/api/activation-codes/{new_id()}", json=given)
    operator("backup", tmp_path)
    said = {"code": r.json["code"], "password": "山高水长-路遥知马力"}
    operator("restore", tmp_path, "--replace")
    assert app.test_client().post("/api/activations", json=said).status_code == 409
    assert [code.used_at is None for code in rows(ActivationCode)] == [False]
    assert {session.ended_at is None for session in rows(Session)} == {False}


@pytest.mark.engines
def test_a_phone_that_has_sent_everything_since_is_not_listed_again(as_, operator, rows, tmp_path):
    report(as_("an"), new_id())
    operator("backup", tmp_path)
    operator("restore", tmp_path, "--replace")
    assert rows(Device) == []


@pytest.mark.engines
def test_a_restore_rings_no_bell_twice(app, as_, operator, rows, tmp_path, monkeypatch):
    """One bell is in the backup; one rang after it and is brought back by the phones; one is still
    to come."""
    now = clock.now()
    later = now + timedelta(days=300)
    events = {known("kept"): now - timedelta(hours=30), known("lost"): now - timedelta(hours=1)}

    def find(until, since):
        for about, at in events.items():
            if since < at <= until:
                yield Due(known("an"), about, at, later, "例会", "三楼", "/meetings/1")

    monkeypatch.setattr(jobs, "FINDERS", {"meeting_hour_before": find})
    monkeypatch.setattr(jobs, "_bell", lambda kind, due: due.at)
    lost = events.pop(known("lost"))
    scan(app)
    assert [row.bell_at for row in rows(Reminder)] == [events[known("kept")]]
    operator("backup", tmp_path)
    operator("restore", tmp_path, "--replace")
    assert [row.bell_at for row in rows(Reminder)] == [None]
    events[known("lost")] = lost
    scan(app)
    assert [row.bell_at for row in rows(Reminder)] == [None, None]
    coming = datetime.now(UTC) + timedelta(seconds=1)
    events[known("coming")] = coming
    while clock.now() < coming:
        pass
    scan(app)
    assert [row.bell_at for row in rows(Reminder) if row.bell_at] == [coming]
    assert as_("an").application is app


@pytest.mark.engines
@pytest.mark.parametrize("kind", ["meeting_day_before", "meeting_hour_before"])
def test_a_snooze_that_has_rung_since_the_backup_rings_no_second_time(
    app, operator, keep, rows, tmp_path, monkeypatch, kind
):
    """One was asked for between the backup and the restore, one is still to come."""
    heard = Heard("webhook")
    listen(monkeypatch, heard)
    quarter, half = timedelta(minutes=15), timedelta(minutes=30)
    with time_machine.travel(NOON, tick=False) as clock:
        address(app, "webhook", "13800000000")
        for title, until in (("rung", NOON + half), ("to come", NOON + 4 * half)):
            row = remind(kind, bell=NOON - half, title=title)
            row.snoozed_until = until
            keep(row)
        clock.move_to(NOON + quarter)
        operator("backup", tmp_path)
        clock.move_to(NOON + 3 * half)
        operator("restore", tmp_path, "--replace")
        work(app)
        assert heard.sent == []
        clock.move_to(NOON + 4 * half)
        work(app)
        assert [title for _, title, _ in heard.sent] == ["to come"]


def scan(app):
    with app.app_context():
        db.session.execute(db.delete(JobTurn).where(JobTurn.name == "reminders.scan"))
        db.session.commit()
    turn(app, JOBS["reminders.scan"], Event())
