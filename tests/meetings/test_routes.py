import json
import uuid
from datetime import date, datetime, timedelta

import pytest

from server.core.audit import AuditLine, verify
from server.core.db import db
from server.core.records import EarlierVersion
from server.meetings import rules
from server.meetings.models import Meeting, MeetingAction, RosterEntry
from server.organizations.models import TemporaryBranch
from server.postings.models import Posting
from tests.build import new_id, put, record
from tests.meetings.hall import Hall, meeting, now
from tests.people import CITY, known, posting

HERE = "/3713/371302/"


def is_chinese(sentence):
    return any("一" <= c <= "鿿" for c in sentence)


@pytest.fixture
def path():
    return f"/api/meetings/{new_id()}"


@pytest.mark.engines
def test_the_lead_calls_a_meeting_of_the_own_branch(as_, path, rows):
    r = put(as_("ding"), path, meeting())
    assert (r.status_code, r.json["state"], r.json["labels"]) == (201, "stored", [])
    row = rows(Meeting)[0]
    assert (row.owner_id, row.branch_id, row.area_path) == (known("ding"), known("branch"), HERE)
    assert (row.host_unit_id, row.sending_unit_id, row.state) == (None, None, "planned")
    assert len(row.code) == 8
    assert [line.action for line in rows(AuditLine)] == ["meeting.call"]


def test_the_area_of_a_meeting_is_its_branchs_which_may_be_the_city(app, as_, path, rows):
    with app.app_context():
        db.session.get(TemporaryBranch, known("branch")).area_path = CITY
        db.session.commit()
    put(as_("ding"), path, meeting())
    assert rows(Meeting)[0].area_path == CITY
    assert [as_(name).get(path).status_code for name in ("hu", "fang")] == [200, 404]


@pytest.mark.engines
def test_the_same_meeting_again_is_a_replay_and_other_words_a_correction(as_, path, rows):
    said = json.dumps(meeting())
    first, again = put(as_("ding"), path, said), put(as_("ding"), path, said)
    assert (first.status_code, again.status_code, again.json["replayed"]) == (201, 200, True)
    code = rows(Meeting)[0].code
    other = meeting(title="十一月例会（改期）")
    assert put(as_("ding"), path, other).json["type"] == "digest_differs"
    mended = put(as_("ding"), path, other, If_Match=f'"{first.json["digest"]}"')
    assert (mended.status_code, mended.json["replayed"]) == (200, False)
    row = rows(Meeting)[0]
    assert (row.title, row.code) == ("十一月例会（改期）", code)
    assert [row.said["title"] for row in rows(EarlierVersion)] == ["十一月月例会"]
    assert [line.action for line in rows(AuditLine)] == ["meeting.call", "meeting.correct"]


@pytest.mark.parametrize("do", ["close", "cancel"])
def test_what_is_over_is_not_corrected(opened, do):
    opened.do(do)
    digest = opened.as_("ding").get(f"/api/meetings/{opened.id}").json["digest"]
    path = f"/api/meetings/{opened.id}"
    r = put(opened.as_("ding"), path, meeting(title="另一个名字"), If_Match=f'"{digest}"')
    assert (r.status_code, r.json["type"]) == (409, "state")
    assert is_chinese(r.json["title"])


@pytest.mark.parametrize("name", ["an", "bai", "he", "ji", "fang", "hu", "zong", "gao"])
def test_only_a_lead_calls_opens_and_shows(hall, path, rows, name):
    assert put(hall.as_(name), path, meeting()).status_code == 404
    assert rows(Meeting) == []
    hall.plan()
    assert hall.do("open", by=name).status_code == 404
    assert hall.screen(by=name).status_code == 404
    assert rows(MeetingAction) == []


def test_a_lead_whose_posting_ended_calls_no_more_meetings(app, as_, path):
    with app.app_context():
        db.session.get(Posting, known("posting-ding")).ended_on = date(2026, 6, 1)
        db.session.commit()
    assert put(as_("ding"), path, meeting()).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"title": "会"}, "title"),
        ({"title": "长" * 81}, "title"),
        ({"place_words": "长" * 101}, "place_words"),
        ({"starts_at": "明天"}, "starts_at"),
        ({"starts_at": "2026-11-22T10:00:00"}, "starts_at"),
        ({"ends_at": "2026-01-01T10:00:00+08:00"}, "ends_at"),
        ({"state": "open"}, "state"),
    ],
)
def test_bad_input_names_the_field_in_chinese_and_stores_nothing(as_, path, rows, change, field):
    r = put(as_("ding"), path, meeting(**change))
    assert (r.status_code, r.json["type"], list(r.json["fields"])) == (422, "invalid", [field])
    assert all(is_chinese(s) for s in r.json["fields"][field])
    assert rows(Meeting) == []


