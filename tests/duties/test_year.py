"""A year, day by day, against tables written by hand from the article: what the bureau of An and
Ding, posted on 1 March 2026, is reminded of, and what nobody else is."""

from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
import time_machine

from server.core.clock import SHANGHAI
from server.core.db import db
from server.core.jobs import JOBS, JobTurn
from server.duties import jobs
from server.reminders import jobs as scans
from server.reminders.models import Reminder
from server.worker import turn
from tests.build import new_id, put
from tests.duties.desk import leader, note
from tests.people import known

NEW_YEAR = datetime(2026, 1, 1, 4, tzinfo=UTC)  # noon in Linyi
TALK, REPORT, VISIT, ONSITE = "谈心谈话", "听取工作汇报", "调研", "现场办公"

# The first quarter is covered by 31 of 90 days: nothing is owed for it.
DUE = {
    ("05-31", f"第二季度{TALK}"),
    ("06-23", f"第二季度{TALK}"),
    ("08-31", f"第三季度{TALK}"),
    ("09-23", f"第三季度{TALK}"),
    ("12-01", f"第四季度{TALK}"),
    ("12-24", f"第四季度{TALK}"),
    ("05-31", f"上半年{REPORT}"),
    ("06-23", f"上半年{REPORT}"),
    ("12-01", f"下半年{REPORT}"),
    ("12-24", f"下半年{REPORT}"),
    ("05-31", f"上半年{VISIT}"),
    ("06-23", f"上半年{VISIT}"),
    ("12-01", f"下半年{VISIT}"),
    ("12-24", f"下半年{VISIT}"),
    ("11-01", f"2026年{ONSITE}"),
    ("12-01", f"2026年{ONSITE}"),
    ("12-24", f"2026年{ONSITE}"),
}
OVERDUE = {
    ("07-01", f"第二季度{TALK}"),
    ("07-01", f"上半年{REPORT}"),
    ("07-01", f"上半年{VISIT}"),
    ("10-08", f"第三季度{TALK}"),  # after the festival
    ("01-04", f"2026年第四季度{TALK}"),
    ("01-04", f"2026年下半年{REPORT}"),
    ("01-04", f"2026年下半年{VISIT}"),
    ("01-04", f"2026年{ONSITE}"),
}


@pytest.fixture
def clock(monkeypatch):
    """Only this room's finders: meetings have tests of their own."""
    mine = {"duty_due": jobs.find_due, "duty_overdue": jobs.find_overdue}
    monkeypatch.setattr(scans, "FINDERS", mine)
    with time_machine.travel(NEW_YEAR, tick=False) as traveller:
        yield traveller


def a_day(app):
    with app.app_context():
        db.session.execute(db.delete(JobTurn))
        db.session.commit()
    turn(app, JOBS["reminders.scan"], Event())


def told(rows, name, kind):
    found = [row for row in rows(Reminder) if row.person_id == known(name) and row.kind == kind]
    said = {(f"{row.at.astimezone(SHANGHAI):%m-%d}", row.title.partition("：")[0]) for row in found}
    assert len(said) == len(found), "each once"
    return said


def test_a_unit_that_does_nothing_is_reminded_of_everything_once(app, clock, rows):
    for n in range(369):
        clock.move_to(NEW_YEAR + timedelta(days=n))
        a_day(app)
    assert told(rows, "ji", "duty_due") == DUE
    assert told(rows, "ji", "duty_overdue") == OVERDUE
    for name in ("an", "bai", "he", "zong"):
        assert told(rows, name, "duty_due") | told(rows, name, "duty_overdue") == set(), name


def test_a_unit_that_notes_in_time_hears_of_each_once_and_of_nothing_overdue(app, as_, clock, rows):
    posts = {TALK: "heart_talk", REPORT: "hear_report", VISIT: "research_visit"}
    for n in range(366):
        clock.move_to(NEW_YEAR + timedelta(days=n))
        a_day(app)
        today = date(2026, 1, 1) + timedelta(days=n)
        if f"{today:%m-%d}" in ("05-31", "08-31", "11-01", "12-01"):
            do_all(as_, today, posts, on_site=f"{today:%m}" == "11")
    # Reports and visits of the second half were noted in August already.
    firsts = {one for one in DUE if one[0] in ("05-31", "08-31", "11-01")}
    firsts.add(("12-01", f"第四季度{TALK}"))
    assert told(rows, "ji", "duty_due") == firsts
    assert told(rows, "ji", "duty_overdue") == set()


def do_all(as_, today, posts, *, on_site):
    who = {"heart_talk": leader_id(as_, "personnel"), "onsite_office": leader_id(as_, "principal")}
    duties = ["onsite_office"] if on_site else list(posts.values())
    for duty in duties:
        body = note(duty, on=today.isoformat(), leader_id=who.get(duty))
        assert put(as_("ji"), f"/api/fulfilments/{new_id()}", body).status_code == 201


def leader_id(as_, post):
    id = str(known(f"{post} of bureau"))
    here = as_("ji").get("/api/unit-leaders").json["items"]
    return id if any(one["id"] == id for one in here) else leader(as_, post)


def test_the_lead_hears_of_meetings_and_plans_and_the_department_of_insurance(app, clock, rows):
    for month in range(3, 13):
        for day in (1, 2, 15, 24, 25):
            clock.move_to(datetime(2026, month, day, 4, tzinfo=UTC))
            a_day(app)
    lead = {title for _, title in told(rows, "ding", "duty_due")}
    assert {"10月月例会", "第四季度季度观摩", "任期规划审议"} <= lead
    assert not any(word in title for title in lead for word in (TALK, REPORT, VISIT, ONSITE))
    city = {title for _, title in told(rows, "hu", "duty_due")}
    assert city == {"2026年人身意外伤害保险"}


@pytest.mark.engines
def test_what_was_made_up_is_no_longer_waiting(app, as_, clock, rows):
    clock.move_to(datetime(2026, 10, 8, 4, tzinfo=UTC))
    a_day(app)
    assert ("10-08", f"第三季度{TALK}") in told(rows, "ji", "duty_overdue")
    late = note(on="2026-09-20", leader_id=leader(as_))
    assert put(as_("ji"), f"/api/fulfilments/{new_id()}", late).status_code == 201
    a_day(app)
    items = as_("ji").get("/api/reminders").json["items"]
    (one,) = [x for x in items if x["kind"] == "duty_overdue" and x["title"].startswith("第三")]
    assert one["expired"] is True
