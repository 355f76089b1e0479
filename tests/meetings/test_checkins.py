import itertools
import json
import random
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.accounts.models import User
from server.core.audit import AuditLine
from server.core.db import db
from server.meetings import rules
from server.meetings.models import Attendance, Checkin
from tests.build import new_id, put, record
from tests.meetings.hall import Hall, now
from tests.people import known

ANYBODY = str(uuid.uuid4())
AN_PRESENT = {"安宁": ("present", "scan")}


def is_chinese(sentence):
    return any("一" <= c <= "鿿" for c in sentence)


@pytest.mark.engines
def test_a_scan_makes_one_event_one_seat_and_one_audit_line(opened, rows):
    r = opened.scan("an")
    assert (r.status_code, r.json["state"], r.json["labels"]) == (201, "stored", [])
    assert r.json["already"] is False
    assert r.json["at"] == now().isoformat()
    event, seat = rows(Checkin)[0], rows(Attendance)[0]
    assert (event.owner_id, event.author_id, event.way) == (known("an"), known("an"), "scan")
    assert (seat.person_id, seat.state, seat.at) == (known("an"), "present", now())
    line = rows(AuditLine)[-1]
    assert (line.action, line.subject_id, line.area) == (
        "checkin.record",
        event.id,
        "/3713/371302/",
    )
    assert line.detail == {
        "meeting": opened.id,
        "person": str(known("an")),
        "way": "scan",
        "held": False,
    }


@pytest.mark.engines
def test_the_same_bytes_again_say_the_same_and_write_nothing(opened, time, rows):
    said = json.dumps(record(meeting_id=opened.id, way="scan", code=opened.code()))
    path = f"/api/checkins/{new_id()}"
    first = put(opened.as_("an"), path, said)
    time.shift(timedelta(hours=1))
    again = put(opened.as_("an"), path, said)
    assert (first.status_code, again.status_code) == (201, 200)
    changes = {"server_time", "replayed"}
    assert {k: v for k, v in first.json.items() if k not in changes} == {
        k: v for k, v in again.json.items() if k not in changes
    }
    assert len(rows(Checkin)) == len(rows(Attendance)) == 1
    assert [line.action for line in rows(AuditLine)].count("checkin.record") == 1


def test_the_meeting_need_not_be_named(opened):
    r = opened.scan("an", meeting_id=None)
    assert (r.status_code, opened.seats()) == (201, AN_PRESENT)


def test_the_host_signs_in_like_everyone(opened):
    assert opened.scan("ding").status_code == 201
    assert opened.seats() == {"丁一": ("present", "scan")}


@pytest.mark.engines
def test_a_second_scan_is_told_the_first_time_and_is_no_error(opened, time):
    first = opened.scan("an").json["at"]
    time.shift(timedelta(minutes=20))
    r = opened.scan("an")
    assert (r.status_code, r.json["already"], r.json["at"]) == (201, True, first)


CHANNELS = {
    "scan": lambda hall: hall.scan("an"),
    "host_scan": lambda hall: hall.tick("an", way="host_scan"),
    "tick": lambda hall: hall.tick("an"),
}


@pytest.mark.engines
@pytest.mark.parametrize("order", list(itertools.permutations(CHANNELS)), ids=",".join)
def test_three_channels_in_any_order_make_three_events_and_one_seat(opened, time, rows, order):
    first = now()
    for channel in order:
        assert CHANNELS[channel](opened).status_code == 201
        time.shift(timedelta(minutes=1))
    assert len(rows(Checkin)) == 3
    seat = rows(Attendance)[0]
    assert (len(rows(Attendance)), seat.way, seat.at) == (1, order[0], first)
    assert seat.state == "present"


