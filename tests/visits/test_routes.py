import json
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from server.core.audit import AuditLine
from server.core.db import db
from server.core.records import EarlierVersion
from server.photos.models import Photo
from server.postings.models import Posting
from server.visits.models import Visit
from tests.build import listed, new_id, picture, place, put, record, visit
from tests.people import known


@pytest.fixture
def path():
    return f"/api/visits/{new_id()}"


def end_posting(app, name, day):
    with app.app_context():
        db.session.get(Posting, known(name)).ended_on = day
        db.session.commit()


def sentences(told):
    if isinstance(told, str):
        return [told]
    inner = told.values() if isinstance(told, dict) else told
    return [sentence for part in inner for sentence in sentences(part)]


def is_chinese(sentence):
    return any("一" <= c <= "鿿" for c in sentence)


@pytest.mark.engines
def test_noting_a_visit_keeps_it_once_with_one_audit_line(as_, path, rows):
    r = put(as_("an"), path, visit())
    assert r.status_code == 201, r.json
    assert r.json["state"] == "stored"
    assert r.json["replayed"] is False
    assert [row.said for row in rows(Visit)] == ["反映停车难"]
    assert [line.action for line in rows(AuditLine)] == ["visit.log"]


@pytest.mark.engines
def test_the_same_bytes_again_write_nothing(as_, path, rows):
    body = json.dumps(visit())
    first, again = put(as_("an"), path, body), put(as_("an"), path, body)
    assert (first.status_code, again.status_code) == (201, 200)
    kept = {"id", "digest", "state", "held_reason", "labels", "photos", "received_at"}
    assert {k: first.json[k] for k in kept} == {k: again.json[k] for k in kept}
    assert again.json["replayed"] is True
    assert len(rows(AuditLine)) == len(rows(Visit)) == 1


def test_a_visit_saves_without_place_and_without_photo(as_, path):
    r = put(as_("an"), path, visit())
    assert (r.status_code, r.json["labels"], r.json["photos"]) == (201, [], [])


@pytest.mark.engines
def test_other_words_under_the_same_id_are_a_conflict_unless_they_name_what_they_correct(
    as_, path, rows
):
    first = put(as_("an"), path, visit())
    clash = put(as_("an"), path, visit(said="改了"))
    assert (clash.status_code, clash.json["type"]) == (409, "digest_differs")
    assert clash.json["digest"] == first.json["digest"]
    mended = put(as_("an"), path, visit(said="改了"), If_Match=f'"{first.json["digest"]}"')
    assert (mended.status_code, mended.json["replayed"]) == (200, False)
    assert [row.said for row in rows(Visit)] == ["改了"]
    assert [row.said["said"] for row in rows(EarlierVersion)] == ["反映停车难"]
    lines = rows(AuditLine)
    assert [line.action for line in lines] == ["visit.log", "visit.correct"]
    assert lines[1].detail == {"from": first.json["digest"], "to": mended.json["digest"]}


def test_an_id_of_someone_else_is_taken_without_a_word_more(as_, path, rows):
    put(as_("an"), path, visit())
    r = put(as_("bai"), path, visit(posting_id=str(known("posting-bai"))))
    assert (r.status_code, r.json["type"], "digest" in r.json) == (409, "id_taken", False)
    assert [row.owner_id for row in rows(Visit)] == [known("an")]


@pytest.mark.parametrize(
    ("spot", "label"),
    [
        (place(), "near"),
        (place(latitude=35.2), "far"),
        (place(accuracy=900), "unsure"),
    ],
)
def test_a_place_leaves_a_label_and_a_cell_but_not_the_fix(as_, path, rows, spot, label):
    r = put(as_("an"), path, visit(place=spot))
    assert (r.status_code, r.json["labels"]) == (201, [label])
    row = rows(Visit)[0]
    assert (row.place, len(row.cell)) == (label, len("35.04,118.34"))
    assert not {"latitude", "longitude"} & set(Visit.__table__.columns.keys())


