"""What the host's word does to a check-in that the rules could not place."""

from datetime import timedelta
from threading import Event

import pytest

from server.core.jobs import JOBS
from server.meetings.models import Attendance, Checkin, RosterEntry
from server.reminders.models import Reminder
from server.worker import turn
from tests.decisions.desk import Desk
from tests.people import known


@pytest.fixture
def desk(app, as_):
    return Desk(app, as_)


def path_of(answer):
    assert answer.status_code == 202, answer.json
    return f"/api/checkins/{answer.json['id']}"


@pytest.fixture
def late(opened, time):
    """Ding ticked An five minutes after the close."""
    time.shift(timedelta(minutes=30))
    opened.do("close")
    time.shift(timedelta(minutes=5))
    return path_of(opened.tick("an"))


@pytest.mark.engines
def test_an_accepted_checkin_is_a_seat_and_no_question_any_more(opened, late, desk, rows):
    shown = desk.as_("ding").get("/api/held").json["items"][0]
    assert (shown["path"], shown["kind"], shown["person"]["name"], shown["summary"]) == (
        late,
        "checkin",
        "安宁",
        "十一月月例会",
    )
    assert opened.seats() == {}
    assert desk.decide(late, "accept", by="ding").status_code == 201
    assert opened.seats() == {"安宁": ("present", "tick")}
    seen = desk.as_("an").get(late).json
    assert (seen["state"], seen["returned"]) == ("stored", None)
    row = rows(Checkin)[-1]
    assert (row.firm, row.present_at) == (True, row.at)
    told = desk.as_("ding").get(f"/api/meetings/{opened.id}/attendance").json
    assert (told["expected"], told["present"], told["held"]) == (2, 1, [])


@pytest.mark.engines
def test_a_returned_checkin_makes_no_seat_and_says_why(opened, late, desk, rows):
    assert desk.decide(late, "return", "当天没有到会", by="ding").status_code == 201
    assert rows(Attendance) == []
    assert desk.as_("an").get(late).json["returned"] == "当天没有到会"
    told = desk.as_("ding").get(f"/api/meetings/{opened.id}/attendance").json
    assert told["held"] == []


@pytest.mark.engines
def test_an_accepted_guest_is_on_the_list_from_then_on(opened, desk, rows):
    guest = path_of(opened.tick("bai"))
    assert desk.decide(guest, "accept", by="ding").status_code == 201
    assert opened.seats() == {"白桦": ("present", "tick")}
    told = desk.as_("ding").get(f"/api/meetings/{opened.id}/attendance").json
    assert (told["expected"], told["present"]) == (3, 1)
    entry = [row for row in rows(RosterEntry) if row.owner_id == known("bai")]
    assert [row.sending_unit_id for row in entry] == [known("office")]


@pytest.mark.engines
def test_a_scan_in_doubt_is_present_not_provisional_once_accepted(opened, desk, time):
    code = opened.code()
    time.shift(timedelta(minutes=10))
    held = path_of(opened.scan("an", waited=300, code=code))
    assert desk.decide(held, "accept", by="ding").status_code == 201
    assert opened.seats() == {"安宁": ("present", "scan")}


@pytest.mark.engines
def test_a_tick_taken_back_after_the_close_is_taken_back_when_accepted(opened, desk, time):
    opened.tick("an")
    time.shift(timedelta(minutes=30))
    opened.do("close")
    time.shift(timedelta(minutes=5))
    undo = path_of(opened.tick("an", way="undo"))
    assert desk.waiting("ding") == [undo]
    assert desk.decide(undo, "accept", by="ding").status_code == 201
    assert opened.seats() == {}


def test_before_the_meeting_has_opened_there_is_nothing_to_decide(hall, desk, time):
    hall.plan()
    hall.screen()
    early = path_of(hall.scan("an"))
    assert desk.waiting("ding") == []
    r = desk.decide(early, "accept", by="ding")
    assert (r.status_code, r.json["type"]) == (409, "state")
    assert hall.do("open").status_code == 201


@pytest.mark.engines
def test_a_returned_one_is_not_let_in_by_an_opening_that_arrives_late(hall, desk, time):
    hall.plan()
    hall.screen()
    early = path_of(hall.scan("an"))
    time.shift(timedelta(minutes=5))
    assert hall.do("open").status_code == 201
    assert desk.waiting("ding") == [early]
    assert desk.decide(early, "return", "没有到会", by="ding").status_code == 201
    assert hall.do("open", waited=600).status_code == 201
    assert hall.seats() == {}


def test_who_decides_on_an_own_tick_is_not_told_of_it(opened, late, desk, rows):
    assert desk.decide(late, "accept", by="ding").status_code == 201
    turn(desk.app, JOBS["reminders.scan"], Event())
    assert [row.kind for row in rows(Reminder) if row.kind == "held_decided"] == []


def test_who_is_seated_by_another_event_needs_no_decision(opened, desk, time):
    code = opened.code()
    time.shift(timedelta(minutes=10))
    path_of(opened.scan("an", waited=300, code=code))
    opened.tick("an")
    assert desk.waiting("ding") == []


@pytest.mark.engines
@pytest.mark.parametrize("stranger", ["an", "ji", "he", "zong", "bai", "gao"])
def test_whoever_is_not_its_host_or_organizer_finds_nothing(late, desk, stranger, rows):
    assert desk.waiting(stranger) == []
    assert desk.decide(late, "accept", by=stranger).status_code == 404
    assert rows(Attendance) == []


def test_the_organizer_of_the_area_decides_too(opened, late, desk):
    assert desk.waiting("fang") == [late]
    assert desk.decide(late, "accept", by="fang").status_code == 201
    assert opened.seats() == {"安宁": ("present", "tick")}
