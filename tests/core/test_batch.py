"""A phone with many records and little signal sends them together."""

import base64
import hashlib
import json

import pytest

from server.core.audit import AuditLine
from server.visits.models import Visit
from tests.build import listed, new_id, picture, put, record, visit
from tests.meetings.hall import Hall


def item(path, body, **more):
    raw = body if isinstance(body, str) else json.dumps(body)
    return {"method": "PUT", "path": path, "body": raw} | more


def send(client, *items):
    return client.post("/api/batch", json={"items": list(items)})


def new_path():
    return f"/api/visits/{new_id()}"


@pytest.mark.engines
def test_one_bad_item_of_many_costs_only_itself(as_, rows):
    good = [item(new_path(), visit(said=str(n))) for n in range(9)]
    bad = item(new_path(), visit(place={"latitude": 91}))
    r = send(as_("an"), *good[:4], bad, *good[4:])
    assert r.status_code == 200, r.json
    assert [result["status"] for result in r.json["results"]] == [201] * 4 + [422] + [201] * 5
    assert "place" in r.json["results"][4]["problem"]["fields"]
    digest = hashlib.sha256(good[0]["body"].encode()).hexdigest()
    assert r.json["results"][0]["receipt"]["digest"] == digest
    assert len(rows(Visit)) == len(rows(AuditLine)) == 9


@pytest.mark.engines
def test_a_batch_sent_again_writes_nothing(as_, rows):
    items = [item(new_path(), visit()) for _ in range(3)]
    first, again = send(as_("an"), *items), send(as_("an"), *items)
    assert {result["status"] for result in first.json["results"]} == {201}
    assert {result["status"] for result in again.json["results"]} == {200}
    assert all(result["receipt"]["replayed"] for result in again.json["results"])
    assert len(rows(AuditLine)) == 3


def test_the_items_obey_the_rules_of_single_requests(as_, rows):
    path = new_path()
    digest = put(as_("an"), path, visit()).json["digest"]
    mended = item(path, visit(said="改了"), if_match=digest)
    clash = item(path, visit(said="又改"))
    void = item(f"{path}/void", record(reason="记错了"))
    r = send(as_("an"), clash, mended, void)
    assert [result["status"] for result in r.json["results"]] == [409, 200, 201]
    r = send(as_("bai"), item(new_path(), visit()), item(path, visit()))
    assert [result["status"] for result in r.json["results"]] == [404, 409]
    assert [row.said for row in rows(Visit)] == ["改了"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"path": "/api/session"}, 422),
        ({"path": f"/api/nothing/{new_id()}"}, 404),
        ({"path": f"/api/photos/{new_id()}"}, 404),
        ({"path": f"/api/accounts/{new_id()}"}, 404),
        ({"path": "/api/visits/not-an-id"}, 422),
        ({"method": "DELETE"}, 422),
        ({"method": None, "more": 1}, 422),
        ({"body": "{"}, 400),
        ({"body": json.dumps("\ud800")}, 422),
    ],
)
def test_what_is_no_record_is_told_and_costs_only_itself(as_, change, status, rows):
    good = [item(new_path(), visit()) for _ in range(2)]
    r = send(as_("an"), good[0], item(new_path(), visit()) | change, good[1])
    assert [result["status"] for result in r.json["results"]] == [201, status, 201]
    assert len(rows(Visit)) == 2


@pytest.mark.parametrize("nothing", [None, 7, "记录", [], {}])
def test_what_is_no_item_at_all_costs_only_itself(as_, nothing):
    r = send(as_("an"), nothing, item(new_path(), visit()))
    assert [result["status"] for result in r.json["results"]] == [422, 201]
    assert r.json["results"][0]["problem"]["title"]


def test_fifty_one_items_or_too_many_bytes_are_refused_whole(as_, rows):
    items = [item(new_path(), visit()) for _ in range(51)]
    assert send(as_("an"), *items).status_code == 422
    huge = [item(new_path(), visit(said="长" * 2000)) for _ in range(45)]
    assert send(as_("an"), *huge).status_code == 413
    assert rows(Visit) == []


@pytest.mark.engines
def test_a_batch_of_another_person_is_kept_back(as_, rows):
    an = as_("an")
    r = an.post(
        "/api/batch",
        json={"items": [item(new_path(), visit())]},
        headers={"Hongling-Person": as_("bai").person},
    )
    assert (r.status_code, r.json["retry"]) == (401, "after_sign_in")
    assert rows(Visit) == []