@pytest.mark.engines
def test_a_tick_is_taken_back_and_given_again_and_every_event_stays(opened, time, rows):
    opened.tick("an")
    time.shift(timedelta(seconds=5))
    r = opened.tick("an", way="undo", note="点错了人")
    assert (r.status_code, r.json["already"], r.json["at"]) == (201, False, None)
    assert opened.seats() == {}
    time.shift(timedelta(seconds=5))
    assert opened.tick("an").json["already"] is False
    assert opened.seats() == {"安宁": ("present", "tick")}
    assert [row.way for row in sorted(rows(Checkin), key=lambda row: row.at)] == [
        "tick",
        "undo",
        "tick",
    ]


def test_an_undo_of_before_does_not_touch_a_scan_of_after(opened, time):
    opened.tick("an")
    time.shift(timedelta(minutes=9))
    opened.scan("an")
    opened.tick("an", way="undo", waited=480)  # made offline between the two, arrived last
    assert opened.seats() == AN_PRESENT


@pytest.mark.parametrize(
    ("second", "status"),
    [(-5.001, 422), (-5, 201), (0, 201), (19.999, 201), (20, 201), (20.001, 422)],
)
def test_a_code_sent_at_once_is_judged_by_the_servers_clock(opened, time, second, status):
    time.shift(timedelta(minutes=1))  # the slot begins, and the meeting has long been open
    code = opened.code()
    time.shift(timedelta(seconds=second))
    r = opened.scan("an", code=code)
    assert r.status_code == status
    if status == 422:
        assert (r.json["type"], r.json["retry"]) == ("code_expired", "never")
        assert "再扫一次" in r.json["title"]
        assert opened.seats() == {}


def test_the_phones_wrong_clock_does_not_matter_to_a_scan_sent_at_once(opened):
    wrong = now() + timedelta(hours=1)
    said = record(meeting_id=opened.id, way="scan", code=opened.code()) | {
        "made_at": wrong.isoformat()
    }
    r = put(opened.as_("an"), f"/api/checkins/{new_id()}", said, Hongling_Sent_At=wrong.isoformat())
    assert (r.status_code, r.json["labels"]) == (201, ["clock_wrong"])
    assert r.json["at"] == now().isoformat()


@pytest.mark.engines
def test_a_scan_kept_offline_is_judged_by_when_it_was_made_and_is_provisional(opened, time):
    time.shift(timedelta(hours=1))
    r = opened.scan("an", waited=3000)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])
    assert r.json["at"] == (now() - timedelta(seconds=3000)).isoformat()
    assert opened.seats() == {"安宁": ("provisional", "scan")}
    opened.tick("an")
    assert opened.seats() == AN_PRESENT
    told = opened.as_("ding").get(f"/api/meetings/{opened.id}/attendance").json["people"]
    seat = next(row for row in told if row["person"]["name"] == "安宁")
    assert (seat["at"], seat["labels"]) == (r.json["at"], ["offline"])


@pytest.mark.parametrize("skew", [-3600, -60, 60, 3600])
def test_an_offline_scan_of_a_phone_whose_clock_is_wrong_is_judged_right(opened, time, skew):
    time.shift(timedelta(hours=1))
    off = timedelta(seconds=skew)
    made, sent = now() - timedelta(seconds=1000) + off, now() + off
    said = record(meeting_id=opened.id, way="scan", code=opened.code(ago=1000))
    said["made_at"] = made.isoformat()
    r = put(opened.as_("an"), f"/api/checkins/{new_id()}", said, Hongling_Sent_At=sent.isoformat())
    assert r.status_code == 201, r.json
    assert r.json["at"] == (now() - timedelta(seconds=1000)).isoformat()
    assert "offline" in r.json["labels"]


def test_a_scan_that_waited_for_a_minute_of_no_signal_is_kept(opened, time):
    time.shift(timedelta(minutes=5))
    r = opened.scan("an", waited=60)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])


def test_an_offline_scan_of_a_forwarded_picture_waits_for_the_host(opened, time):
    code = opened.code()
    time.shift(timedelta(hours=1))
    r = opened.scan("an", code=code, waited=1800)
    assert (r.status_code, r.json["state"], r.json["held_reason"]) == (202, "held", rules.STALE)
    assert opened.seats() == {}


