"""What is refused, what is held, and who may do and read what."""

import random
import uuid
from datetime import timedelta

import pytest

from server.accounts.models import User
from server.core.db import db
from server.meetings import rules
from server.meetings.models import Checkin
from tests.build import new_id, put, record
from tests.meetings.hall import Hall
from tests.people import known

ANYBODY = str(uuid.uuid4())
AN_PRESENT = {"安宁": ("present", "scan")}


def is_chinese(sentence):
    return any("一" <= c <= "鿿" for c in sentence)


def test_a_thousand_forged_codes_and_none_is_taken(opened, rows):
    chance = random.Random(1000)  # noqa: S311
    good = opened.code()
    for n in range(1000):
        letters = list(good)
        if n % 2:  # one letter is changed
            place = chance.randrange(33)
            letters[place] = chance.choice(rules.LETTERS.replace(good[place], ""))
        else:  # the mac is guessed
            letters[17:] = chance.choices(rules.LETTERS, k=16)
        r = opened.scan("an", code="".join(letters))
        assert (r.status_code, r.json["type"]) == (422, "bad_code")
    assert rows(Checkin) == []
    assert opened.scan("an").status_code == 201


@pytest.mark.parametrize("text", ["", "https://example.cn", "签到", "A" * 33, "A" * 100])
def test_what_is_no_code_of_ours_is_said_so_and_the_next_scan_works(opened, text):
    r = opened.scan("an", code=text)
    assert (r.status_code, r.json["type"], r.json["retry"]) == (422, "bad_code", "never")
    assert is_chinese(r.json["title"])
    assert opened.scan("an").status_code == 201


def test_a_code_of_another_meeting_is_refused_when_the_phone_named_one(opened, as_):
    other = Hall(as_).open()
    r = opened.scan("an", code=other.code())
    assert (r.status_code, r.json["type"]) == (422, "bad_code")
    assert "另一场会议" in r.json["title"]
    assert other.seats() == opened.seats() == {}


@pytest.mark.parametrize(
    ("before", "reason"), [("close", rules.CLOSED), ("cancel", rules.CANCELLED)]
)
def test_after_the_end_it_is_held_for_a_person_to_decide(opened, time, before, reason):
    time.shift(timedelta(hours=1))
    opened.do(before)
    time.shift(timedelta(seconds=3))
    for r in (opened.scan("an"), opened.tick("an")):
        assert (r.status_code, r.json["state"], r.json["held_reason"]) == (202, "held", reason)
        assert is_chinese(reason)
    assert opened.seats() == {}


@pytest.mark.engines
def test_one_who_is_not_expected_is_held_and_shown_to_the_host(opened):
    r = opened.scan("bai")
    assert (r.status_code, r.json["held_reason"]) == (202, rules.NOT_EXPECTED)
    told = opened.as_("ding").get(f"/api/meetings/{opened.id}/attendance").json
    assert [(row["checkin_id"], row["person"]["name"]) for row in told["held"]] == [
        (r.json["id"], "白桦")
    ]
    assert (told["expected"], told["present"]) == (2, 0)
    again = opened.tick("bai")
    assert (again.status_code, again.json["held_reason"]) == (202, rules.NOT_EXPECTED)
    assert opened.as_("bai").get(f"/api/checkins/{r.json['id']}").json["state"] == "held"


def test_held_events_of_who_is_present_by_now_are_not_shown_as_waiting(hall, time):
    hall.plan()
    hall.screen()
    hall.scan("an")
    time.shift(timedelta(minutes=1))
    hall.do("open")
    path = f"/api/meetings/{hall.id}/attendance"
    assert len(hall.as_("ding").get(path).json["held"]) == 1
    hall.tick("an")
    assert hall.as_("ding").get(path).json["held"] == []


@pytest.mark.parametrize("way", ["tick", "host_scan", "undo"])
@pytest.mark.parametrize("by", ["an", "bai", "he", "fang", "zong"])
def test_only_the_branchs_lead_ticks(opened, rows, by, way):
    r = opened.tick("an", by=by, way=way)
    assert (r.status_code, r.json["type"]) == (404, "not_found")
    assert rows(Checkin) == []


