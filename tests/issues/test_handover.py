"""When a posting ends, each open issue goes to the successor with all that hangs on it, and what
the former secretary's phone still sends finds its way."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from threading import Thread
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from server.core.access import Actor, P, Role, Who
from server.core.audit import AuditLine
from server.core.db import db
from server.issues.models import Issue, IssueAction, IssueContact
from server.photos.models import Photo
from server.policy import POLICY
from server.postings import handover
from server.postings.models import Posting, PostingEnd
from tests.build import contact, issue, listed, new_id, picture, posting_end, put, record, step
from tests.people import LANSHAN, known

FANG = Actor(known("fang"), "方圆", frozenset({Role.ORGANIZER}), LANSHAN)


def end(app, name="posting-an", to="posting-ding", ended_on=None):
    """What the postings room does, short of its own rules: ask, hand over, end."""
    now = datetime.now(UTC)
    with app.app_context():
        posting, successor = (db.session.get(Posting, known(x)) for x in (name, to))
        found = handover.count(posting)
        who = Who(FANG, P.POSTING_MANAGE, POLICY)
        moved = handover.hand_over(who, posting, successor, SimpleNamespace(made_at=now))
        posting.ended_on = ended_on or (now + timedelta(days=1)).date()
        ending = PostingEnd(
            posting_id=posting.id, successor_posting_id=successor.id, ended_on=posting.ended_on,
            reason="term", note="", handed_over=moved, author_id=FANG.id, owner_id=posting.owner_id,
            area_path=LANSHAN, digest="0" * 64, made_at=now, told_at=now, received_at=now, seq=0,
            labels=[],
        )  # fmt: skip
        db.session.add(ending)
        db.session.commit()
        return found, moved


@pytest.fixture
def paths(as_):
    """Three issues of An's: registered with a contact and a photo, in progress, resolved."""
    paths = [f"/api/issues/{new_id()}" for _ in range(3)]
    for path in paths:
        body = issue(contact=contact(), photos=[listed(picture())])
        assert put(as_("an"), path, body).status_code == 201
    for path, state in zip(paths[1:], ("in_progress", "resolved"), strict=True):
        put(as_("an"), f"/api/issue-actions/{new_id()}", step(path[-36:], state=state))
    return paths


@pytest.mark.engines
def test_every_open_issue_goes_to_the_successor_and_resolved_ones_stay(app, as_, paths, rows):
    assert end(app) == (2, 2)
    assert {item["id"] for item in as_("ding").get("/api/issues").json["items"]} == {
        path[-36:] for path in paths[:2]
    }
    assert [item["id"] for item in as_("an").get("/api/issues").json["items"]] == [paths[2][-36:]]
    shown = as_("ding").get(paths[1]).json
    assert shown["secretary"]["name"] == "丁一"
    assert shown["host_unit"]["name"] == "柳荫社区"
    assert [step["by"]["name"] for step in shown["actions"]] == ["安宁"]
    lines = [line for line in rows(AuditLine) if line.action == "issue.hand_over"]
    assert {str(line.subject_id) for line in lines} == {path[-36:] for path in paths[:2]}
    assert {line.actor_id for line in lines} == {known("fang")}


@pytest.mark.engines
def test_contact_steps_and_photos_follow_their_issue(app, as_, paths, rows):
    end(app)
    moved = {row.id for row in rows(Issue) if row.owner_id == known("ding")}
    assert {row.id for row in rows(IssueContact) if row.owner_id == known("ding")} == moved
    assert {row.issue_id for row in rows(IssueAction) if row.owner_id == known("ding")} < moved
    units = {row.host_unit_id for row in rows(Photo) if row.record_id in moved}
    assert units == {known("liuyin")}
    assert as_("an").get(paths[0]).status_code == 404
    assert as_("he").get(paths[0]).status_code == 404
    body = record(issue_id=paths[0][-36:], reason="新任回访")
    assert put(as_("an"), f"/api/contact-reveals/{new_id()}", body).status_code == 404
    seen = put(as_("ding"), f"/api/contact-reveals/{new_id()}", body)
    assert seen.json["contact"]["phone"] == "13800000000"


def test_a_photo_still_on_the_former_phone_may_still_be_sent(app, as_):
    raw, path = picture(), f"/api/issues/{new_id()}"
    photo = listed(raw)
    put(as_("an"), path, issue(photos=[photo]))
    end(app)
    headers = {"Content-Type": "image/jpeg", "Content-Digest": _digest(raw)}
    sent = as_("an").put(f"/api/photos/{photo['id']}", data=raw, headers=headers)
    assert sent.status_code == 201, sent.json
    assert as_("ding").get(f"/api/photos/{photo['id']}").status_code == 200
    assert as_("an").get(f"/api/photos/{photo['id']}").status_code == 404


@pytest.mark.engines
def test_a_photo_whose_receipt_was_lost_gets_it_after_the_hand_over(app, as_):
    raw, path = picture(), f"/api/issues/{new_id()}"
    photo = listed(raw)
    put(as_("an"), path, issue(photos=[photo]))
    headers = {"Content-Type": "image/jpeg", "Content-Digest": _digest(raw)}
    address = f"/api/photos/{photo['id']}"
    assert as_("an").put(address, data=raw, headers=headers).status_code == 201
    end(app)
    again = as_("an").put(address, data=raw, headers=headers)
    assert (again.status_code, again.json["replayed"]) == (200, True)
    asked = {"items": [{"path": address, "digest": photo["digest"]}]}
    assert as_("an").post("/api/reconcile", json=asked).json["lacks"] == []
    assert as_("ding").get(address).status_code == 200


def _digest(raw):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(raw).digest()).decode()}:"


