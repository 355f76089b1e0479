"""When a scan or a tick happened, and what follows from it."""

import uuid
from datetime import timedelta

import pytest

from server.meetings import rules
from server.meetings.models import Attendance, Checkin
from tests.build import new_id, put, record
from tests.meetings.hall import now
from tests.people import known

ANYBODY = str(uuid.uuid4())
AN_PRESENT = {"安宁": ("present", "scan")}


@pytest.mark.parametrize(
    ("second", "status"),
    [(-5.001, 422), (-5, 201), (0, 201), (19.999, 201), (20, 201), (20.001, 422)],
)
def test_a_code_sent_at_once_is_judged_by_the_servers_clock(opened, time, second, status):
    time.shift(timedelta(minutes=1))  # the slot begins, and the meeting has long been open
    code = opened.code()
    time.shift(timedelta(seconds=second))
    r = opened.scan("an", code=code)
    assert r.status_code == status
    if status == 422:
        assert (r.json["type"], r.json["retry"]) == ("code_expired", "never")
        assert "再扫一次" in r.json["title"]
        assert opened.seats() == {}


def test_the_phones_wrong_clock_does_not_matter_to_a_scan_sent_at_once(opened):
    wrong = now() + timedelta(hours=1)
    said = record(meeting_id=opened.id, way="scan", code=opened.code()) | {
        "made_at": wrong.isoformat()
    }
    r = put(opened.as_("an"), f"/api/checkins/{new_id()}", said, Hongling_Sent_At=wrong.isoformat())
    assert (r.status_code, r.json["labels"]) == (201, ["clock_wrong"])
    assert r.json["at"] == now().isoformat()


@pytest.mark.engines
def test_a_scan_kept_offline_is_judged_by_when_it_was_made_and_is_provisional(opened, time):
    time.shift(timedelta(hours=1))
    r = opened.scan("an", waited=3000)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])
    assert r.json["at"] == (now() - timedelta(seconds=3000)).isoformat()
    assert opened.seats() == {"安宁": ("provisional", "scan")}
    opened.tick("an")
    assert opened.seats() == AN_PRESENT
    told = opened.as_("ding").get(f"/api/meetings/{opened.id}/attendance").json["people"]
    seat = next(row for row in told if row["person"]["name"] == "安宁")
    assert (seat["at"], seat["labels"]) == (r.json["at"], ["offline"])


@pytest.mark.parametrize("skew", [-3600, -60, 60, 3600])
def test_an_offline_scan_of_a_phone_whose_clock_is_wrong_is_judged_right(opened, time, skew):
    time.shift(timedelta(hours=1))
    off = timedelta(seconds=skew)
    made, sent = now() - timedelta(seconds=1000) + off, now() + off
    said = record(meeting_id=opened.id, way="scan", code=opened.code(ago=1000))
    said["made_at"] = made.isoformat()
    r = put(opened.as_("an"), f"/api/checkins/{new_id()}", said, Hongling_Sent_At=sent.isoformat())
    assert r.status_code == 201, r.json
    assert r.json["at"] == (now() - timedelta(seconds=1000)).isoformat()
    assert "offline" in r.json["labels"]


def test_a_scan_that_waited_for_a_minute_of_no_signal_is_kept(opened, time):
    time.shift(timedelta(minutes=5))
    r = opened.scan("an", waited=60)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])


def test_an_offline_scan_of_a_forwarded_picture_waits_for_the_host(opened, time):
    code = opened.code()
    time.shift(timedelta(hours=1))
    r = opened.scan("an", code=code, waited=1800)
    assert (r.status_code, r.json["state"], r.json["held_reason"]) == (202, "held", rules.STALE)
    assert opened.seats() == {}


def test_an_offline_scan_may_arrive_after_the_close(opened, time):
    time.shift(timedelta(hours=2))
    opened.do("close")
    time.shift(timedelta(hours=20))
    r = opened.scan("an", waited=21 * 3600)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])
    assert opened.seats() == {"安宁": ("provisional", "scan")}


def test_ticks_of_a_lead_without_signal_count_in_full(opened, time):
    time.shift(timedelta(hours=1))
    r = opened.tick("an", waited=1800)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])
    assert opened.seats() == {"安宁": ("present", "tick")}


@pytest.mark.engines
def test_too_early_is_held_and_a_later_scan_counts(hall, time):
    hall.plan()
    hall.screen()
    r = hall.scan("an")
    assert (r.status_code, r.json["held_reason"], r.json["at"]) == (202, rules.NOT_OPEN, None)
    mine = hall.as_("an").get(f"/api/meetings/{hall.id}").json["mine"]
    assert mine["state"] == "held"
    time.shift(timedelta(minutes=1))
    hall.do("open")
    assert hall.seats() == {}
    time.shift(timedelta(minutes=1))
    assert hall.scan("an").json["at"] == now().isoformat()
    assert hall.seats() == AN_PRESENT


@pytest.mark.engines
def test_what_was_held_only_because_the_opening_had_not_arrived_counts_once_it_has(
    hall, time, rows
):
    hall.plan()
    hall.screen()
    time.shift(timedelta(minutes=10))
    for name in ("an", "ding", "bai"):
        assert hall.scan(name).status_code == 202
    at = now()
    time.shift(timedelta(minutes=10))
    assert hall.do("open", waited=900).status_code == 201  # opened offline, before the scans
    assert hall.seats() == {"安宁": ("present", "scan"), "丁一": ("present", "scan")}
    assert {row.at for row in rows(Attendance)} == {at}
    left = [row for row in rows(Checkin) if row.held_reason]
    assert [(row.owner_id, row.held_reason) for row in left] == [(known("bai"), rules.NOT_EXPECTED)]
