"""Following an issue: each step is a record of its own."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from server.core.audit import AuditLine
from server.core.db import db
from server.issues.models import Issue, IssueAction
from server.postings.models import Posting
from tests.build import contact, issue, listed, new_id, picture, put, step, visit
from tests.people import known


@pytest.fixture
def path(as_):
    path = f"/api/issues/{new_id()}"
    assert put(as_("an"), path, issue()).status_code == 201
    return path


def act(client, path, **changes):
    body = step(path.rsplit("/", 1)[1], **changes)
    return put(client, f"/api/issue-actions/{new_id()}", body)


def end_posting(app, day):
    with app.app_context():
        db.session.get(Posting, known("posting-an")).ended_on = day
        db.session.commit()


@pytest.mark.engines
def test_a_step_moves_the_issue_and_shows_in_its_story(as_, path, rows):
    r = act(as_("an"), path, photos=[listed(picture(), stage="progress")])
    assert (r.status_code, r.json["labels"]) == (201, []), r.json
    act(as_("an"), path, note="已划出车位", state="resolved")
    shown = as_("he").get(path).json
    assert shown["state"] == "resolved"
    assert [step["note"] for step in shown["actions"]] == ["已联系物业", "已划出车位"]
    assert [step["by"]["name"] for step in shown["actions"]] == ["安宁", "安宁"]
    assert len(shown["actions"][0]["photos"]) == 1
    actions = [line.action for line in rows(AuditLine)]
    assert actions == ["issue.log", "issue.act", "issue.act"]


@pytest.mark.engines
@pytest.mark.parametrize(
    ("first", "late", "stands"),
    [("resolved", "in_progress", "resolved"), ("in_progress", "resolved", "in_progress")],
)
def test_a_step_that_waited_longer_on_the_phone_moves_nothing_back(as_, path, first, late, stands):
    now = datetime.now(UTC)
    before = (now - timedelta(minutes=10)).isoformat()
    assert act(as_("an"), path, note="后做的", state=first).status_code == 201
    r = act(as_("an"), path, note="先做的", state=late, agenda=True, made_at=before)
    assert (r.status_code, r.json["state"]) == (201, "stored"), r.json
    shown = as_("an").get(path).json
    assert (shown["state"], shown["agenda"]) == (stands, True)
    assert [step["note"] for step in shown["actions"]] == ["先做的", "后做的"]


@pytest.mark.engines
def test_the_same_step_again_writes_nothing(as_, path, rows):
    where, body = f"/api/issue-actions/{new_id()}", json.dumps(step(path.rsplit("/", 1)[1]))
    first, again = put(as_("an"), where, body), put(as_("an"), where, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert len(rows(IssueAction)) == 1
    assert len(rows(AuditLine)) == 2


@pytest.mark.parametrize(
    ("before", "to", "sentence"),
    [
        ([], "registered", "这个问题现在是“已登记”，只能改为“办理中”、“已办结”"),
        (["in_progress"], "in_progress", "这个问题现在是“办理中”，只能改为“已办结”"),
        (["resolved"], "registered", "这个问题现在是“已办结”，只能改为“办理中”"),
    ],
)
def test_a_move_that_is_not_allowed_names_those_that_are(as_, path, rows, before, to, sentence):
    for state in before:
        act(as_("an"), path, state=state)
    r = act(as_("an"), path, state=to)
    assert (r.status_code, r.json["type"], r.json["retry"]) == (409, "state", "never")
    assert r.json["title"] == sentence
    assert len(rows(IssueAction)) == len(before)


def test_a_resolved_issue_is_opened_again_by_going_on_with_it(as_, path):
    act(as_("an"), path, state="resolved")
    assert act(as_("an"), path, state="in_progress").status_code == 201
    assert as_("an").get(path).json["state"] == "in_progress"


def test_a_note_alone_moves_nothing(as_, path):
    act(as_("an"), path, state=None)
    assert as_("an").get(path).json["state"] == "registered"


@pytest.mark.engines
def test_a_step_put_on_the_agenda_opens_the_issue_to_the_branch_lead_only(as_, path):
    assert as_("ding").get(path).status_code == 404
    act(as_("an"), path, agenda=True, state=None)
    act(as_("an"), path, state=None)
    shown = as_("ding").get(path).json
    assert shown["agenda"] is True
    assert [step["agenda"] for step in shown["actions"]] == [True, False]
    assert act(as_("ding"), path).status_code == 404


def test_note_and_photos_of_a_step_may_be_put_right_but_not_where_it_led(as_, path, rows):
    where, body = f"/api/issue-actions/{new_id()}", step(path.rsplit("/", 1)[1])
    first = put(as_("an"), where, body).json["digest"]
    moved = put(as_("an"), where, body | {"state": "resolved"}, If_Match=f'"{first}"')
    assert (moved.status_code, moved.json["type"]) == (409, "state")
    mended = put(as_("an"), where, body | {"note": "联系了物业和交警"}, If_Match=f'"{first}"')
    assert mended.status_code == 200
    assert [row.note for row in rows(IssueAction)] == ["联系了物业和交警"]
    assert [line.action for line in rows(AuditLine)][-1] == "issue_action.correct"


@pytest.mark.parametrize("name", ["ding", "he", "fang", "hu", "bai"])
def test_only_the_secretary_takes_steps(as_, path, rows, name):
    assert act(as_(name), path).status_code == 404
    assert rows(IssueAction) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [({"note": "长"}, "note"), ({"state": "closed"}, "state"), ({"agenda": "也许"}, "agenda")],
)
def test_bad_input_names_the_field(as_, path, change, field):
    r = act(as_("an"), path, **change)
    assert (r.status_code, list(r.json["fields"])) == (422, [field])


@pytest.mark.engines
def test_what_is_made_within_an_ended_term_counts_and_says_so(app, as_, path):
    end_posting(app, datetime.now(UTC).date() + timedelta(days=1))
    late = put(as_("an"), f"/api/issues/{new_id()}", issue())
    assert (late.status_code, late.json["labels"]) == (201, ["after_posting"])
    r = act(as_("an"), path)
    assert (r.status_code, r.json["labels"]) == (201, ["after_posting"])
    assert as_("an").get(path).json["state"] == "in_progress"


@pytest.mark.engines
def test_a_step_made_after_the_term_is_held_and_moves_nothing(app, as_, path, rows):
    end_posting(app, date(2026, 3, 2))
    r = act(as_("an"), path, agenda=True)
    assert (r.status_code, r.json["state"]) == (202, "held")
    assert "等待组织部门确认" in r.json["held_reason"]
    row = rows(Issue)[0]
    assert (row.state, row.agenda) == ("registered", False)


@pytest.mark.engines
def test_an_issue_made_after_the_term_is_held_and_so_are_its_steps(app, as_):
    end_posting(app, date(2026, 3, 2))
    path = f"/api/issues/{new_id()}"
    r = put(as_("an"), path, issue())
    assert (r.status_code, r.json["state"]) == (202, "held")
    assert as_("fang").get(path).json["held_reason"] == r.json["held_reason"]
    end_posting(app, None)
    held = act(as_("an"), path)
    assert (held.status_code, held.json["held_reason"]) == (202, r.json["held_reason"])
    assert as_("ji").get("/api/issues/count").json["open"] == 0


@pytest.mark.engines
def test_a_morning_without_signal_arrives_in_one_batch(as_, rows):
    """A visit, the issue it gave birth to, two steps; a wrong step costs only itself."""
    visit_id, issue_id = new_id(), new_id()
    said = [
        (f"/api/visits/{visit_id}", visit()),
        (f"/api/issues/{issue_id}", issue(visit_id=visit_id, contact=contact())),
        (f"/api/issue-actions/{new_id()}", step(issue_id)),
        (f"/api/issue-actions/{new_id()}", step(issue_id, state="registered")),
        (f"/api/issue-actions/{new_id()}", step(issue_id, state="resolved", agenda=True)),
    ]
    items = [{"method": "PUT", "path": path, "body": json.dumps(body)} for path, body in said]
    r = as_("an").post("/api/batch", json={"items": items})
    assert [result["status"] for result in r.json["results"]] == [201, 201, 201, 409, 201], r.json
    assert r.json["results"][1]["receipt"]["labels"] == []
    row = rows(Issue)[0]
    assert (row.state, row.agenda, len(rows(IssueAction))) == ("resolved", True, 2)
    again = as_("an").post("/api/batch", json={"items": items})
    assert [result["status"] for result in again.json["results"]] == [200, 200, 200, 409, 200]
