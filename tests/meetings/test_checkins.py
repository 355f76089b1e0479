import itertools
import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.core.audit import AuditLine
from server.core.db import db
from server.meetings.models import Attendance, Checkin
from tests.build import new_id, put, record
from tests.meetings.hall import now
from tests.people import known

ANYBODY = str(uuid.uuid4())
AN_PRESENT = {"安宁": ("present", "scan")}


def is_chinese(sentence):
    return any("一" <= c <= "鿿" for c in sentence)


@pytest.mark.engines
def test_a_scan_makes_one_event_one_seat_and_one_audit_line(opened, rows):
    r = opened.scan("an")
    assert (r.status_code, r.json["state"], r.json["labels"]) == (201, "stored", [])
    assert r.json["already"] is False
    assert r.json["at"] == now().isoformat()
    event, seat = rows(Checkin)[0], rows(Attendance)[0]
    assert (event.owner_id, event.author_id, event.way) == (known("an"), known("an"), "scan")
    assert (seat.person_id, seat.state, seat.at) == (known("an"), "present", now())
    line = rows(AuditLine)[-1]
    assert (line.action, line.subject_id, line.area) == (
        "checkin.record",
        event.id,
        "/3713/371302/",
    )
    assert line.detail == {
        "meeting": opened.id,
        "person": str(known("an")),
        "way": "scan",
        "held": False,
    }


@pytest.mark.engines
def test_the_same_bytes_again_say_the_same_and_write_nothing(opened, time, rows):
    said = json.dumps(record(meeting_id=opened.id, way="scan", code=opened.code()))
    path = f"/api/checkins/{new_id()}"
    first = put(opened.as_("an"), path, said)
    time.shift(timedelta(hours=1))
    again = put(opened.as_("an"), path, said)
    assert (first.status_code, again.status_code) == (201, 200)
    changes = {"server_time", "replayed"}
    assert {k: v for k, v in first.json.items() if k not in changes} == {
        k: v for k, v in again.json.items() if k not in changes
    }
    assert len(rows(Checkin)) == len(rows(Attendance)) == 1
    assert [line.action for line in rows(AuditLine)].count("checkin.record") == 1


def test_the_meeting_need_not_be_named(opened):
    r = opened.scan("an", meeting_id=None)
    assert (r.status_code, opened.seats()) == (201, AN_PRESENT)


def test_the_host_signs_in_like_everyone(opened):
    assert opened.scan("ding").status_code == 201
    assert opened.seats() == {"丁一": ("present", "scan")}


@pytest.mark.engines
def test_a_second_scan_is_told_the_first_time_and_is_no_error(opened, time):
    first = opened.scan("an").json["at"]
    time.shift(timedelta(minutes=20))
    r = opened.scan("an")
    assert (r.status_code, r.json["already"], r.json["at"]) == (201, True, first)


CHANNELS = {
    "scan": lambda hall: hall.scan("an"),
    "host_scan": lambda hall: hall.tick("an", way="host_scan"),
    "tick": lambda hall: hall.tick("an"),
}


@pytest.mark.engines
@pytest.mark.parametrize("order", list(itertools.permutations(CHANNELS)), ids=",".join)
def test_three_channels_in_any_order_make_three_events_and_one_seat(opened, time, rows, order):
    first = now()
    for channel in order:
        assert CHANNELS[channel](opened).status_code == 201
        time.shift(timedelta(minutes=1))
    assert len(rows(Checkin)) == 3
    seat = rows(Attendance)[0]
    assert (len(rows(Attendance)), seat.way, seat.at) == (1, order[0], first)
    assert seat.state == "present"


@pytest.mark.engines
def test_a_tick_is_taken_back_and_given_again_and_every_event_stays(opened, time, rows):
    opened.tick("an")
    time.shift(timedelta(seconds=5))
    r = opened.tick("an", way="undo", note="点错了人")
    assert (r.status_code, r.json["already"], r.json["at"]) == (201, False, None)
    assert opened.seats() == {}
    time.shift(timedelta(seconds=5))
    assert opened.tick("an").json["already"] is False
    assert opened.seats() == {"安宁": ("present", "tick")}
    assert [row.way for row in sorted(rows(Checkin), key=lambda row: row.at)] == [
        "tick",
        "undo",
        "tick",
    ]


def test_an_undo_of_before_does_not_touch_a_scan_of_after(opened, time):
    opened.tick("an")
    time.shift(timedelta(minutes=9))
    opened.scan("an")
    opened.tick("an", way="undo", waited=480)  # made offline between the two, arrived last
    assert opened.seats() == AN_PRESENT


def test_count_of_seats_equals_what_the_list_says(opened, app):
    opened.scan("an")
    opened.scan("ding")
    opened.tick("an", way="undo")
    with app.app_context():
        stored = db.session.scalar(select(func.count()).select_from(Attendance))
    told = opened.as_("ding").get(f"/api/meetings/{opened.id}").json
    assert (told["present"], told["expected"], stored) == (1, 2, 1)


@pytest.mark.engines
def test_a_leads_offline_evening_arrives_in_one_batch_and_one_bad_item_costs_only_itself(
    hall, time
):
    hall.plan()
    opening = record(meeting_id=hall.id, do="open")
    ticks = [
        record(meeting_id=hall.id, way="tick", person_id=str(known(name)))
        for name in ("an", "ding", "an")
    ]
    ticks.insert(1, record(meeting_id=hall.id, way="scan", code="A" * 33))
    paths = ["meeting-actions", *["checkins"] * len(ticks)]
    items = [
        {"method": "PUT", "path": f"/api/{nouns}/{new_id()}", "body": json.dumps(said)}
        for nouns, said in zip(paths, [opening, *ticks], strict=True)
    ]
    time.shift(timedelta(hours=3))
    headers = {"Hongling-Sent-At": now().isoformat()}
    told = hall.as_("ding").post("/api/batch", json={"items": items}, headers=headers)
    told = told.json["results"]
    assert [item["status"] for item in told] == [201, 201, 422, 201, 201]
    assert [told[n]["receipt"]["already"] for n in (1, 3, 4)] == [False, False, True]
    assert told[2]["problem"]["type"] == "bad_code"
    assert hall.seats() == {"安宁": ("present", "tick"), "丁一": ("present", "tick")}
