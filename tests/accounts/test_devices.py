"""Whoever cannot send can be helped; whoever can is not watched."""

import re
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import time_machine

from server.accounts.models import Device
from server.core.audit import AuditLine
from server.core.db import db
from server.core.jobs import JOBS
from server.worker import turn
from tests.build import new_id
from tests.people import known

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def said(**changes):
    told = {"unsent": 3, "oldest_at": "2026-11-22T08:00:00+08:00", "version": "1.0.0"}
    return told | {"storage": "best_effort", "free": 12, "evicted": 0} | changes


def report(client, id, **changes):
    return client.put(f"/api/devices/{id}", json=said(**changes))


@pytest.fixture
def id():
    return new_id()


@pytest.mark.engines
def test_the_administrator_sees_whose_phone_holds_what_and_since_when(as_, id):
    with time_machine.travel(NOON, tick=False):
        assert report(as_("an"), id).status_code == 204
        items = as_("zong").get("/api/devices").json["items"]
    assert items == [
        {
            "id": id,
            "person": {"id": str(known("an")), "name": "安宁"},
            "unsent": 3,
            "oldest_at": "2026-11-22T00:00:00+00:00",
            "version": "1.0.0",
            "storage": "best_effort",
            "free": 12,
            "evicted": 0,
            "reported_at": NOON.isoformat(),
        }
    ]


@pytest.mark.engines
def test_a_later_report_takes_the_place_of_the_one_before(as_, id, rows):
    for unsent in (3, 2):
        assert report(as_("an"), id, unsent=unsent, oldest_at=None, free=None).status_code == 204
    assert [(row.unsent, row.oldest_at, row.free) for row in rows(Device)] == [(2, None, None)]


@pytest.mark.engines
def test_when_all_is_sent_nothing_is_left_to_see_not_even_in_the_audit(as_, id, rows):
    an = as_("an")
    assert report(an, id, unsent=0).status_code == 204
    assert rows(Device) == []
    report(an, id)
    assert report(an, id, unsent=0, oldest_at=None).status_code == 204
    assert (rows(Device), rows(AuditLine)) == ([], [])


@pytest.mark.engines
def test_a_phone_of_two_people_is_two_rows(as_, id, rows):
    report(as_("an"), id, unsent=1)
    report(as_("ding"), id, unsent=2)
    assert {row.user_id: row.unsent for row in rows(Device)} == {known("an"): 1, known("ding"): 2}
    report(as_("ding"), id, unsent=0)
    assert [row.user_id for row in rows(Device)] == [known("an")]


@pytest.mark.parametrize("stranger", ["an", "ding", "ji", "he", "fang", "hu"])
def test_nobody_but_the_administrator_reads_it(as_, id, stranger):
    report(as_("an"), id)
    assert as_(stranger).get("/api/devices").json["items"] == []


def test_the_list_is_by_name_not_by_who_was_heard_of_last_and_turns_its_pages(as_, queries):
    for name in ("ding", "an", "bai"):
        report(as_(name), new_id())
    zong = as_("zong")
    names = sorted(["丁一", "安宁", "白桦"])
    assert [i["person"]["name"] for i in zong.get("/api/devices").json["items"]] == names
    asked = queries(lambda: zong.get("/api/devices"))
    report(as_("gao"), new_id())
    assert queries(lambda: zong.get("/api/devices")) == asked
    first = zong.get("/api/devices?limit=2").json
    rest = zong.get(f"/api/devices?limit=2&cursor={first['next']}").json
    found = [item["person"]["name"] for item in first["items"] + rest["items"]]
    assert found == sorted([*names, "高远"])


@pytest.mark.engines
def test_after_forty_days_of_silence_the_row_goes(app, as_, rows):
    with time_machine.travel(NOON, tick=False) as clock:
        for name, days in (("an", 0), ("ding", 5)):
            clock.move_to(NOON + timedelta(days=days))
            report(as_(name), new_id())
        clock.move_to(NOON + timedelta(days=40, minutes=1))
        turn(app, JOBS["devices.sweep"], Event())
    assert [row.user_id for row in rows(Device)] == [known("ding")]


def test_evicted_work_is_told_in_the_servers_log(as_, id, caplog):
    report(as_("an"), id, unsent=0, evicted=3)
    assert f"threw away 3 unsent records of {known('an')}" in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        {"unsent": -1},
        {"unsent": "3"},
        {"free": 101},
        {"storage": "cloud"},
        {"oldest_at": "昨天"},
        {"version": "x" * 41},
        {"last_seen_at": "2026-11-22T08:00:00+08:00"},
    ],
)
def test_bad_input_names_the_field(as_, id, rows, change):
    r = report(as_("an"), id, **change)
    assert (r.status_code, list(r.json["fields"])) == (422, list(change))
    assert rows(Device) == []


def test_no_column_anywhere_says_when_a_person_or_phone_was_last_heard_of(app):
    """T2 of the reference, for machines: `reported_at` lives as long as unsent work does; what a
    person has read is theirs alone; the job's end is the worker's heartbeat; a grant is used up by
    a message that we sent."""
    telling = re.compile(r"seen|last|active|online|report|heart|beat|ping|sync|access|used_at")
    columns = {f"{t.name}.{c.name}" for t in db.metadata.sorted_tables for c in t.columns}
    assert {name for name in columns if telling.search(name.partition(".")[2])} == {
        "device.reported_at",
        "reminder.seen_at",
        "activation_code.used_at",
        "message_grant.used_at",
    }
