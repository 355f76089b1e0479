"""A phone with many records and little signal sends them together."""

import hashlib
import json

import pytest

from server.core.audit import AuditLine
from server.visits.models import Visit
from tests.build import new_id, put, record, visit


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
        ({"method": "DELETE"}, 422),
        ({"body": "{"}, 400),
        ({"body": json.dumps("\ud800")}, 422),
    ],
)
def test_what_is_no_record_is_told(as_, change, status):
    r = send(as_("an"), item(new_path(), visit()) | change)
    found = r.status_code if r.status_code != 200 else r.json["results"][0]["status"]
    assert found == status


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