@pytest.mark.engines
def test_a_replay_after_the_hand_over_still_gets_its_receipt(app, as_):
    path, body = f"/api/issues/{new_id()}", json.dumps(issue())
    first = put(as_("an"), path, body)
    end(app)
    again = put(as_("an"), path, body)
    assert (again.status_code, again.json["replayed"]) == (200, True)
    assert again.json["digest"] == first.json["digest"]


@pytest.mark.engines
def test_a_correction_made_within_the_term_counts_after_the_hand_over(app, as_, paths, rows):
    digest = as_("an").get(paths[0]).json["digest"]
    end(app)
    raw = picture()
    body = issue(what="早就改好", contact=contact(name="李大爷"), photos=[photo := listed(raw)])
    r = put(as_("an"), paths[0], body, If_Match=f'"{digest}"')
    assert (r.status_code, r.json["labels"]) == (200, ["after_posting"])
    shown = as_("ding").get(paths[0]).json
    assert (shown["what"], shown["secretary"]["name"]) == ("早就改好", "丁一")
    assert as_("an").get(paths[0]).status_code == 404
    reveal = record(issue_id=paths[0][-36:], reason="新任回访")
    seen = put(as_("ding"), f"/api/contact-reveals/{new_id()}", reveal)
    assert seen.json["contact"]["name"] == "李大爷"
    headers = {"Content-Type": "image/jpeg", "Content-Digest": _digest(raw)}
    sent = as_("an").put(f"/api/photos/{photo['id']}", data=raw, headers=headers)
    assert sent.status_code == 201
    assert as_("ding").get(f"/api/photos/{photo['id']}").status_code == 200


def test_a_correction_made_after_the_term_is_refused_with_a_sentence(app, as_, paths):
    digest = as_("an").get(paths[0]).json["digest"]
    end(app, ended_on=datetime(2026, 3, 2, tzinfo=UTC).date())
    r = put(as_("an"), paths[0], issue(what="再改"), If_Match=f'"{digest}"')
    assert (r.status_code, r.json["type"]) == (409, "state")
    assert "接任" in r.json["title"]


@pytest.mark.engines
def test_a_step_made_before_the_end_arrives_after_the_hand_over_and_counts(app, as_, paths):
    end(app)
    r = put(as_("an"), f"/api/issue-actions/{new_id()}", step(paths[0][-36:]))
    assert (r.status_code, r.json["labels"]) == (201, ["after_posting"])
    shown = as_("ding").get(paths[0]).json
    assert (shown["state"], shown["actions"][0]["by"]["name"]) == ("in_progress", "安宁")
    stranger = put(as_("bai"), f"/api/issue-actions/{new_id()}", step(paths[0][-36:]))
    assert stranger.status_code == 404


def test_a_step_made_after_the_end_is_held(app, as_, paths):
    end(app, ended_on=datetime(2026, 3, 2, tzinfo=UTC).date())
    r = put(as_("an"), f"/api/issue-actions/{new_id()}", step(paths[0][-36:]))
    assert (r.status_code, r.json["state"]) == (202, "held")
    assert as_("ding").get(paths[0]).json["state"] == "registered"


@pytest.mark.engines
def test_an_issue_that_arrives_after_the_hand_over_goes_to_the_successor_at_once(app, as_, rows):
    end(app)
    path, body = f"/api/issues/{new_id()}", issue(contact=contact(), photos=[listed(picture())])
    r = put(as_("an"), path, body)
    assert (r.status_code, r.json["labels"]) == (201, ["after_posting"])
    assert as_("ding").get(path).json["secretary"]["name"] == "丁一"
    assert rows(Photo)[0].owner_id == known("an")
    assert put(as_("an"), path, json.dumps(body)).json["replayed"] is True


def test_held_issues_are_handed_over_too(app, as_, rows):
    with app.app_context():
        db.session.get(Posting, known("posting-an")).ended_on = datetime(
            2026, 3, 2, tzinfo=UTC
        ).date()
        db.session.commit()
    assert put(as_("an"), f"/api/issues/{new_id()}", issue()).status_code == 202
    assert end(app) == (1, 1)
    row = rows(Issue)[0]
    assert (row.owner_id, bool(row.held_reason)) == (known("ding"), True)


@pytest.mark.engines
def test_no_issue_slips_between_the_count_and_the_hand_over(app, as_):
    """Issues keep coming while the posting ends: in the end none is open under an ended posting."""
    clients = [as_("an") for _ in range(3)]

    def keep_logging(client):
        for _ in range(6):
            assert put(client, f"/api/issues/{new_id()}", issue()).status_code == 201

    threads = [Thread(target=keep_logging, args=(client,)) for client in clients]
    [thread.start() for thread in threads]
    end(app)
    [thread.join() for thread in threads]
    with app.app_context():
        left = db.session.scalars(
            select(Issue).where(Issue.posting_id == known("posting-an"))
        ).all()
        assert len(db.session.scalars(select(Issue)).all()) == 18
    assert left == []


@pytest.mark.engines
def test_the_organizer_ends_a_posting_only_with_a_successor_for_what_is_open(as_, paths):
    where = f"/api/posting-ends/{new_id()}"
    alone = put(as_("fang"), where, posting_end())
    assert (alone.status_code, alone.json["type"]) == (409, "state")
    assert "2 件" in alone.json["title"]
    body = posting_end(successor_posting_id=str(known("posting-ding")))
    assert put(as_("fang"), where, body).status_code == 201
    assert len(as_("ding").get("/api/issues?state=open").json["items"]) == 2
    late = put(as_("an"), f"/api/issues/{new_id()}", issue())
    assert late.json["labels"] == ["after_posting"]
    assert len(as_("ding").get("/api/issues?state=open").json["items"]) == 3