@pytest.mark.parametrize(
    ("said", "sent", "labels"),
    [
        (timedelta(hours=-5), timedelta(), ["offline"]),
        (timedelta(hours=-60), timedelta(), ["late", "offline"]),
        (timedelta(days=365), timedelta(), ["time_odd"]),
        (timedelta(days=-365), timedelta(days=-365), ["clock_wrong"]),
        (timedelta(days=-20000), timedelta(), ["late", "offline", "time_odd"]),
    ],
)
def test_odd_times_are_kept_and_labelled(as_, path, said, sent, labels):
    now = datetime.now(UTC)
    body = visit(made_at=(now + said).isoformat())
    r = put(as_("an"), path, body, Hongling_Sent_At=(now + sent).isoformat())
    assert (r.status_code, r.json["labels"]) == (201, labels)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place": place(latitude=91)}, "place"),
        ({"place": place() | {"latitude": "abc"}}, "place"),
        ({"said": "长" * 2001}, "said"),
        ({"said": "有\x00空"}, "said"),
        ({"said": "\ud800"}, "said"),
        ({"whom": "\x1b[31m"}, "whom"),
        ({"kind": "police"}, "kind"),
        ({"households": 0}, "households"),
        ({"households": "三"}, "households"),
        ({"nonsense": 1}, "nonsense"),
        ({"made_at": "昨天"}, "made_at"),
        ({"made_at": "2026-11-22T10:00:00"}, "made_at"),
        ({"made_at": "0001-01-01T00:00:00+14:00"}, "made_at"),
        ({"seq": -1}, "seq"),
        ({"salt": "short"}, "salt"),
        ({"photos": [listed(b"x")] * 10}, "photos"),
    ],
)
def test_bad_input_names_the_field_in_chinese_and_stores_nothing(as_, path, rows, change, field):
    r = put(as_("an"), path, visit(**change))
    assert (r.status_code, r.json["type"], r.json["retry"]) == (422, "invalid", "never")
    assert list(r.json["fields"]) == [field]
    assert all(is_chinese(sentence) for sentence in sentences(r.json["fields"]))
    assert rows(Visit) == []


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"place": NaN}', b"[" * 5000])
def test_what_is_not_json_is_said_so(as_, path, raw):
    r = as_("an").put(path, data=raw, content_type="application/json")
    assert (r.status_code, r.json["type"]) == (400, "not_json")


def test_another_content_type_is_refused(as_, path):
    r = as_("an").put(path, data="a=1", content_type="application/x-www-form-urlencoded")
    assert (r.status_code, r.json["type"]) == (415, "wrong_content_type")


def test_a_place_of_nan_is_not_json(as_, path):
    raw = json.dumps(visit(place=place() | {"latitude": float("nan")}))
    assert put(as_("an"), path, raw).status_code == 400


def test_rare_characters_come_back_as_they_went(as_, path):
    words = "𠮷家👨‍👩‍👧 <b>一楼</b> %_\"'"
    put(as_("an"), path, visit(said=words))
    assert as_("an").get(path).json["said"] == words


def test_a_stranger_cannot_note_for_another(as_, path, rows):
    r = put(as_("bai"), path, visit())
    assert (r.status_code, r.json["type"]) == (404, "not_found")
    assert rows(Visit) == []


def test_a_record_of_another_person_in_this_browser_is_kept_back(as_, path, rows):
    r = put(as_("bai"), path, visit(), Hongling_Person=str(known("an")))
    assert (r.status_code, r.json["retry"]) == (401, "after_sign_in")
    assert rows(Visit) == []


def test_signed_out_in_the_middle_says_sign_in_and_try_again(app, path):
    client = app.test_client()
    r = put(client, path, visit())
    assert (r.status_code, r.json["type"], r.json["retry"]) == (401, "sign_in", "after_sign_in")


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("an", 1),
        ("ding", 0),
        ("ji", 0),
        ("he", 0),
        ("fang", 1),
        ("hu", 1),
        ("zong", 0),
        ("bai", 0),
        ("gao", 0),
    ],
)
def test_who_reads_it(as_, path, name, sees):
    put(as_("an"), path, visit())
    assert len((as_(name).get("/api/visits").json or {}).get("items", [])) == sees
    assert as_(name).get(path).status_code == (200 if sees else 404)


