import uuid
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.workdays import is_workday
from server.reminders.rules import Quiet, Times, Written, bell_at, compare

SHANGHAI = ZoneInfo("Asia/Shanghai")
TIMES = Times(Quiet(time(20), time(8)), is_workday)
DAY, HOUR = "meeting_day_before", "meeting_hour_before"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "reminder", "event", "bell", "why"),
    [
        (DAY, "2026-11-24T14:30", "2026-11-25T14:30", "2026-11-24T14:30", "a working day"),
        (DAY, "2026-11-24T08:00", "2026-11-25T08:00", "2026-11-24T08:00", "quiet ends at eight"),
        (DAY, "2026-11-24T07:59", "2026-11-25T07:59", "2026-11-23T19:59", "the evening before"),
        (DAY, "2026-11-24T20:00", "2026-11-25T20:00", "2026-11-24T19:59", "quiet begins at eight"),
        (DAY, "2026-11-24T23:00", "2026-11-25T23:00", "2026-11-24T19:59", "earlier that day"),
        (DAY, "2026-11-22T14:30", "2026-11-23T14:30", "2026-11-20T19:59", "Sunday: Friday evening"),
        (DAY, "2026-11-23T07:00", "2026-11-24T07:00", "2026-11-20T19:59", "over the whole weekend"),
        (DAY, "2026-10-07T14:30", "2026-10-08T14:30", "2026-09-30T19:59", "over the festival"),
        (DAY, "2026-02-23T14:30", "2026-02-24T14:30", "2026-02-14T19:59", "to a make-up Saturday"),
        (DAY, "2026-09-20T14:30", "2026-09-21T14:30", "2026-09-20T14:30", "on a make-up Sunday"),
        (HOUR, "2026-11-25T13:30", "2026-11-25T14:30", "2026-11-25T13:30", "a working day"),
        (HOUR, "2026-11-22T13:30", "2026-11-22T14:30", "2026-11-22T13:30", "its own free day"),
        (HOUR, "2026-11-22T07:30", "2026-11-22T08:30", "2026-11-20T19:59", "free, but quiet still"),
        (HOUR, "2026-11-22T20:30", "2026-11-22T21:30", "2026-11-22T19:59", "its own free evening"),
        (HOUR, "2026-11-22T23:30", "2026-11-23T00:30", "2026-11-20T19:59", "a free day before"),
        ("issue_due", "2026-11-26T09:00", "2026-11-27T17:30", "2026-11-26T09:00", "a working day"),
        ("issue_due", "2026-11-22T09:00", "2026-11-22T17:30", "2026-11-20T19:59", "not a meeting"),
        (HOUR, "2026-11-25T14:30", "2026-11-25T14:30", None, "the event has begun"),
        (HOUR, "2026-11-25T15:30", "2026-11-25T14:30", None, "the event is past"),
    ],
)  # fmt: skip
def test_a_bell_moves_earlier_out_of_quiet_and_free_time(kind, reminder, event, bell, why):
    found = bell_at(at(reminder), event_at=at(event), times=TIMES, alone=kind == HOUR)
    assert found == (bell and at(bell)), why


@given(
    st.datetimes(at("2026-01-01").replace(tzinfo=None), at("2027-12-31").replace(tzinfo=None)),
    st.integers(1, 5000),
    st.sampled_from([DAY, HOUR, "issue_due"]),
)
def test_no_bell_ever_rings_in_the_night_on_a_free_day_late_or_after_its_event(moment, ahead, kind):
    reminder = moment.replace(tzinfo=SHANGHAI)
    event = reminder + timedelta(minutes=ahead)
    bell = bell_at(reminder, event_at=event, times=TIMES, alone=kind == HOUR)
    assert bell <= reminder < event
    assert time(8) <= bell.time() < time(20)
    own_day = kind == HOUR and bell.date() == event.date()
    assert is_workday(bell.date()) or own_day


NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
PERSON, ISSUE = uuid.uuid4(), uuid.uuid4()


def due(**changes):
    said = {"person_id": PERSON, "about_id": ISSUE, "at": NOW, "title": "到期", "body": "停车"}
    return SimpleNamespace(**(said | {"event_at": NOW + timedelta(hours=8)} | changes))


def row(**changes):
    one = due(**changes)
    said = {name: getattr(one, name) for name in ("person_id", "about_id", "at", "title", "body")}
    times = {"occasion": one.event_at, "expires_at": changes.get("expires_at", one.event_at)}
    return Written(id=uuid.uuid4(), **said, **times)


def test_what_is_due_and_not_there_is_new():
    plan = compare(found=[due()], wanted=[due()], written=[], now=NOW)
    assert (len(plan.new), plan.changed, plan.stale) == (1, [], [])


def test_what_is_there_already_is_left_alone():
    assert compare(found=[due()], wanted=[due()], written=[row()], now=NOW) == ([], [], [])


def test_what_stands_but_is_not_due_yet_is_left_alone():
    assert compare(found=[due()], wanted=[], written=[], now=NOW) == ([], [], [])
    assert compare(found=[due()], wanted=[], written=[row()], now=NOW) == ([], [], [])


def test_another_moment_is_another_reminder_and_the_old_one_is_stale():
    moved, old = due(event_at=NOW + timedelta(hours=9)), row()
    plan = compare(found=[moved], wanted=[moved], written=[old], now=NOW)
    assert (plan.new, plan.changed, plan.stale) == ([moved], [], [old.id])


def test_another_person_is_another_reminder_and_the_old_one_is_stale():
    theirs, old = due(person_id=uuid.uuid4()), row()
    plan = compare(found=[theirs], wanted=[theirs], written=[old], now=NOW)
    assert (plan.new, plan.stale) == ([theirs], [old.id])


def test_other_words_are_put_right_and_what_was_stale_is_put_back():
    old, stale = row(body="停车难"), row(expires_at=NOW)
    assert compare(found=[due()], wanted=[due()], written=[old], now=NOW).changed == [
        (old.id, due())
    ]
    assert compare(found=[due()], wanted=[due()], written=[stale], now=NOW).changed == [
        (stale.id, due())
    ]


@pytest.mark.parametrize(("hours", "stale"), [(1, True), (0, False), (-1, False)])
def test_only_what_has_not_expired_can_become_stale(hours, stale):
    old = row(event_at=NOW + timedelta(hours=hours))
    plan = compare(found=[], wanted=[], written=[old], now=NOW)
    assert plan.stale == ([old.id] if stale else [])
