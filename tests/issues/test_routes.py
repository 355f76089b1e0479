import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from server.core.audit import AuditLine
from server.core.records import EarlierVersion
from server.issues.models import Issue, IssueContact
from server.photos.models import Photo
from tests.build import contact, issue, listed, new_id, picture, put, step, visit
from tests.people import known

ID_NUMBER = "990000190001010016"


@pytest.fixture
def path():
    return f"/api/issues/{new_id()}"


def id_of(path):
    return path.rsplit("/", 1)[1]


def act(client, path, **changes):
    return put(client, f"/api/issue-actions/{new_id()}", step(id_of(path), **changes))


def is_chinese(sentence):
    return any("一" <= c <= "鿿" for c in sentence)


@pytest.mark.engines
def test_an_issue_is_kept_once_with_its_deadline_and_one_audit_line(as_, path, rows):
    body = json.dumps(issue())
    first, again = put(as_("an"), path, body), put(as_("an"), path, body)
    assert (first.status_code, again.status_code) == (201, 200), first.json
    assert (first.json["state"], again.json["replayed"]) == ("stored", True)
    kept = rows(Issue)
    assert [(row.what, row.state, row.agenda) for row in kept] == [
        ("夜里没处停车", "registered", False)
    ]
    assert kept[0].due_at > datetime.now(UTC) + timedelta(days=4)
    assert [line.action for line in rows(AuditLine)] == ["issue.log"]


def test_an_issue_is_shown_with_names_deadline_and_reason(as_, path):
    put(as_("an"), path, issue())
    shown = as_("an").get(path).json
    assert shown["secretary"] == {"id": str(known("an")), "name": "安宁"}
    assert shown["host_unit"]["name"] == "杏花社区"
    assert (shown["category"], shown["category_name"]) == ("0301", "停车难")
    assert (shown["state"], shown["overdue"], shown["held_reason"]) == ("registered", False, None)
    assert shown["due_words"].startswith("5 个工作日：从")
    assert shown["due_at"].startswith(f"{shown['due_on']}T09:30")  # 17:30 in Shanghai
    assert shown["actions"] == []


@pytest.mark.engines
def test_a_correction_keeps_the_first_deadline_and_the_first_words(as_, path, rows, app):
    first = put(as_("an"), path, issue(made_at=_ago(hours=40)))
    before = rows(Issue)[0]
    clash = put(as_("an"), path, issue(what="改过的话"))
    assert (clash.status_code, clash.json["type"]) == (409, "digest_differs")
    mended = put(as_("an"), path, issue(what="改过的话"), If_Match=f'"{first.json["digest"]}"')
    assert (mended.status_code, mended.json["replayed"]) == (200, False)
    after = rows(Issue)[0]
    assert (after.what, after.due_at, after.state) == ("改过的话", before.due_at, "registered")
    assert [row.said["what"] for row in rows(EarlierVersion)] == ["夜里没处停车"]
    assert [line.action for line in rows(AuditLine)] == ["issue.log", "issue.correct"]


def test_a_step_taken_before_a_correction_stays(as_, path):
    first = put(as_("an"), path, issue())
    act(as_("an"), path, agenda=True)
    put(as_("an"), path, issue(more="补充"), If_Match=f'"{first.json["digest"]}"')
    shown = as_("an").get(path).json
    assert (shown["state"], shown["agenda"], shown["more"]) == ("in_progress", True, "补充")


def _ago(**delta):
    return (datetime.now(UTC) - timedelta(**delta)).isoformat()


@pytest.mark.parametrize(
    ("made_at", "labels"),
    [(_ago(hours=60), ["late"]), ("1970-01-01T00:00:00+08:00", ["late", "time_odd"])],
    ids=["sixty hours ago", "1970"],
)
def test_an_issue_of_a_doubtful_time_is_due_counted_from_its_arrival(
    as_, path, made_at, labels, rows
):
    r = put(as_("an"), path, issue(made_at=made_at))
    assert (r.status_code, r.json["labels"]) == (201, labels)
    assert rows(Issue)[0].due_at > datetime.now(UTC) + timedelta(days=4)


