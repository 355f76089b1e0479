"""The screen that shows codes, and the public door where one is judged before anyone signs in."""

import base64
from datetime import timedelta

import pytest

from server.core.audit import AuditLine
from server.core.crypto import sha256
from server.core.db import db
from server.core.jobs import JOBS
from server.core.limits import Attempt
from server.meetings.models import Claim, Display
from server.meetings.rules import LETTERS
from tests.build import new_id, put, record
from tests.meetings.hall import meeting, now

AN_PRESENT = {"安宁": ("present", "scan")}


@pytest.mark.engines
def test_a_screen_gets_all_it_needs_to_go_on_alone(opened, rows):
    told = opened.receipt.json
    assert len(base64.urlsafe_b64decode(told["key"] + "==")) == 32
    assert (told["slot_seconds"], len(told["display"]), len(told["meeting_code"])) == (10, 2, 8)
    assert set(told["display"] + told["meeting_code"]) <= set(LETTERS)
    assert told["prefix"] == "HTTP://127.0.0.1:8000/Q/"
    assert told["key"] not in str([vars(row) for row in rows(Display)])
    shown = opened.as_("an").get(f"/api/meetings/{opened.id}").json["code"]
    assert shown == told["meeting_code"]


@pytest.mark.engines
def test_the_same_screen_again_gets_the_same_key(opened, rows):
    said, path = record(meeting_id=opened.id), f"/api/displays/{new_id()}"
    first, again = (put(opened.as_("ding"), path, said) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["key"] == again.json["key"]
    assert len(rows(Display)) == 2


def test_every_screen_has_a_key_of_its_own_and_all_their_codes_are_good(opened):
    codes = [opened.code()]
    for _ in range(4):
        opened.screen()
        codes.append(opened.code())
    assert len({code[17:] for code in codes}) == 5
    assert [opened.scan("an", code=code).status_code for code in codes] == [201] * 5


@pytest.mark.parametrize(("minutes", "status"), [(-31, 409), (-30, 201), (-1, 201), (5, 201)])
def test_a_screen_may_be_set_up_half_an_hour_before(hall, time, minutes, status):
    starts, ends = now(), now() + timedelta(hours=2)
    hall.plan(starts_at=starts.isoformat(), ends_at=ends.isoformat())
    time.shift(timedelta(minutes=minutes))
    r = hall.screen()
    assert r.status_code == status
    assert "key" in r.json or r.json["type"] == "state"


@pytest.mark.parametrize("over", ["close", "cancel"])
def test_after_the_end_no_screen_gets_a_key_and_old_keys_are_worth_nothing(opened, time, over):
    time.shift(timedelta(hours=1))
    opened.do(over)
    time.shift(timedelta(seconds=20))
    assert opened.scan("an").status_code == 202
    assert opened.seats() == {}
    r = opened.screen()
    assert (r.status_code, "key" in r.json) == (409, False)


@pytest.mark.engines
def test_a_revoked_screens_codes_fail_at_once_and_the_others_go_on(opened, time, rows):
    lost = opened.receipt.json["id"]
    code = opened.code()
    client = opened.as_("ding")
    assert opened.as_("an").delete(f"/api/displays/{lost}").status_code == 404
    assert client.delete(f"/api/displays/{lost}").status_code == 204
    r = opened.scan("an", code=code)
    assert (r.status_code, r.json["type"]) == (422, "bad_code")
    assert opened.claim(code).status_code == 422
    opened.screen()
    assert opened.scan("an").status_code == 201
    assert "display.revoke" in [line.action for line in rows(AuditLine)]


def test_a_scan_made_before_its_screen_was_revoked_still_counts(opened, time):
    time.shift(timedelta(minutes=10))
    opened.as_("ding").delete(f"/api/displays/{opened.receipt.json['id']}")
    time.shift(timedelta(minutes=10))
    r = opened.scan("an", waited=900)
    assert (r.status_code, r.json["labels"]) == (201, ["offline"])


@pytest.mark.engines
def test_a_code_opened_outside_the_app_is_good_for_five_minutes_to_sign_in(opened, time, rows):
    scanned_at = now()
    r = opened.claim()
    assert r.status_code == 201, r.json
    assert r.json["meeting"] == {"id": opened.id, "title": "十一月月例会"}
    assert r.json["expires_at"] == (scanned_at + timedelta(minutes=5)).isoformat()
    assert [row.token_hash for row in rows(Claim)] == [sha256(r.json["claim"])]
    time.shift(timedelta(minutes=5))
    done = opened.scan("an", claim=r.json["claim"], meeting_id=None)
    assert (done.status_code, done.json["at"]) == (201, scanned_at.isoformat())
    assert opened.seats() == AN_PRESENT


def test_after_five_minutes_the_claim_is_over(opened, time):
    token = opened.claim().json["claim"]
    time.shift(timedelta(seconds=301))
    r = opened.scan("an", claim=token)
    assert (r.status_code, r.json["type"]) == (422, "code_expired")
    assert opened.scan("an").status_code == 201


@pytest.mark.parametrize(("second", "status"), [(-5.001, 422), (-5, 201), (20, 201), (20.001, 422)])
def test_freshness_is_judged_at_first_contact(opened, time, second, status):
    time.shift(timedelta(minutes=1))
    code = opened.code()
    time.shift(timedelta(seconds=second))
    r = opened.claim(code)
    assert r.status_code == status
    assert status == 201 or r.json["type"] == "code_expired"


@pytest.mark.engines
def test_a_claim_serves_one_person_only(opened):
    token = opened.claim().json["claim"]
    assert opened.scan("an", claim=token).status_code == 201
    r = opened.scan("ding", claim=token)
    assert (r.status_code, r.json["type"]) == (422, "bad_code")
    assert opened.scan("an", claim=token).json["already"] is True
    assert opened.scan("an", claim="nothing of ours").status_code == 422


def test_unknown_and_forged_codes_get_the_same_answer(opened, hall):
    good = opened.code()
    forged = good[:-1] + LETTERS[LETTERS.index(good[-1]) - 1]
    answers = {
        (r.status_code, r.get_data())
        for r in map(opened.claim, [forged, "B" * 33, "https://example.cn", "签到"])
    }
    assert len(answers) == 1


def test_forged_codes_are_counted_and_good_ones_never_limited(opened, time, rows):
    good = opened.code()
    forged = good[:-1] + LETTERS[LETTERS.index(good[-1]) - 1]
    told = [opened.claim(forged).status_code for _ in range(62)]
    assert told == [422] * 60 + [429] * 2
    assert opened.claim(forged).headers["Retry-After"] == "60"
    # the same room, the same address: every good scan passes, and none is counted
    assert {opened.claim(good).status_code for _ in range(507)} == {201}
    assert len(rows(Attempt)) == 60
    time.shift(timedelta(seconds=61))
    assert opened.claim(forged).status_code == 422


def test_old_claims_are_swept_away(opened, app, time, rows):
    opened.claim()
    time.shift(timedelta(days=2))
    opened.claim(opened.code())
    assert len(rows(Claim)) == 2
    with app.app_context():
        JOBS["claims.sweep"].run()
        db.session.commit()
    assert len(rows(Claim)) == 1


def test_the_meeting_named_must_be_that_of_the_claim(opened, hall):
    token = opened.claim().json["claim"]
    put(opened.as_("ding"), f"/api/meetings/{(other := new_id())}", meeting())
    r = opened.scan("an", claim=token, meeting_id=other)
    assert (r.status_code, r.json["type"]) == (422, "bad_code")
