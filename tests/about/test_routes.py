import json

import pytest

from server.about.models import Feedback
from server.core.audit import AuditLine
from server.core.settings import rules
from tests.build import JSON, new_id, put

WORDS = {"text": "字太小，看不清", "contact": "王女士 0539-1234567"}


@pytest.fixture
def path():
    return f"/api/feedback/{new_id()}"


@pytest.fixture
def stranger(app):
    return app.test_client()


def test_anyone_reads_who_runs_the_app_and_under_which_filing(app, stranger):
    told = stranger.get("/api/about").json
    assert (told["trial"], told["filing_number"]) == (True, None)
    assert told["version"] == app.config["VERSION"]
    assert told["host_unit"] == "中共临沂市委组织部"
    text = "".join(part["text"] for part in told["privacy"])
    for word in (told["host_unit"], told["contact"], "自愿", "精确位置不保存", "投诉建议"):
        assert word in text
    assert "{" not in text


def test_a_filed_app_shows_its_number_and_no_banner(app, stranger, monkeypatch):
    monkeypatch.setitem(app.config["HONGLING"], "filing_number", "鲁政移备000001")
    told = stranger.get("/api/about").json
    assert (told["trial"], told["filing_number"]) == (False, "鲁政移备000001")


@pytest.mark.engines
def test_anyone_writes_without_signing_in(stranger, path, rows, as_):
    r = put(stranger, path, WORDS)
    assert (r.status_code, r.json["id"]) == (201, path.rpartition("/")[2])
    [row] = rows(Feedback)
    assert row.text == WORDS["text"]
    assert "0539" not in row.contact_sealed
    [line] = rows(AuditLine)
    assert (line.action, line.detail, line.area) == ("feedback.send", {}, "/3713/")
    [shown] = as_("zong").get("/api/feedback").json["items"]
    assert (shown["text"], shown["contact"]) == (WORDS["text"], WORDS["contact"])


@pytest.mark.engines
def test_the_same_words_again_write_nothing_and_other_words_are_refused(stranger, path, rows):
    first = put(stranger, path, WORDS)
    again = put(stranger, path, WORDS)
    assert (again.status_code, again.json) == (200, first.json)
    other = put(stranger, path, WORDS | {"text": "别的话"})
    assert (other.status_code, other.json["type"]) == (409, "id_taken")
    assert len(rows(Feedback)) == len(rows(AuditLine)) == 1


def test_an_outbox_may_send_it_like_a_record(stranger, path):
    told = {"made_at": "2026-11-22T10:00:00+08:00", "seq": 3, "salt": "0" * 32}
    assert put(stranger, path, WORDS | told).status_code == 201


@pytest.mark.engines
def test_one_address_fills_the_box_only_so_fast(stranger, path, rows):
    most = rules()["feedback"]["an_hour_from_one_address"]
    for _ in range(most):
        assert put(stranger, f"/api/feedback/{new_id()}", WORDS).status_code == 201
    r = put(stranger, path, WORDS)
    assert (r.status_code, r.json["retry"]) == (429, "later")
    assert "频繁" in r.json["title"]
    assert int(r.headers["Retry-After"]) > 0
    elsewhere = stranger.put(
        path, data=json.dumps(WORDS), headers=JSON, environ_base={"REMOTE_ADDR": "10.1.2.3"}
    )
    assert elsewhere.status_code == 201
    assert len(rows(Feedback)) == most + 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"text": "有\x00字符"}, "text"),
        ({"contact": "长" * 101}, "contact"),
        ({"stars": 5}, "stars"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(stranger, path, changes, field):
    r = put(stranger, path, WORDS | changes)
    assert (r.status_code, list(r.json["fields"])) == (422, [field])


@pytest.mark.parametrize("name", ["an", "ding", "ji", "he", "fang", "hu"])
def test_only_the_administrator_reads_the_box(as_, stranger, path, name):
    put(stranger, path, WORDS)
    assert as_(name).get("/api/feedback").json["items"] == []
    assert stranger.get("/api/feedback").status_code == 401