def test_a_category_this_server_does_not_know_is_kept_as_other(as_, path, rows):
    r = put(as_("an"), path, issue(category="0399"))
    assert (r.status_code, r.json["labels"]) == (201, ["category_unknown"])
    shown = as_("an").get(path).json
    assert (shown["category"], shown["category_name"]) == ("9901", "其他")


def test_an_issue_born_of_a_visit_names_it(as_, path):
    visit_id = new_id()
    put(as_("an"), f"/api/visits/{visit_id}", visit())
    r = put(as_("an"), path, issue(visit_id=visit_id))
    assert (r.status_code, r.json["labels"]) == (201, [])
    assert as_("an").get(path).json["visit_id"] == visit_id


def test_a_visit_that_is_unknown_or_not_ones_own_is_labelled_alike(as_, path):
    theirs = new_id()
    put(as_("bai"), f"/api/visits/{theirs}", visit(posting_id=str(known("posting-bai"))))
    for visit_id in (theirs, new_id()):
        r = put(as_("an"), f"/api/issues/{new_id()}", issue(visit_id=visit_id))
        assert (r.status_code, r.json["labels"]) == (201, ["visit_unknown"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"what": "停"}, "what"),
        ({"what": "长" * 201}, "what"),
        ({"what": "有\x00空"}, "what"),
        ({"more": "长" * 4001}, "more"),
        ({"place_words": "长" * 101}, "place_words"),
        ({"category": "停车"}, "category"),
        ({"category": ""}, "category"),
        ({"what": f"身份证 {ID_NUMBER}"}, "what"),
        ({"more": f"他的号是{ID_NUMBER}"}, "more"),
        ({"place_words": ID_NUMBER}, "place_words"),
        ({"contact": contact(name=f"甲{ID_NUMBER}")}, "contact"),
        ({"contact": contact(door=ID_NUMBER)}, "contact"),
        ({"contact": contact(phone="12345")}, "contact"),
        ({"contact": contact(consent=False)}, "contact"),
        ({"contact": {"name": "甲"}}, "contact"),
        ({"contact": contact(id_number="")}, "contact"),
        ({"visit_id": "x"}, "visit_id"),
        ({"state": "resolved"}, "state"),
        ({"photos": [listed(b"x")] * 10}, "photos"),
    ],
)
def test_bad_input_names_the_field_in_chinese_and_stores_nothing(as_, path, rows, change, field):
    r = put(as_("an"), path, issue(**change))
    assert (r.status_code, r.json["type"], r.json["retry"]) == (422, "invalid", "never")
    assert list(r.json["fields"]) == [field]
    assert is_chinese(json.dumps(r.json["fields"], ensure_ascii=False))
    assert rows(Issue) == rows(IssueContact) == []


def test_an_id_number_is_refused_with_the_sentence_that_it_is_not_needed(as_, path):
    r = put(as_("an"), path, issue(what=f"身份证 {ID_NUMBER}"))
    assert r.json["fields"] == {"what": ["这里不需要身份证号码，请删去后再保存"]}
    put(as_("an"), path, issue())
    assert "note" in act(as_("an"), path, note=f"身份证 {ID_NUMBER}").json["fields"]


def test_a_stranger_cannot_log_for_another(as_, path, rows):
    r = put(as_("bai"), path, issue())
    assert (r.status_code, r.json["type"]) == (404, "not_found")
    assert rows(Issue) == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("an", 1, 1),
        ("ding", 0, 1),
        ("ji", 0, 0),
        ("he", 1, 1),
        ("fang", 1, 1),
        ("hu", 1, 1),
        ("zong", 0, 0),
        ("bai", 0, 0),
        ("gao", 0, 0),
    ],
)
def test_who_reads_it_before_and_after_it_is_put_on_the_agenda(as_, path, name, before, after):
    raw = picture()
    put(as_("an"), path, issue(contact=contact(), photos=[listed(raw)]))
    for agenda, sees in ((False, before), (True, after)):
        done = act(as_("an"), path, state=None, agenda=agenda, photos=[listed(raw)])
        client = as_(name)
        assert client.get(path).status_code == (200 if sees else 404)
        one = client.get(f"/api/issue-actions/{done.json['id']}")
        assert one.status_code == (200 if sees else 404)
        for noun, count in (("issues", 1), ("issue-actions", 1 + agenda)):
            assert len(client.get(f"/api/{noun}").json["items"]) == sees * count, noun
        photos = len(client.get("/api/photos").json["items"])
        assert photos == sees * (2 + agenda)
        assert "13800000000" not in client.get(path).text
        assert (client.get(path).json or {}).get("has_contact", False) == (name == "an")


