"""The operator's view: the machine, and nobody's words."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server.channels.channel import Outcome, Result
from server.core import clock as moments
from server.core import jobs
from server.core.db import db
from server.core.errors import Busy
from tests.reminders.ringing import NOON, Heard, address, listen, remind, work


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_only_the_administrator_sees_the_machine(as_):
    assert as_("zong").get("/api/system").status_code == 200
    for name in ("an", "ding", "ji", "he", "fang", "hu"):
        assert as_(name).get("/api/system").status_code == 404, name
        assert as_(name).get("/api/deliveries").status_code == 404, name


@pytest.mark.engines
def test_every_attempt_is_a_row_with_its_code_and_no_words(app, as_, keep, clock, monkeypatch):
    heard = Heard("webhook")
    listen(monkeypatch, heard)
    heard.plan = [Result(Outcome.CONFIG_ERROR, "60020", "not allow to access from your ip")]
    address(app, "webhook", "13800000000")
    keep(remind(title="谁家的事"))
    work(app)
    zong = as_("zong")
    told = zong.get("/api/deliveries?failed=true")
    (row,) = told.json["items"]
    assert (row["words"], row["outcome"], row["code"]) == (
        "短信或政务消息",
        "config_error",
        "60020",
    )
    assert row["person"]["name"] == "安宁"
    assert "谁家的事" not in told.get_data(as_text=True)
    assert "13800000000" not in told.get_data(as_text=True)
    first = zong.get("/api/system").json["findings"]
    assert any("60020" in one["what"] for one in first)


@pytest.mark.engines
def test_a_dead_worker_is_the_first_thing_said(app, as_, clock):
    found = as_("zong").get("/api/system").json
    assert found["findings"][0]["what"] == "后台任务从未运行过，提醒不会发出"
    work(app, "worker.heartbeat")
    found = as_("zong").get("/api/system").json
    assert "后台任务正常" in [one["what"] for one in found["findings"]]


def test_without_its_tables_the_doctor_still_says_what_to_do(app, operator):
    with app.app_context():
        db.session.execute(text("ALTER TABLE bell RENAME TO gone"))
        db.session.commit()
    said = operator("doctor", fails=True)
    assert "✗ 数据库连不上或还没有建表" in said
    assert "DATABASE_URL" in said


def test_the_doctor_says_the_same_and_fails_when_something_is_bad(app, operator):
    said = operator("doctor", fails=True)
    assert "✗ 后台任务从未运行过" in said
    with time_machine.travel(moments.now(), tick=False):
        work(app, "worker.heartbeat")
        said = operator("doctor")
    assert "✓ 后台任务正常" in said
    assert "! 还没有备案编号" in said


@pytest.mark.engines
def test_a_backup_that_has_not_come_for_a_day_is_missed(as_, operator, clock, tmp_path):
    def told():
        found = as_("zong").get("/api/system").json["findings"]
        return [(one["level"], one["what"]) for one in found if "备份" in one["what"]]

    assert told() == []
    operator("backup", tmp_path)
    assert told() == [("ok", "一小时内有备份")]
    clock.move_to(NOON + timedelta(hours=27))
    assert told() == [("warn", "最近一次备份是 27 小时以前")]
    operator("backup", tmp_path)
    assert told() == [("ok", "一小时内有备份")]


def test_a_backup_whose_time_cannot_be_noted_is_one_all_the_same(operator, monkeypatch, tmp_path):
    def busy():
        raise Busy

    monkeypatch.setattr(jobs, "note_backup", busy)
    said = operator("backup", tmp_path)
    assert ("备份完成" in said, "没能记下" in said) == (True, True)