@pytest.mark.engines
def test_opening_freezes_who_is_expected(hall, app, keep, rows):
    hall.plan()
    assert hall.do("open").status_code == 201
    assert {row.owner_id for row in rows(RosterEntry)} == {known("an"), known("ding")}
    assert {row.sending_unit_id for row in rows(RosterEntry)} == {known("bureau")}
    with app.app_context():
        db.session.get(Posting, known("posting-an")).ended_on = date(2026, 11, 1)
        db.session.get(Posting, known("posting-bai")).ended_on = date(2026, 11, 1)
        db.session.commit()
    late = {"host": "songtao", "sender": "office", "branch": "branch", "area": HERE}
    keep(posting("posting-bai-2", owner="bai", **late))
    people = hall.as_("ding").get(f"/api/meetings/{hall.id}/attendance").json["people"]
    assert [row["person"]["name"] for row in people] == ["丁一", "安宁"]


def test_before_the_opening_the_roster_is_who_serves_now(hall):
    hall.plan()
    told = hall.as_("ding").get(f"/api/meetings/{hall.id}/attendance").json
    assert [(row["person"]["name"], row["state"]) for row in told["people"]] == [
        ("丁一", "absent"),
        ("安宁", "absent"),
    ]
    assert (told["expected"], told["present"], told["held"]) == (2, 0, [])
    assert hall.as_("an").get(f"/api/meetings/{hall.id}").json["expected"] == 2


@pytest.mark.engines
def test_an_open_that_arrives_late_counts_from_when_it_was_made(hall, time, rows):
    hall.plan()
    time.shift(timedelta(hours=1))
    r = hall.do("open", waited=1800)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])
    assert rows(Meeting)[0].opened_at == now() - timedelta(minutes=30)


@pytest.mark.engines
def test_a_close_that_overtook_its_open_waits_for_it(hall, time, rows):
    hall.plan()
    time.shift(timedelta(hours=3))
    r = hall.do("close", waited=600)
    assert (r.status_code, r.json["held_reason"]) == (202, rules.WAITS)
    assert hall.do("open", waited=7200).status_code == 201
    row = rows(Meeting)[0]
    assert (row.state, row.ended_at) == ("closed", now() - timedelta(seconds=600))
    assert {action.held_reason for action in rows(MeetingAction)} == {None}


def test_opening_twice_is_no_mistake_and_changes_nothing(opened, time, rows):
    before = rows(Meeting)[0].opened_at
    time.shift(timedelta(minutes=5))
    assert opened.do("open").status_code == 201
    assert (rows(Meeting)[0].opened_at, len(rows(RosterEntry))) == (before, 2)


@pytest.mark.parametrize(
    ("done", "then"),
    [("close", "open"), ("close", "cancel"), ("cancel", "open"), ("cancel", "close")],
)
def test_what_is_over_stays_over_and_says_so(opened, time, done, then):
    time.shift(timedelta(minutes=5))
    assert opened.do(done).status_code == 201
    time.shift(timedelta(minutes=5))
    r = opened.do(then)
    assert (r.status_code, r.json["type"]) == (409, "state")
    assert is_chinese(r.json["title"])


def test_each_action_leaves_its_audit_line_and_the_chain_holds(opened, app, rows):
    opened.scan("an")
    opened.do("close")
    assert [line.action for line in rows(AuditLine)] == [
        "meeting.call",
        "meeting.act",
        "display.give",
        "checkin.record",
        "meeting.act",
    ]
    assert rows(AuditLine)[1].detail == {"meeting": opened.id, "do": "open", "state": "open"}
    with app.app_context():
        assert verify(HERE) is None


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("an", True),
        ("ding", True),
        ("fang", True),
        ("hu", True),
        ("ji", False),
        ("he", False),
        ("zong", False),
        ("bai", False),
        ("gao", False),
    ],
)
def test_who_reads_meetings(opened, name, sees):
    assert len(opened.as_(name).get("/api/meetings").json["items"]) == sees
    status = opened.as_(name).get(f"/api/meetings/{opened.id}").status_code
    assert status == (200 if sees else 404)