def test_an_offline_scan_may_arrive_after_the_close(opened, time):
    time.shift(timedelta(hours=2))
    opened.do("close")
    time.shift(timedelta(hours=20))
    r = opened.scan("an", waited=21 * 3600)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])
    assert opened.seats() == {"安宁": ("provisional", "scan")}


def test_ticks_of_a_lead_without_signal_count_in_full(opened, time):
    time.shift(timedelta(hours=1))
    r = opened.tick("an", waited=1800)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])
    assert opened.seats() == {"安宁": ("present", "tick")}


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


@pytest.mark.engines
def test_too_early_is_held_and_a_later_scan_counts(hall, time):
    hall.plan()
    hall.screen()
    r = hall.scan("an")
    assert (r.status_code, r.json["held_reason"], r.json["at"]) == (202, rules.NOT_OPEN, None)
    mine = hall.as_("an").get(f"/api/meetings/{hall.id}").json["mine"]
    assert mine["state"] == "held"
    time.shift(timedelta(minutes=1))
    hall.do("open")
    assert hall.seats() == {}
    time.shift(timedelta(minutes=1))
    assert hall.scan("an").json["at"] == now().isoformat()
    assert hall.seats() == AN_PRESENT


@pytest.mark.engines
def test_what_was_held_only_because_the_opening_had_not_arrived_counts_once_it_has(
    hall, time, rows
):
    hall.plan()
    hall.screen()
    time.shift(timedelta(minutes=10))
    for name in ("an", "ding", "bai"):
        assert hall.scan(name).status_code == 202
    at = now()
    time.shift(timedelta(minutes=10))
    assert hall.do("open", waited=900).status_code == 201  # opened offline, before the scans
    assert hall.seats() == {"安宁": ("present", "scan"), "丁一": ("present", "scan")}
    assert {row.at for row in rows(Attendance)} == {at}
    left = [row for row in rows(Checkin) if row.held_reason]
    assert [(row.owner_id, row.held_reason) for row in left] == [(known("bai"), rules.NOT_EXPECTED)]


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


def test_count_of_seats_equals_what_the_list_says(opened, app):
    opened.scan("an")
    opened.scan("ding")
    opened.tick("an", way="undo")
    with app.app_context():
        stored = db.session.scalar(select(func.count()).select_from(Attendance))
    told = opened.as_("ding").get(f"/api/meetings/{opened.id}").json
    assert (told["present"], told["expected"], stored) == (1, 2, 1)


@pytest.mark.engines
def test_a_leads_offline_evening_arrives_in_one_batch_and_one_bad_item_costs_only_itself(
    hall, time
):
    hall.plan()
    opening = record(meeting_id=hall.id, do="open")
    ticks = [
        record(meeting_id=hall.id, way="tick", person_id=str(known(name)))
        for name in ("an", "ding", "an")
    ]
    ticks.insert(1, record(meeting_id=hall.id, way="scan", code="A" * 33))
    paths = ["meeting-actions", *["checkins"] * len(ticks)]
    items = [
        {"method": "PUT", "path": f"/api/{nouns}/{new_id()}", "body": json.dumps(said)}
        for nouns, said in zip(paths, [opening, *ticks], strict=True)
    ]
    time.shift(timedelta(hours=3))
    headers = {"Hongling-Sent-At": now().isoformat()}
    told = hall.as_("ding").post("/api/batch", json={"items": items}, headers=headers)
    told = told.json["results"]
    assert [item["status"] for item in told] == [201, 201, 422, 201, 201]
    assert [told[n]["receipt"]["already"] for n in (1, 3, 4)] == [False, False, True]
    assert told[2]["problem"]["type"] == "bad_code"
    assert hall.seats() == {"安宁": ("present", "tick"), "丁一": ("present", "tick")}