def test_a_lead_of_another_branch_finds_no_such_meeting(app, opened, rows):
    with app.app_context():
        bai = db.session.get(User, known("bai"))
        bai.roles = ["secretary", "branch_lead"]
        db.session.commit()
    assert opened.tick("an", by="bai").status_code == 404
    assert opened.do("close", by="bai").status_code == 404
    assert opened.screen(by="bai").status_code == 404
    assert opened.as_("bai").get(f"/api/meetings/{opened.id}").status_code == 404
    assert opened.as_("bai").get(f"/api/meetings/{opened.id}/attendance").status_code == 404
    assert rows(Checkin) == []


@pytest.mark.parametrize("name", ["he", "ji", "fang", "hu", "zong", "gao"])
def test_who_attends_no_meetings_scans_none(opened, rows, name):
    r = opened.scan(name)
    assert (r.status_code, r.json["type"]) == (404, "not_found")
    assert rows(Checkin) == []


def test_nobody_scans_for_another(opened, rows):
    r = opened.scan("an", person_id=str(known("ding")))
    assert (r.status_code, list(r.json["fields"])) == (422, ["person_id"])
    assert rows(Checkin) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"way": "dance"}, "way"),
        ({"way": "tick", "code": None}, "person_id"),
        ({"way": "undo", "code": None, "person_id": ANYBODY, "meeting_id": None}, "meeting_id"),
        ({"way": "tick", "code": None, "person_id": ANYBODY}, "person_id"),
        ({"way": "tick", "person_id": str(known("an"))}, "code"),
        ({"code": None}, "code"),
        ({"code": 7}, "code"),
        ({"code": "长" * 101}, "code"),
        ({"claim": "长" * 101}, "claim"),
        ({"note": "长" * 201}, "note"),
        ({"note": "有\x00空"}, "note"),
        ({"meeting_id": "x"}, "meeting_id"),
        ({"nonsense": 1}, "nonsense"),
    ],
)  # fmt: skip
def test_bad_input_names_the_field_in_chinese_and_stores_nothing(opened, rows, change, field):
    said = record(meeting_id=opened.id, way="scan", code=opened.code()) | change
    r = put(opened.as_("ding"), f"/api/checkins/{new_id()}", said)
    assert (r.status_code, r.json["type"]) == (422, "invalid")
    assert list(r.json["fields"]) == [field]
    assert all(is_chinese(s) for s in r.json["fields"][field])
    assert rows(Checkin) == []


def test_an_event_is_not_corrected_but_followed_by_another(opened):
    id = new_id()
    first = opened.scan("an", id=id).json
    other = record(meeting_id=opened.id, way="scan", code=opened.code())
    path = f"/api/checkins/{id}"
    assert put(opened.as_("an"), path, other).json["type"] == "digest_differs"
    r = put(opened.as_("an"), path, other, If_Match=f'"{first["digest"]}"')
    assert (r.status_code, r.json["type"]) == (409, "state")
    assert put(opened.as_("bai"), path, other).json["type"] == "id_taken"


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("an", 1),
        ("ding", 2),
        ("bai", 1),
        ("fang", 3),
        ("hu", 3),
        ("gao", 0),
        ("he", 0),
        ("zong", 0),
    ],
)
def test_who_reads_check_ins(opened, name, sees):
    """An reads her own; the lead and the organizers those of the branch; a guest the own one."""
    ids = {n: opened.scan(n).json["id"] for n in ("an", "bai")}
    tick = opened.tick("ding").json["id"]
    sees = {"ding": 3}.get(name, sees)
    told = opened.as_(name).get(f"/api/checkins?meeting_id={opened.id}").json
    assert len(told["items"]) == sees
    read = {
        key: opened.as_(name).get(f"/api/checkins/{id}").status_code
        for key, id in {**ids, "tick": tick}.items()
    }
    assert list(read.values()).count(200) == sees
    assert set(read.values()) <= {200, 404}


def test_a_person_reads_what_the_lead_did_about_them(opened):
    opened.tick("an", note="手机没电")
    item = opened.as_("an").get("/api/checkins").json["items"][0]
    assert (item["by"]["name"], item["way"], item["note"]) == ("丁一", "tick", "手机没电")