@pytest.mark.parametrize(
    ("name", "status"),
    [("an", 404), ("ding", 200), ("fang", 200), ("hu", 200)]
    + [(name, 404) for name in ("ji", "he", "zong", "bai", "gao")],
)
def test_who_reads_the_roster(opened, name, status):
    r = opened.as_(name).get(f"/api/meetings/{opened.id}/attendance")
    assert r.status_code == status


def test_a_meeting_shows_its_numbers_and_the_readers_own_state(opened, time):
    opened.scan("an")
    told = {
        name: opened.as_(name).get(f"/api/meetings/{opened.id}").json for name in ("an", "ding")
    }
    assert told["an"]["mine"] == {"state": "present", "way": "scan", "at": now().isoformat()}
    assert told["ding"]["mine"] is None
    assert [told[name]["hosting"] for name in ("an", "ding")] == [False, True]
    for meeting_ in told.values():
        assert (meeting_["expected"], meeting_["present"], meeting_["state"]) == (2, 1, "open")
        assert meeting_["branch"] == {"id": str(known("branch")), "name": "兰山区第一临时党支部"}


def test_a_list_is_filtered_by_time(hall, time):
    for days in (0, 3, 6):
        when = now() + timedelta(days=days)
        times = {"starts_at": when.isoformat(), "ends_at": (when + timedelta(hours=1)).isoformat()}
        put(hall.as_("ding"), f"/api/meetings/{new_id()}", meeting(**times))
    since, until = ((now() + timedelta(days=n)).strftime("%Y-%m-%dT%H:%M:%SZ") for n in (2, 5))
    told = hall.as_("an").get(f"/api/meetings?from={since}&until={until}").json["items"]
    starts = [datetime.fromisoformat(item["starts_at"]) for item in told]
    assert starts == [now() + timedelta(days=3)]


def test_a_screen_that_asks_again_gets_304_until_someone_comes(opened):
    path = f"/api/meetings/{opened.id}/attendance"
    etag = opened.as_("ding").get(path).headers["ETag"]
    again = opened.as_("ding").get(path, headers={"If-None-Match": etag})
    assert again.status_code == 304
    opened.scan("an")
    assert opened.as_("ding").get(path, headers={"If-None-Match": etag}).status_code == 200


def test_lists_ask_the_same_number_of_questions_whatever_their_length(as_, time, queries):
    def hold(count):
        for _ in range(count):
            hall = Hall(as_).open()
            hall.scan("an")
            hall.scan("bai")

    paths, lead = ("/api/meetings", "/api/checkins"), as_("ding")
    hold(1)
    short = [queries(lambda p=path: lead.get(p)) for path in paths]
    hold(6)
    assert [queries(lambda p=path: lead.get(p)) for path in paths] == short == [8, 2]


def test_the_roster_asks_the_same_number_of_questions_whatever_its_length(opened, keep, queries):
    path, lead = f"/api/meetings/{opened.id}/attendance", opened.as_("ding")
    short = queries(lambda: lead.get(path))
    entry = {"meeting_id": uuid.UUID(opened.id), "branch_id": known("branch"), "area_path": HERE}
    for name in ("bai", "he", "ji"):
        keep(RosterEntry(owner_id=known(name), **entry))
        opened.scan(name)
        opened.tick(name)
    assert len(opened.seats()) == 3
    assert queries(lambda: lead.get(path)) == short == 4


def test_an_action_is_not_corrected(opened):
    id = new_id()
    said = record(meeting_id=opened.id, do="open")
    first = put(opened.as_("ding"), f"/api/meeting-actions/{id}", said)
    other = record(meeting_id=opened.id, do="close")
    r = put(
        opened.as_("ding"),
        f"/api/meeting-actions/{id}",
        other,
        If_Match=f'"{first.json["digest"]}"',
    )
    assert (r.status_code, r.json["type"]) == (409, "state")