def test_the_sending_unit_reads_counts_only(as_, path):
    put(as_("an"), path, visit())
    assert as_("ji").get("/api/visits/count").json["count"] == 1
    assert as_("ji").get("/api/visits").json["items"] == []


@pytest.mark.engines
def test_a_visit_made_within_an_ended_term_is_stored_and_says_so(app, as_, path):
    end_posting(app, "posting-an", datetime.now(UTC).date() + timedelta(days=1))
    r = put(as_("an"), path, visit())
    assert (r.status_code, r.json["labels"]) == (201, ["after_posting"])


@pytest.mark.engines
def test_a_visit_made_after_the_end_is_held_not_refused(app, as_, path, rows):
    end_posting(app, "posting-an", date(2026, 1, 1))
    r = put(as_("an"), path, visit())
    assert (r.status_code, r.json["state"]) == (202, "held")
    assert "等待组织部门确认" in r.json["held_reason"]
    assert len(rows(Visit)) == 1
    assert as_("fang").get(path).json["state"] == "held"


@pytest.mark.engines
def test_the_owner_takes_a_visit_back_with_a_reason(as_, path, rows):
    put(as_("an"), path, visit())
    body = json.dumps(record(reason="记错了小区"))
    assert put(as_("bai"), f"{path}/void", body).status_code == 404
    assert put(as_("an"), f"{path}/void", body).status_code == 201
    assert put(as_("an"), f"{path}/void", body).json["replayed"] is True
    shown = as_("an").get(path).json
    assert (shown["voided"], shown["void_reason"]) == (True, "记错了小区")
    assert [line.action for line in rows(AuditLine)] == ["visit.log", "visit.void"]
    mend = put(as_("an"), path, visit(said="再改"), If_Match=f'"{shown["digest"]}"')
    assert (mend.status_code, mend.json["type"]) == (409, "state")


def test_an_unknown_visit_cannot_be_taken_back(as_):
    r = put(as_("an"), f"/api/visits/{uuid.uuid4()}/void", record(reason="记错了"))
    assert r.status_code == 404


def test_photos_are_awaited_from_the_record_on(as_, path, rows):
    raw = picture()
    r = put(as_("an"), path, visit(photos=[listed(raw), listed(raw)]))
    assert [photo["state"] for photo in r.json["photos"]] == ["awaited", "awaited"]
    assert len(rows(Photo)) == 2


def test_a_list_is_read_page_by_page_without_a_gap(as_):
    made = [datetime.now(UTC) - timedelta(minutes=n) for n in range(7)]
    for at in made:
        put(as_("an"), f"/api/visits/{new_id()}", visit(made_at=at.isoformat()))
    seen, cursor = [], ""
    while cursor is not None:
        page = as_("an").get(f"/api/visits?limit=3{cursor and f'&cursor={cursor}'}").json
        seen += [datetime.fromisoformat(item["made_at"]) for item in page["items"]]
        cursor = page["next"]
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "4pyT", "bm90aGluZ3w="])
def test_a_broken_cursor_is_told(as_, cursor):
    r = as_("an").get(f"/api/visits?cursor={cursor}")
    assert (r.status_code, "从头" in r.json["title"]) == (404, True)


def test_a_list_asks_the_same_number_of_questions_whatever_its_length(as_, queries):
    def note(count):
        for _ in range(count):
            raw = picture()
            put(as_("an"), f"/api/visits/{new_id()}", visit(photos=[listed(raw)]))

    note(1)
    short = queries(lambda: as_("hu").get("/api/visits"))
    note(12)
    assert queries(lambda: as_("hu").get("/api/visits")) == short <= 4