@pytest.mark.engines
def test_the_server_says_which_records_it_lacks(as_):
    an, paths = as_("an"), [new_path() for _ in range(4)]
    digests = [put(an, path, visit()).json["digest"] for path in paths[:3]]
    void = put(an, f"{paths[0]}/void", record(reason="记错了")).json["digest"]
    asked = [{"path": path, "digest": digest} for path, digest in zip(paths, digests, strict=False)]
    asked[2]["digest"] = "0" * 64
    asked += [
        {"path": paths[3], "digest": "1" * 64},
        {"path": f"{paths[0]}/void", "digest": void},
        {"path": f"{paths[1]}/void", "digest": void},
    ]
    r = an.post("/api/reconcile", json={"items": asked})
    assert set(r.json["lacks"]) == {paths[2], paths[3], f"{paths[1]}/void"}


@pytest.mark.engines
def test_the_server_says_which_photos_it_lacks(as_):
    an, raws = as_("an"), [picture(colour=colour) for colour in ("red", "green", "blue")]
    photos = [listed(raw) for raw in raws]
    assert put(an, new_path(), visit(photos=photos[:2])).status_code == 201
    assert send_photo(an, photos[0], raws[0]).status_code == 201
    asked = [{"path": f"/api/photos/{p['id']}", "digest": p["digest"]} for p in photos]
    awaited, unknown = asked[1]["path"], asked[2]["path"]
    assert lacks(an, *asked) == {awaited, unknown}
    other = asked[0] | {"digest": photos[1]["digest"]}
    assert lacks(an, other) == {other["path"]}
    assert send_photo(an, photos[1], raws[1]).status_code == 201
    assert lacks(an, *asked) == {unknown}


@pytest.mark.engines
def test_what_another_person_sent_under_the_id_is_not_the_askers(as_):
    raw, path = picture(), new_path()
    photo = listed(raw)
    digest = put(as_("an"), path, visit(photos=[photo])).json["digest"]
    send_photo(as_("an"), photo, raw)
    asked = [
        {"path": path, "digest": digest},
        {"path": f"/api/photos/{photo['id']}", "digest": photo["digest"]},
    ]
    assert lacks(as_("an"), *asked) == set()
    for other in ("bai", "ding", "fang"):
        assert lacks(as_(other), *asked) == {item["path"] for item in asked}


@pytest.mark.engines
def test_what_a_lead_sent_about_a_member_is_the_leads(as_):
    opened = Hall(as_).open()
    r = opened.tick("an")
    asked = {"path": f"/api/checkins/{r.json['id']}", "digest": r.json["digest"]}
    assert lacks(as_("ding"), asked) == set()
    assert lacks(as_("an"), asked) == {asked["path"]}


def test_the_same_path_asked_twice_answers_for_each_digest(as_):
    path = new_path()
    digest = put(as_("an"), path, visit()).json["digest"]
    right, wrong = {"path": path, "digest": digest}, {"path": path, "digest": "0" * 64}
    assert lacks(as_("an"), right, wrong) == lacks(as_("an"), wrong, right) == {path}
    assert lacks(as_("an"), right, right) == set()
    assert lacks(as_("an"), wrong, wrong) == {path}


@pytest.mark.engines
def test_two_thousand_are_answered_by_one_question_a_kind_and_nothing_is_locked(as_, queries):
    path, digest = new_path(), "0" * 64
    some = [{"path": new_path(), "digest": digest} for _ in range(1990)]
    some += [{"path": f"/api/photos/{new_id()}", "digest": digest} for _ in range(9)]
    an = as_("an")
    put(an, path, visit())

    def ask(items):
        return queries(lambda: an.post("/api/reconcile", json={"items": items}))

    assert ask([some[0], some[-1]]) == ask([*some, {"path": path, "digest": digest}])
    too_many = an.post("/api/reconcile", json={"items": some * 2})
    assert too_many.status_code in (413, 422)


def lacks(client, *items):
    answer = client.post("/api/reconcile", json={"items": list(items)})
    assert answer.status_code == 200, answer.json
    assert len(answer.json["lacks"]) == len(set(answer.json["lacks"]))
    return set(answer.json["lacks"])


def send_photo(client, photo, raw):
    digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
    headers = {"Content-Type": "image/jpeg", "Content-Digest": f"sha-256=:{digest}:"}
    return client.put(f"/api/photos/{photo['id']}", data=raw, headers=headers)
