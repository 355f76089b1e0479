from datetime import date, timedelta

import pytest

from server.core.db import db
from server.meetings import jobs  # noqa: F401  registers
from server.postings.models import Posting
from server.reminders.finders import FINDERS
from tests.meetings.hall import now
from tests.people import known

DAY = timedelta(days=1)
BEFORE = {"meeting_day_before": DAY, "meeting_hour_before": timedelta(hours=1)}


@pytest.fixture
def due(app):
    """What a finder yields for a stretch of time that ends so much before now."""

    def find(kind, *, until, since):
        with app.app_context():
            return list(FINDERS[kind](until, since))

    return find


@pytest.fixture
def starts(hall):
    """A meeting in two days, at this moment."""
    starts = now() + 2 * DAY
    ends = starts + timedelta(hours=2)
    assert hall.plan(starts_at=starts.isoformat(), ends_at=ends.isoformat()).status_code == 201
    return starts


@pytest.mark.engines
@pytest.mark.parametrize("kind", BEFORE)
def test_everyone_of_the_branch_is_reminded_once(due, starts, hall, kind):
    at = starts - BEFORE[kind]
    found = due(kind, until=at, since=at - timedelta(minutes=1))
    assert {item.person_id for item in found} == {known("an"), known("ding")}
    assert len(found) == 2
    assert {(item.at, item.event_at) for item in found} == {(at, starts)}
    assert {item.link for item in found} == {f"/meetings/{hall.id}"}
    assert {item.title for item in found} == {"十一月月例会"}
    assert {item.body for item in found} == {"11月25日（周三）9:00 在柳荫社区二楼"}
    # the stretches before and after it say nothing: each moment belongs to one of them
    assert due(kind, until=at - timedelta(seconds=1), since=at - DAY) == []
    assert due(kind, until=at + DAY, since=at) == []


@pytest.mark.parametrize("kind", BEFORE)
def test_who_no_longer_serves_is_not_reminded(app, due, starts, kind):
    with app.app_context():
        db.session.get(Posting, known("posting-an")).ended_on = date(2026, 11, 1)
        db.session.commit()
    found = due(kind, until=starts, since=starts - 2 * DAY)
    assert [item.person_id for item in found] == [known("ding")]


@pytest.mark.parametrize("kind", BEFORE)
def test_a_cancelled_meeting_reminds_nobody(due, starts, hall, kind):
    hall.do("cancel")
    assert due(kind, until=starts, since=starts - 2 * DAY) == []
