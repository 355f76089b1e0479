import json
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
import time_machine

from server.core.audit import AuditLine
from server.core.db import db
from server.core.jobs import JOBS, JobTurn
from server.decisions.models import Decision
from server.reminders.models import Reminder
from server.visits.models import Visit
from server.worker import turn
from tests.build import listed, new_id, picture, put, record, visit
from tests.people import known


def is_chinese(sentence):
    return any("一" <= c <= "鿿" for c in sentence)


@pytest.mark.engines
def test_an_accepted_visit_counts_and_leaves_the_list(desk, rows):
    path = desk.held_visit(said="反映停车难")
    shown = desk.as_("fang").get("/api/held").json["items"][0]
    assert shown.pop("made_at") <= shown.pop("received_at")
    assert shown == {
        "path": path,
        "kind": "visit",
        "person": {"id": str(known("an")), "name": "安宁"},
        "held_reason": "任期已结束，等待组织部门确认",
        "summary": "反映停车难",
    }
    r = desk.decide(path, "accept", "情况属实")
    assert (r.status_code, r.json["state"]) == (201, "stored")
    seen = desk.as_("an").get(path).json
    assert (seen["state"], seen["held_reason"], seen["returned"]) == ("stored", None, None)
    assert desk.waiting("fang") == []
    line = rows(AuditLine)[-1]
    assert (line.action, line.actor_id, line.area) == (
        "held.decide",
        known("fang"),
        "/3713/371302/",
    )
    assert line.detail == {
        "kind": "visits",
        "record": path[-36:],
        "verdict": "accept",
        "settles": True,
    }


@pytest.mark.engines
def test_a_returned_visit_stays_held_and_says_why_until_it_is_corrected(desk):
    path = desk.held_visit()
    assert desk.decide(path, "return", "请写明是哪一天").status_code == 201
    seen = desk.as_("an").get(path).json
    assert (seen["state"], seen["returned"]) == ("held", "请写明是哪一天")
    assert desk.waiting("fang") == []
    mended = put(desk.as_("an"), path, visit(said="周二"), If_Match=f'"{seen["digest"]}"')
    assert (mended.status_code, mended.json["state"]) == (202, "held")
    assert desk.as_("an").get(path).json["returned"] is None
    assert desk.waiting("fang") == [path]
    assert desk.decide(path, "accept").status_code == 201
    assert desk.as_("an").get(path).json["state"] == "stored"


@pytest.mark.engines
def test_the_same_bytes_again_say_the_same_and_write_nothing(desk, rows):
    path = desk.held_visit()
    said = json.dumps(record(path=path, verdict="return", words="请补写"))
    address = f"/api/decisions/{new_id()}"
    first, again = (put(desk.as_("fang"), address, said) for _ in range(2))
    assert (first.status_code, again.status_code, again.json["replayed"]) == (201, 200, True)
    assert len(rows(Decision)) == 1
    assert [line.action for line in rows(AuditLine)].count("held.decide") == 1


@pytest.mark.engines
def test_two_who_agree_are_no_conflict_and_two_who_do_not_are(desk, rows):
    path = desk.held_visit()
    assert desk.decide(path, "accept").status_code == 201
    assert desk.decide(path, "accept", by="hu").status_code == 201
    assert sorted(row.settles for row in rows(Decision)) == [False, True]
    late = desk.decide(path, "return", "还要改", by="hu")
    assert (late.status_code, late.json["type"], late.json["retry"]) == (409, "state", "never")
    other = desk.held_visit()
    assert desk.decide(other, "return", "请补写").status_code == 201
    assert desk.decide(other, "return", "请补写", by="hu").status_code == 201
    assert desk.decide(other, "return", "另一句", by="hu").status_code == 409
    late = desk.decide(other, "accept", by="hu")
    assert (late.status_code, late.json["type"]) == (409, "state")
    assert is_chinese(late.json["title"])
    assert len(rows(Decision)) == 4


@pytest.mark.engines
def test_of_two_at_once_exactly_one_decides(desk, rows):
    path, answers = desk.held_visit(), []
    said = [("accept", "", "fang"), ("return", "请补写", "hu")] * 4

    def decide(verdict, words, by):
        answers.append(desk.decide(path, verdict, words, by=by).status_code)

    threads = [Thread(target=decide, args=one) for one in said]
    desk.as_("fang"), desk.as_("hu")
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(set(answers)) == [201, 409], answers
    settled = [row for row in rows(Decision) if row.settles]
    assert len(settled) == 1
    visit = rows(Visit)[0]
    assert (visit.held_reason is None) == (settled[0].verdict == "accept")


