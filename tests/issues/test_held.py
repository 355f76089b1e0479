"""What the organizer's word sets in motion for an issue, a step, and what hangs on them."""

from datetime import UTC, datetime

import pytest

from server.core.db import db
from server.issues.models import Issue, IssueAction, IssueContact
from server.photos.models import Photo
from server.postings.models import PostingEnd
from tests.build import contact, listed, picture, put, step
from tests.decisions.desk import Desk
from tests.people import LANSHAN, known


@pytest.fixture
def desk(app, as_):
    return Desk(app, as_)


@pytest.fixture
def ended(desk):
    desk.end_term()
    return desk


def name_successor(app):
    now = datetime.now(UTC)
    with app.app_context():
        ending = PostingEnd(
            posting_id=known("posting-an"), successor_posting_id=known("posting-ding"),
            ended_on=now.date(), reason="term", note="", handed_over=0, author_id=known("fang"),
            owner_id=known("an"), area_path=LANSHAN, digest="0" * 64, made_at=now, told_at=now,
            received_at=now, seq=0, labels=[],
        )  # fmt: skip
        db.session.add(ending)
        db.session.commit()


@pytest.mark.engines
def test_an_accepted_issue_is_followed_like_any_other(ended):
    path = ended.held_issue(what="夜里没处停车")
    assert ended.decide(path, "accept").status_code == 201
    seen = ended.as_("an").get(path).json
    assert (seen["held_reason"], seen["returned"]) == (None, None)
    assert ended.as_("ji").get("/api/issues/count").json["open"] == 1


@pytest.mark.engines
def test_an_accepted_issue_goes_to_the_successor_with_all_that_hangs_on_it(ended, rows):
    path = ended.held_issue(contact=contact(), photos=[listed(picture())])
    name_successor(ended.app)
    assert ended.decide(path, "accept").status_code == 201
    assert ended.as_("ding").get(path).json["secretary"]["name"] == "丁一"
    assert [row.owner_id for row in rows(IssueContact)] == [known("ding")]
    assert [row.host_unit_id for row in rows(Photo)] == [known("liuyin")]


@pytest.mark.engines
def test_a_returned_issue_stays_with_its_writer(ended):
    path = ended.held_issue()
    name_successor(ended.app)
    assert ended.decide(path, "return", "请由接任的同志登记").status_code == 201
    seen = ended.as_("an").get(path).json
    assert (seen["returned"], bool(seen["held_reason"])) == ("请由接任的同志登记", True)
    assert ended.as_("ding").get(path).status_code == 404


@pytest.mark.engines
def test_an_accepted_step_takes_its_issue_where_it_says(desk, rows):
    path = f"/api/issues/{known('issue')}"
    desk.send_issue(path)
    desk.end_term()
    step = desk.held_step(path, state="in_progress", agenda=True)
    assert desk.as_("an").get(path).json["state"] == "registered"
    assert desk.decide(step, "accept").status_code == 201
    shown = desk.as_("an").get(path).json
    assert (shown["state"], shown["agenda"]) == ("in_progress", True)
    assert [(a["held_reason"], a["returned"]) for a in shown["actions"]] == [(None, None)]
    assert rows(IssueAction)[0].moved is True


@pytest.mark.engines
def test_a_returned_step_moves_nothing_and_says_why(desk, rows):
    path = f"/api/issues/{known('issue')}"
    desk.send_issue(path)
    desk.end_term()
    step = desk.held_step(path)
    assert desk.decide(step, "return", "已经移交").status_code == 201
    shown = desk.as_("an").get(path).json
    assert (shown["state"], shown["actions"][0]["returned"]) == ("registered", "已经移交")
    assert rows(IssueAction)[0].moved is False


def test_a_step_that_can_no_longer_be_taken_is_told_and_waits_on(desk):
    path = f"/api/issues/{known('issue')}"
    desk.send_issue(path)
    desk.end_term()
    first, second = desk.held_step(path), desk.held_step(path)
    assert desk.decide(first, "accept").status_code == 201
    r = desk.decide(second, "accept")
    assert (r.status_code, r.json["type"]) == (409, "state")
    assert "只能改为" in r.json["title"]
    assert desk.waiting("fang") == [second]


@pytest.mark.engines
def test_steps_held_with_their_issue_come_with_it_and_only_they(desk, rows):
    """A step made within the term moved it already; one made after the term waits for its own."""
    desk.end_term()
    path = desk.held_issue()
    desk.end_term(day=None)
    within = desk.held_step(path)
    desk.end_term()
    after = desk.held_step(path, state="resolved")
    assert desk.waiting("fang") == [path]
    r = desk.decide(after, "accept")
    assert (r.status_code, "请先确认" in r.json["title"]) == (409, True)
    assert desk.decide(path, "accept").status_code == 201
    held = {f"/api/issue-actions/{row.id}": bool(row.held_reason) for row in rows(IssueAction)}
    assert held == {within: False, after: True}
    assert [row.state for row in rows(Issue)] == ["in_progress"]
    assert desk.decide(after, "accept").status_code == 201
    assert [row.state for row in rows(Issue)] == ["resolved"]


def test_a_step_that_moved_its_issue_once_does_not_move_it_again_when_accepted(desk, rows):
    desk.end_term()
    path = desk.held_issue()
    desk.end_term(day=None)
    going = desk.held_step(path)
    assert desk.decide(going, "return", "请写清楚").status_code == 201
    assert desk.decide(path, "accept").status_code == 201
    digest = rows(IssueAction)[0].digest
    mended = put(desk.as_("an"), going, step(path[-36:], note="写清楚了"), If_Match=f'"{digest}"')
    assert mended.status_code == 202
    assert desk.decide(going, "accept").status_code == 201
    assert desk.as_("an").get(path).json["state"] == "in_progress"


@pytest.mark.engines
@pytest.mark.parametrize("stranger", ["an", "ding", "he", "gao", "zong"])
def test_only_the_organizer_of_the_area_decides(ended, stranger):
    path = ended.held_issue()
    assert ended.decide(path, "accept", by=stranger).status_code == 404
    assert ended.waiting(stranger) == []
