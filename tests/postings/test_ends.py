from datetime import date, timedelta

import pytest

from server.core import clock
from server.core.audit import AuditLine
from server.core.db import db
from server.core.settings import rules
from server.postings.models import Posting, PostingEnd
from tests.build import new_id, posting_end, put, today, visit
from tests.people import LANSHAN, known
from tests.people import posting as posting_row


@pytest.mark.engines
def test_the_end_of_a_posting_ends_the_posting_and_not_the_account(
    as_, end_path, rows, person, actions
):
    r = put(as_("fang"), end_path, posting_end(reason="recall"))
    assert (r.status_code, r.json["state"]) == (201, "stored"), r.json
    [end] = rows(PostingEnd)
    assert (end.reason, end.handed_over, end.owner_id) == ("recall", 0, known("an"))
    days = rules()["posting"]["send_days_after_end"]
    user = person("an")
    assert user.serves_until == date.fromisoformat(today()) + timedelta(days=days)
    assert "secretary" in user.roles
    [ended] = as_("an").get("/api/postings").json["items"]
    assert (ended["state"], ended["ended_on"]) == ("ended", today())
    within = visit(made_at=(clock.now() - timedelta(days=2)).isoformat())
    sent = put(as_("an"), f"/api/visits/{new_id()}", within)
    assert (sent.status_code, "after_posting" in sent.json["labels"]) == (201, True)
    assert actions()[:2] == ["post.leave", "posting.end"]


@pytest.mark.engines
def test_thirty_days_after_the_end_the_role_lapses(as_, app, end_path):
    with app.app_context():
        db.session.get(Posting, known("posting-an")).start_on = date(2020, 1, 1)
        db.session.commit()
    days = rules()["posting"]["send_days_after_end"]
    last = date.fromisoformat(today()) - timedelta(days=days)
    r = put(as_("fang"), end_path, posting_end(ended_on=last.isoformat()))
    assert put(as_("an"), f"/api/visits/{new_id()}", visit()).status_code == 202
    mended = posting_end(ended_on=(last - timedelta(days=1)).isoformat())
    assert put(as_("fang"), end_path, mended, If_Match=f'"{r.json["digest"]}"').status_code == 200
    assert put(as_("an"), f"/api/visits/{new_id()}", visit()).status_code == 404


@pytest.mark.engines
def test_open_issues_without_a_successor_keep_the_posting_open(as_, end_path, left_open, rows):
    went = left_open(4)
    r = put(as_("fang"), end_path, posting_end())
    assert (r.status_code, r.json["type"]) == (409, "state")
    assert r.json["title"] == "还有 4 件民情没有办结，请先选定接任的同志"
    assert (went, rows(PostingEnd), rows(AuditLine)) == ([], [], [])


@pytest.mark.engines
def test_open_issues_go_to_the_successor_in_the_same_transaction(as_, end_path, left_open, rows):
    went = left_open(4)
    body = posting_end(successor_posting_id=str(known("posting-ding")))
    r = put(as_("fang"), end_path, body)
    assert r.status_code == 201, r.json
    assert went == [(known("posting-an"), known("posting-ding"))]
    [end] = rows(PostingEnd)
    assert (end.handed_over, end.successor_posting_id) == (4, known("posting-ding"))
    line = rows(AuditLine)[-1]
    assert (line.action, line.detail["handed_over"]) == ("posting.end", 4)


@pytest.mark.parametrize("successor", ["posting-an", "posting-before"])
def test_a_successor_serves_and_is_somebody_else(as_, end_path, keep, successor):
    gone = posting_row(
        "posting-before", owner="ji", host="xinghua", sender="bureau", branch="branch", area=LANSHAN
    )
    gone.ended_on = date(2026, 5, 1)
    keep(gone)
    r = put(as_("fang"), end_path, posting_end(successor_posting_id=str(known(successor))))
    assert (r.status_code, "须在岗" in r.json["title"]) == (409, True)


def test_a_successor_out_of_reach_does_not_exist(as_, end_path):
    r = put(as_("fang"), end_path, posting_end(successor_posting_id=str(known("posting-bai"))))
    assert (r.status_code, "接任" in r.json["title"]) == (404, True)


@pytest.mark.engines
def test_a_posting_ends_once(as_, end_path):
    put(as_("fang"), end_path, posting_end())
    r = put(as_("hu"), f"/api/posting-ends/{new_id()}", posting_end())
    assert (r.status_code, "已于" in r.json["title"]) == (409, True)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"ended_on": "2026-02-28"}, "早于任职日期"),
        (
            {"ended_on": (date.fromisoformat(today()) + timedelta(days=1)).isoformat()},
            "不能晚于今天",
        ),
    ],
)
def test_the_day_of_an_end_must_be_possible(as_, end_path, changes, word):
    r = put(as_("fang"), end_path, posting_end() | changes)
    assert (r.status_code, word in r.json["fields"]["ended_on"][0]) == (422, True)


@pytest.mark.engines
def test_a_wrong_day_of_an_end_is_put_right(as_, end_path, person):
    first = put(as_("fang"), end_path, posting_end())
    body = posting_end(ended_on="2026-09-30", note="日期写错")
    r = put(as_("fang"), end_path, body, If_Match=f'"{first.json["digest"]}"')
    assert r.status_code == 200, r.json
    [end] = as_("fang").get("/api/posting-ends").json["items"]
    assert (end["ended_on"], end["note"]) == ("2026-09-30", "日期写错")
    assert as_("fang").get(f"/api/postings/{known('posting-an')}").json["ended_on"] == "2026-09-30"
    assert person("an").serves_until == date(2026, 10, 30)


def test_what_was_handed_over_stays_with_who_has_it(as_, end_path):
    first = put(as_("fang"), end_path, posting_end())
    body = posting_end(successor_posting_id=str(known("posting-ding")))
    r = put(as_("fang"), end_path, body, If_Match=f'"{first.json["digest"]}"')
    assert (r.status_code, "已经接手" in r.json["title"]) == (409, True)


@pytest.mark.parametrize("name", ["an", "ding", "ji", "he", "gao", "zong"])
def test_no_one_else_ends_a_posting(as_, end_path, name, rows):
    assert put(as_(name), end_path, posting_end()).status_code == 404
    assert rows(PostingEnd) == []
