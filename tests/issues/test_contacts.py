"""A resident's contact: sealed, apart, shown to one person, and who looked stays on record."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from server.core.audit import AuditLine
from server.core.records import EarlierVersion
from server.issues.models import ContactReveal, Issue, IssueContact
from tests.build import contact, issue, new_id, put, record
from tests.people import known

PHONE, NAME, DOOR = "13800000000", "邻居甲", "2-301"


@pytest.fixture
def path(as_):
    path = f"/api/issues/{new_id()}"
    assert put(as_("an"), path, issue(contact=contact())).status_code == 201
    return path


def reveal(client, path, **changes):
    body = record(issue_id=path.rsplit("/", 1)[1], reason="回电话告知进展") | changes
    return put(client, f"/api/contact-reveals/{new_id()}", body)


@pytest.mark.engines
def test_only_sealed_text_is_stored_with_consent_and_its_time(path, rows):
    row = rows(IssueContact)[0]
    assert row.consent is True
    assert row.consent_at == rows(Issue)[0].made_at
    assert row.owner_id == known("an")
    sealed = (row.name, row.phone, row.door)
    assert all(text.startswith("aes:") for text in sealed)
    assert len(set(sealed)) == 3


def test_the_database_file_holds_no_trace_of_the_resident(app, as_, path):
    first = as_("an").get(path).json["digest"]
    put(as_("an"), path, issue(contact=contact(phone="13900000000")), If_Match=f'"{first}"')
    reveal(as_("an"), path)
    with sqlite3.connect(app.config["HONGLING"]["data"] / "hongling.db") as raw:
        dump = "\n".join(raw.iterdump())
    raw.close()
    assert "夜里没处停车" in dump
    for secret in (NAME, PHONE, "13900000000", DOOR):
        assert secret not in dump


@pytest.mark.engines
def test_a_reveal_answers_with_the_contact_and_leaves_an_audit_line(as_, path, rows):
    r = reveal(as_("an"), path)
    assert r.status_code == 201, r.json
    assert r.json["contact"] == {"name": NAME, "phone": PHONE, "door": DOOR}
    line = rows(AuditLine)[-1]
    assert (line.action, line.actor_id) == ("contact.reveal", known("an"))
    assert line.detail == {"issue": path.rsplit("/", 1)[1]}
    assert [row.reason for row in rows(ContactReveal)] == ["回电话告知进展"]


@pytest.mark.engines
def test_a_replayed_reveal_writes_nothing_and_shows_nothing(as_, path, rows):
    body = json.dumps(record(issue_id=path.rsplit("/", 1)[1], reason="回电话"))
    where = f"/api/contact-reveals/{new_id()}"
    put(as_("an"), where, body)
    again = put(as_("an"), where, body)
    assert (again.status_code, again.json["replayed"], again.json["contact"]) == (200, True, None)
    assert len(rows(ContactReveal)) == 1
    assert [line.action for line in rows(AuditLine)].count("contact.reveal") == 1


@pytest.mark.parametrize("name", ["ding", "ji", "he", "fang", "hu", "zong", "bai", "gao"])
def test_nobody_else_may_look(as_, path, rows, name):
    r = reveal(as_(name), path)
    assert (r.status_code, r.json["type"]) == (404, "not_found")
    assert rows(ContactReveal) == []


def test_the_reason_of_a_reveal_cannot_be_put_right_afterwards(as_, path):
    where = f"/api/contact-reveals/{new_id()}"
    body = record(issue_id=path.rsplit("/", 1)[1], reason="回电话")
    first = put(as_("an"), where, body)
    mend = put(as_("an"), where, body | {"reason": "别的"}, If_Match=f'"{first.json["digest"]}"')
    assert (mend.status_code, mend.json["type"]) == (409, "state")


def test_the_twenty_first_look_of_a_day_is_refused_with_a_sentence(as_, path, rows):
    for _ in range(20):
        assert reveal(as_("an"), path).status_code == 201
    r = reveal(as_("an"), path)
    assert (r.status_code, r.json["type"], r.json["retry"]) == (429, "too_many", "later")
    assert r.json["title"] == "一天最多查看 20 次联系方式，请明天再看"
    assert int(r.headers["Retry-After"]) > 0
    assert len(rows(ContactReveal)) == 20


def test_an_issue_without_a_contact_has_nothing_to_reveal(as_):
    path = f"/api/issues/{new_id()}"
    put(as_("an"), path, issue())
    assert reveal(as_("an"), path).status_code == 404
    assert as_("an").get(path).json["has_contact"] is False


@pytest.mark.parametrize(
    ("change", "kept"), [({"contact": None}, []), ({"contact": contact(phone="0539-8000000")}, [1])]
)
@pytest.mark.engines
def test_a_correction_keeps_only_the_last_contact_or_none(as_, path, rows, change, kept):
    first = as_("an").get(path).json["digest"]
    r = put(as_("an"), path, issue(**change), If_Match=f'"{first}"')
    assert r.status_code == 200
    assert len(rows(IssueContact)) == len(kept)
    assert as_("an").get(path).json["has_contact"] is bool(kept)
    told = str([row.said for row in rows(EarlierVersion)])
    assert not any(secret in told for secret in (NAME, PHONE, DOOR))
    if kept:
        assert reveal(as_("an"), path).json["contact"]["phone"] == "0539-8000000"


def test_consent_stands_since_it_was_given(as_, path, rows):
    def corrected(**changes):
        now = as_("an").get(path).json["digest"]
        assert put(as_("an"), path, issue(**changes), If_Match=now).status_code == 200
        return [row.consent_at for row in rows(IssueContact)]

    (first,) = [row.consent_at for row in rows(IssueContact)]
    later = datetime.now(UTC) + timedelta(days=2)
    with time_machine.travel(later, tick=False):
        assert corrected(what="改过", contact=contact()) == [first]
        assert corrected(contact=None) == []
        assert corrected(contact=contact(), made_at=later.isoformat()) == [later]


def test_a_contact_cannot_be_moved_to_another_issue(app, as_, path):
    other = f"/api/issues/{new_id()}"
    put(as_("an"), other, issue(contact=contact(name="邻居乙")))
    with sqlite3.connect(app.config["HONGLING"]["data"] / "hongling.db") as raw:
        raw.execute("UPDATE issue_contact SET phone = (SELECT max(phone) FROM issue_contact)")
    raw.close()
    answers = sorted(reveal(as_("an"), where).status_code for where in (path, other))
    assert answers == [201, 500]


@pytest.mark.parametrize("part", ["name", "phone", "door"])
def test_an_empty_contact_is_none_and_a_part_is_enough(as_, rows, part):
    empty = contact(name="", phone="", door="")
    put(as_("an"), f"/api/issues/{new_id()}", issue(contact=empty))
    assert rows(IssueContact) == []
    told = empty | {part: "13700000000"}
    put(as_("an"), f"/api/issues/{new_id()}", issue(contact=told))
    assert len(rows(IssueContact)) == 1
