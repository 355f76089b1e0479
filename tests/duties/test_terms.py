"""Duties where terms begin, end and are corrected, and people come and go."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from server.accounts.models import User
from server.core.db import db
from server.postings.models import Posting
from server.reminders.models import Reminder
from tests.build import listed, new_id, picture, put
from tests.duties.desk import leader, note
from tests.duties.test_routes import owed
from tests.people import known
from tests.photos.test_routes import send
from tests.reminders.ringing import work

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def change(app, model, key, **values):
    with app.app_context():
        row = db.session.get(model, known(key))
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()


def clock_now():
    return datetime.now(UTC)


def standing(rows, name, kind):
    now = clock_now()
    mine = [row for row in rows(Reminder) if (row.person_id, row.kind) == (known(name), kind)]
    return {row.title for row in mine if row.expires_at > now}


@pytest.mark.engines
def test_what_ended_owes_by_its_end_and_no_later(app, as_):
    change(app, Posting, "posting-an", ended_on=date(2026, 11, 20))
    talks = [x for x in as_("ji").get("/api/duties").json["items"] if x["period"] == "2026Q4"]
    [talk] = [x for x in talks if x["duty"] == "heart_talk"]
    assert {x["name"]: x["due_on"] for x in talk["subjects"]} == {
        "安宁": "2026-11-20",
        "丁一": "2026-12-31",
    }


@pytest.mark.engines
def test_a_corrected_end_counts_what_it_covers_again(app, as_):
    change(app, Posting, "posting-an", ended_on=date(2026, 11, 17))
    path = f"/api/fulfilments/{new_id()}"
    talk = note(on="2026-11-20", whom=["an"], leader_id=leader(as_))
    assert put(as_("ji"), path, talk).json["labels"] == ["outside_term"]
    assert owed(as_("ji"))["2026Q4"][0] == 0
    change(app, Posting, "posting-an", ended_on=None)
    assert owed(as_("ji"))["2026Q4"][0] == 1
    assert [x["counts"] for x in as_("ji").get(path).json["postings"]] == [True]


@pytest.mark.engines
def test_a_talk_noted_for_two_counties_is_read_by_neither_department(app, as_):
    change(app, Posting, "posting-bai", sending_unit_id=known("bureau"))
    path = f"/api/fulfilments/{new_id()}"
    both = note(whom=["an", "bai"], leader_id=leader(as_))
    assert put(as_("ji"), path, both).status_code == 201
    assert {name: as_(name).get(path).json["notes"] for name in ("ji", "hu", "fang", "gao")} == {
        "ji": "谈了近期思想和家庭情况",
        "hu": "谈了近期思想和家庭情况",
        "fang": "",
        "gao": "",
    }
    heard = put(as_("ji"), f"/api/fulfilments/{(other := new_id())}", note("hear_report"))
    assert heard.status_code == 201
    assert as_("fang").get(f"/api/fulfilments/{other}").json["notes"] == "谈了近期思想和家庭情况"


@pytest.mark.engines
def test_nor_are_the_pictures_of_such_a_talk_seen(app, as_):
    change(app, Posting, "posting-bai", sending_unit_id=known("bureau"))
    raw, path = picture(), f"/api/fulfilments/{new_id()}"
    photo = listed(raw, stage="after")
    both = note(whom=["an", "bai"], leader_id=leader(as_), photos=[photo])
    assert put(as_("ji"), path, both).status_code == 201
    assert send(as_("ji"), photo["id"], raw).status_code == 201
    for name, seen in {"ji": True, "hu": True, "fang": False, "gao": False}.items():
        status = as_(name).get(f"/api/photos/{photo['id']}").status_code
        listing = as_(name).get(path).json["photos"]
        assert (status, bool(listing)) == ((200, True) if seen else (404, False)), name


def test_what_is_done_after_weeks_leaves_the_inbox_too(app, as_, clock, rows):
    clock.move_to(datetime(2026, 12, 1, 4, tzinfo=UTC))
    work(app, "reminders.scan")
    clock.move_to(datetime(2026, 12, 20, 4, tzinfo=UTC))
    assert any(title.startswith("第四季度谈心") for title in standing(rows, "ji", "duty_due"))
    talk = note(on="2026-12-20", leader_id=leader(as_))
    assert put(as_("ji"), f"/api/fulfilments/{new_id()}", talk).status_code == 201
    work(app, "reminders.scan")
    assert not any(title.startswith("第四季度谈心") for title in standing(rows, "ji", "duty_due"))


def test_who_no_longer_leads_the_branch_is_not_told_of_its_duties(app, clock, rows):
    change(app, User, "ding", serves_until=date(2026, 11, 24))
    clock.move_to(datetime(2026, 12, 2, 4, tzinfo=UTC))
    work(app, "reminders.scan")
    assert standing(rows, "ding", "duty_overdue") | standing(rows, "ding", "duty_due") == set()