def test_a_decision_is_not_corrected_not_even_by_the_same_words(desk):
    path, id = desk.held_visit(), new_id()
    first = desk.decide(path, "return", "请补写", id=id)
    mended = put(
        desk.as_("fang"),
        f"/api/decisions/{id}",
        record(path=path, verdict="return", words="请补写"),
        If_Match=f'"{first.json["digest"]}"',
    )
    assert (mended.status_code, mended.json["type"]) == (409, "state")
    assert desk.as_("an").get(path).json["returned"] == "请补写"


@pytest.mark.engines
@pytest.mark.parametrize("stranger", ["an", "ding", "ji", "he", "zong", "bai", "gao"])
def test_whoever_may_not_decide_finds_nothing(desk, stranger, rows):
    path = desk.held_visit()
    assert desk.waiting(stranger) == []
    r = desk.decide(path, "accept", by=stranger)
    assert (r.status_code, r.json["type"]) == (404, "not_found")
    assert rows(Decision) == []
    assert rows(Visit)[0].held_reason


def test_a_person_of_another_county_is_for_its_own_organizer(desk):
    desk.end_term("bai")
    here, there = desk.held_visit(), desk.held_visit("bai")
    assert desk.waiting("fang") == [here]
    assert desk.waiting("gao") == [there]
    assert desk.waiting("hu") == [there, here]


@pytest.mark.parametrize(
    "path",
    [
        f"/api/visits/{known('nothing')}",
        f"/api/postings/{known('posting-an')}",
        f"/api/nothing/{known('nothing')}",
    ],
)
def test_what_is_not_there_or_never_held_is_404(desk, path):
    assert desk.decide(path, "accept").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"path": "/api/visits"}, "path"),
        ({"path": "/api/visits/../accounts"}, "path"),
        ({"verdict": "maybe"}, "verdict"),
        ({"verdict": "return", "words": ""}, "words"),
        ({"verdict": "return", "words": "x "}, "words"),
        ({"words": "长" * 201}, "words"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_bad_input_names_the_field_in_chinese(desk, change, field, rows):
    said = record(path=desk.held_visit(), verdict="accept", words="") | change
    r = put(desk.as_("fang"), f"/api/decisions/{new_id()}", said)
    assert (r.status_code, list(r.json["fields"])) == (422, [field])
    assert all(is_chinese(sentence) for sentence in r.json["fields"][field])
    assert rows(Decision) == []


def test_what_its_owner_took_back_waits_for_nobody(desk):
    path = desk.held_visit()
    assert put(desk.as_("an"), f"{path}/void", record(reason="记错了")).status_code == 201
    assert desk.waiting("fang") == []


@pytest.mark.engines
def test_the_list_turns_its_pages_across_the_kinds_and_asks_no_more_when_it_grows(desk, queries):
    fang = desk.as_("fang")
    paths = [desk.held_visit(), desk.held_issue()]
    asked = queries(lambda: fang.get("/api/held"))
    for _ in range(3):
        paths += [desk.held_visit(), desk.held_issue(photos=[listed(picture())])]
    assert queries(lambda: fang.get("/api/held")) == asked
    found, cursor = [], ""
    while cursor is not None:
        page = fang.get(f"/api/held?limit=3{'&cursor=' * bool(cursor)}{cursor}").json
        found += [item["path"] for item in page["items"]]
        cursor = page["next"]
    assert found == paths[::-1]


@pytest.mark.engines
@pytest.mark.usefixtures("no_duties")
@pytest.mark.parametrize(
    ("verdict", "words", "title", "body"),
    [
        ("accept", "", "走访已确认", "方圆同志已确认，现已生效"),
        ("return", "请写明是哪一天", "走访被退回，请查看", "方圆同志：请写明是哪一天"),
    ],
)
def test_the_sender_reads_of_it_in_the_inbox_once_and_no_bell_rings(
    desk, rows, verdict, words, title, body
):
    path = desk.held_visit()
    desk.decide(path, verdict, words)
    desk.decide(path, verdict, words, by="hu")
    for _ in range(2):
        scan(desk.app)
    inbox = desk.as_("an").get("/api/reminders").json
    told = [{k: item[k] for k in ("kind", "title", "body", "link")} for item in inbox["items"]]
    link = path.removeprefix("/api")
    assert told == [{"kind": "held_decided", "title": title, "body": body, "link": link}]
    assert inbox["unseen"] == 1
    assert [row.bell_at for row in rows(Reminder)] == [None]
    for other in ("fang", "ding"):
        assert desk.as_(other).get("/api/reminders").json["items"] == []
    with time_machine.travel(datetime.now(UTC) + timedelta(days=15)):
        scan(desk.app)
        assert [i["expired"] for i in desk.as_("an").get("/api/reminders").json["items"]] == [True]


def scan(app):
    with app.app_context():
        db.session.execute(db.delete(JobTurn))
        db.session.commit()
    turn(app, JOBS["reminders.scan"], Event())
