"""A day to go again: a reminder that a secretary sets for themself, and that nobody else sees."""

from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
import time_machine

from server.core.db import db
from server.core.jobs import JOBS, JobTurn
from server.postings.models import Posting
from server.reminders.models import Reminder
from server.worker import turn
from tests.build import new_id, put, record, visit
from tests.people import known

pytestmark = pytest.mark.usefixtures("no_duties")
FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)
NINE = datetime(2026, 12, 11, 1, tzinfo=UTC)  # three weeks later, 09:00 in Linyi


def scan(app):
    with app.app_context():
        db.session.execute(db.delete(JobTurn))
        db.session.commit()
    turn(app, JOBS["reminders.scan"], Event())


@pytest.fixture
def clock():
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def path(as_, clock):
    path = f"/api/visits/{new_id()}"
    again = visit(whom="3号楼王阿姨", revisit_on="2026-12-11")
    assert put(as_("an"), path, again).status_code == 201
    return path


@pytest.mark.engines
def test_in_the_morning_of_that_day_it_is_in_the_own_inbox_without_a_name(app, as_, path, clock):
    clock.move_to(NINE - timedelta(seconds=1))
    scan(app)
    assert as_("an").get("/api/reminders").json["items"] == []
    clock.move_to(NINE)
    scan(app)
    told = as_("an").get("/api/reminders").json["items"]
    assert [(one["kind"], one["body"]) for one in told] == [("revisit", "杏花社区，11月20日走访过")]
    assert as_("ding").get("/api/reminders").json["items"] == []


@pytest.mark.engines
def test_a_visit_taken_back_or_a_posting_ended_asks_for_nothing(app, as_, path, clock, rows):
    put(as_("an"), f"{path}/void", record(reason="记错了楼"))
    put(as_("an"), f"/api/visits/{new_id()}", visit(revisit_on="2026-12-11"))
    with app.app_context():
        db.session.get(Posting, known("posting-an")).ended_on = date(2026, 12, 1)
        db.session.commit()
    clock.move_to(NINE)
    scan(app)
    assert rows(Reminder) == []


def test_the_day_is_shown_and_may_be_moved_or_dropped(as_, path):
    an = as_("an")
    told = an.get(path).json
    assert told["revisit_on"] == "2026-12-11"
    dropped = visit(revisit_on=None)
    assert put(an, path, dropped, If_Match=f'"{told["digest"]}"').status_code == 200
    assert an.get(path).json["revisit_on"] is None


def test_a_day_that_is_none_gets_a_sentence(as_):
    r = put(as_("an"), f"/api/visits/{new_id()}", visit(revisit_on="下周"))
    assert (r.status_code, r.json["fields"]) == (
        422,
        {"revisit_on": ["日期格式不对，应如 2026-11-22"]},
    )
