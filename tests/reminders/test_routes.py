from datetime import UTC, datetime, timedelta

import pytest

from server.core.audit import AuditLine
from server.reminders.models import Reminder
from tests.build import JSON
from tests.people import known

NOW = datetime.now(UTC)


@pytest.fixture
def remind(keep):
    def make(person, *, at=NOW, lasts=timedelta(hours=1), about="thing"):
        row = Reminder(
            person_id=known(person), kind="issue_due", about_id=known(about), occasion=at + lasts,
            at=at, expires_at=at + lasts, bell_at=at, title="标题", body="内容", link="/issues/1",
            created_at=at,
        )  # fmt: skip
        return keep(row).id

    return make


def see(client, id, body):
    return client.put(f"/api/reminders/{id}/seen", json=body, headers=JSON)


def test_an_inbox_is_ones_own_newest_first_with_the_number_for_the_badge(as_, remind):
    old = remind("an", at=NOW - timedelta(days=2))
    fresh = remind("an", about="other")
    remind("an", at=NOW + timedelta(hours=1), about="not yet")
    remind("ding")
    inbox = as_("an").get("/api/reminders").json
    assert [item["id"] for item in inbox["items"]] == [str(fresh), str(old)]
    assert [item["expired"] for item in inbox["items"]] == [False, True]
    assert (inbox["unseen"], inbox["next"]) == (1, None)


def test_the_badge_counts_over_all_pages(as_, remind):
    for n in range(5):
        remind("an", about=f"thing {n}", at=NOW - timedelta(seconds=n))
    first = as_("an").get("/api/reminders?limit=2").json
    assert (len(first["items"]), first["unseen"]) == (2, 5)
    rest = as_("an").get(f"/api/reminders?limit=50&cursor={first['next']}").json
    assert (len(rest["items"]), rest["unseen"]) == (3, 5)


@pytest.mark.engines
def test_what_is_seen_leaves_the_badge_and_no_trace_for_others(as_, remind, rows):
    id = remind("an")
    assert [see(as_("an"), id, {"seen": True}).status_code for _ in range(2)] == [204, 204]
    inbox = as_("an").get("/api/reminders").json
    assert (inbox["items"][0]["seen"], inbox["unseen"]) == (True, 0)
    assert rows(AuditLine) == []


@pytest.mark.parametrize("name", ["ding", "fang", "hu", "zong", "ji", "he"])
def test_nobody_reads_or_marks_anothers(as_, remind, rows, name):
    id = remind("an")
    assert as_(name).get("/api/reminders").json["items"] == []
    assert see(as_(name), id, {"seen": True}).status_code == 404
    assert rows(Reminder)[0].seen_at is None


@pytest.mark.parametrize("body", [{}, {"seen": "也许"}, {"seen": True, "x": 1}])
def test_bad_input_is_refused_in_chinese(as_, remind, body):
    r = see(as_("an"), remind("an"), body)
    assert (r.status_code, r.json["type"]) == (422, "invalid")


def test_an_inbox_asks_the_same_number_of_questions_whatever_its_length(as_, remind, queries):
    remind("an")
    short = queries(lambda: as_("an").get("/api/reminders"))
    for n in range(12):
        remind("an", about=f"thing {n}")
    assert queries(lambda: as_("an").get("/api/reminders")) == short <= 4
