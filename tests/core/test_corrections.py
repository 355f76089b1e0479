"""Corrections: of one version only one counts, the time it was made stands, and what was stored
once is acknowledged for ever."""

import json
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import time_machine

from server.core.audit import AuditLine
from server.core.crypto import sha256
from server.core.records import EarlierVersion, Told
from server.visits.models import Visit
from tests.build import new_id, put, visit

NINE = datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.fixture
def path(as_):
    found = f"/api/visits/{new_id()}"
    assert put(as_("an"), found, visit(said="one")).status_code == 201
    return found


@pytest.fixture
def at_once(app, as_, path, monkeypatch):
    """Send two corrections of one version: the first stops right after it has looked, until the
    second is through or waits for it."""
    looked, go, read = Event(), Event(), Told.read

    def slow(told, body):
        if not looked.is_set():
            looked.set()
            assert go.wait(20)
        return read(told, body)

    def send(body, version):
        client = app.test_client()
        client.set_cookie("hl", "token of an")
        client.person = as_("an").person
        return put(client, path, body, If_Match=version)

    def run(*bodies):
        version = as_("an").get(path).json["digest"]
        monkeypatch.setattr(Told, "read", slow)
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(send, bodies[0], version)
            assert looked.wait(20)
            second = pool.submit(send, bodies[1], version)
            wait([second], timeout=1)
            go.set()
            return first.result(20), second.result(20)

    return run


@pytest.mark.engines
def test_of_two_corrections_of_one_version_one_is_a_clash(at_once, rows):
    first, second = at_once(visit(said="slow"), visit(said="quick"))
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json["type"] == "digest_differs"
    assert [row.said for row in rows(Visit)] == ["slow"]
    assert [row.said["said"] for row in rows(EarlierVersion)] == ["one"]


@pytest.mark.engines
def test_a_correction_sent_twice_at_once_is_one(at_once, rows):
    body = json.dumps(visit(said="slow"))
    first, second = at_once(body, body)
    assert [(r.status_code, r.json["replayed"]) for r in (first, second)] == [
        (200, False),
        (200, True),
    ]
    assert (len(rows(EarlierVersion)), len(rows(AuditLine))) == (1, 2)


@pytest.mark.engines
def test_a_version_that_was_corrected_since_is_a_replay_and_lacks_nothing(as_, rows):
    an, path = as_("an"), f"/api/visits/{new_id()}"
    first = json.dumps(visit(said="one"))
    digest = put(an, path, first).json["digest"]
    assert put(an, path, visit(said="two"), If_Match=digest).status_code == 200
    again = put(an, path, first)
    assert (again.status_code, again.json["replayed"]) == (200, True)
    assert again.json["digest"] == digest == sha256(first.encode())
    assert [row.said for row in rows(Visit)] == ["two"]
    asked = {"items": [{"path": path, "digest": digest}, {"path": path, "digest": sha256(b"?")}]}
    assert an.post("/api/reconcile", json=asked).json["lacks"] == [path]
    asked["items"].pop()
    assert an.post("/api/reconcile", json=asked).json["lacks"] == []


def test_a_correction_leaves_the_record_at_its_time(as_, rows):
    an, path = as_("an"), f"/api/visits/{new_id()}"
    with time_machine.travel(NINE, tick=False) as clock:
        made = (NINE - timedelta(minutes=10)).isoformat()
        told = put(an, path, visit(made_at=made, seq=4), Hongling_Sent_At=NINE.isoformat())
        assert told.json["labels"] == ["offline"]
        clock.move_to(NINE + timedelta(days=5))
        now = (NINE + timedelta(days=5)).isoformat()
        again = visit(said="改过", seq=9)
        r = put(an, path, again, If_Match=told.json["digest"], Hongling_Sent_At=now)
    assert (r.status_code, r.json["labels"]) == (200, ["offline"])
    (row,), (before,) = rows(Visit), rows(EarlierVersion)
    assert (row.made_at.isoformat(), row.seq, row.told_at) == (made, 9, NINE + timedelta(days=5))
    assert (before.said["seq"], before.said["told_at"][:16]) == (4, "2026-11-25 00:50")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"made_at": "9999-12-31T20:00:00Z"}, 201),
        ({"made_at": "9999-12-31T20:00:00-08:00"}, 422),
        ({"made_at": "0001-01-01T00:00:00Z"}, 201),
        ({"seq": 3.0}, 201),
        ({"seq": 3.5}, 422),
    ],
)
def test_the_ends_of_all_calendars_break_nothing(as_, changes, status):
    assert put(as_("an"), f"/api/visits/{new_id()}", visit(**changes)).status_code == status


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "Infinity"])
def test_a_number_that_is_none_is_refused_not_broken_on(as_, number):
    raw = json.dumps(visit(seq=7)).replace('"seq": 7', f'"seq": {number}')
    r = put(as_("an"), f"/api/visits/{new_id()}", raw)
    assert r.status_code in (400, 422)