def test_the_sending_unit_reads_counts_only(as_, path):
    put(as_("an"), path, issue())
    put(as_("an"), f"/api/issues/{new_id()}", issue())
    act(as_("an"), path, state="resolved")
    counted = as_("ji").get("/api/issues/count").json
    assert (counted["open"], counted["resolved"]) == (1, 1)
    assert as_("ji").get("/api/issues").json["items"] == []
    nothing = as_("gao").get("/api/issues/count").json
    assert (nothing["open"], nothing["resolved"]) == (0, 0)


def test_the_list_is_narrowed_by_state_posting_and_words(as_, path):
    for n, words in enumerate(["电梯 100% 坏", "电梯_异响", "路灯不亮"]):
        put(as_("an"), f"/api/issues/{new_id()}", issue(what=words, more="A" * n))
    put(as_("an"), path, issue(what="门禁", place_words="东区电梯口", more="Lift"))
    act(as_("an"), path, state="resolved")

    def found(query):
        return len(as_("an").get(f"/api/issues?{query}").json["items"])

    assert found("") == found("state=open") + found("state=resolved") == 4
    assert (found("state=registered"), found("state=in_progress")) == (3, 0)
    assert (found("q=电梯"), found("q=%25"), found("q=_"), found("q=lift")) == (3, 1, 1, 1)
    assert (found("q=没有"), found("q='; DROP"), found("q=")) == (0, 0, 4)
    assert found(f"posting_id={known('posting-an')}") == 4
    assert found(f"posting_id={known('posting-bai')}") == 0
    assert as_("an").get("/api/issues?state=lost").status_code == 422
    assert as_("an").get(f"/api/issues?q={'长' * 101}").status_code == 422


def test_lists_ask_the_same_number_of_questions_whatever_their_length(as_, queries):
    def log(count):
        for _ in range(count):
            path = f"/api/issues/{new_id()}"
            put(as_("an"), path, issue(contact=contact(), photos=[listed(picture())]))
            act(as_("an"), path, photos=[listed(picture())])
        return path

    path = log(1)
    nouns = ("issues", "issue-actions", path.removeprefix("/api/"))
    short = [queries(lambda n=noun: as_("an").get(f"/api/{n}")) for noun in nouns]
    log(12)
    [act(as_("an"), path, state=None) for _ in range(9)]
    long = [queries(lambda n=noun: as_("an").get(f"/api/{n}")) for noun in nouns]
    assert long == short
    assert max(short) <= 7


def test_the_catalogue_lists_groups_and_kinds_for_anyone_signed_in(as_, app):
    items = as_("he").get("/api/categories").json["items"]
    assert {"code": "0301", "name": "停车难"} in items[2]["children"]
    assert [group["code"] for group in items] == sorted(group["code"] for group in items)
    assert all(kind["code"][:2] == group["code"] for group in items for kind in group["children"])
    assert len([kind for group in items for kind in group["children"]]) <= 60
    assert app.test_client().get("/api/categories").status_code == 401


def test_photos_are_awaited_from_the_record_on_and_sent_by_its_author(as_, path, rows):
    raw = picture()
    r = put(as_("an"), path, issue(photos=[listed(raw), listed(raw, stage="after")]))
    assert [photo["state"] for photo in r.json["photos"]] == ["awaited", "awaited"]
    assert {row.owner_id for row in rows(Photo)} == {known("an")}
    assert {row.record_id for row in rows(Photo)} == {uuid.UUID(id_of(path))}
