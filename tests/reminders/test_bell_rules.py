"""Which bells are made, when a late one may ring, and where it is sent next: tables."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.core.workdays import is_workday
from server.reminders import rules
from server.reminders.rules import Attempted, Quiet, Ripe, Times, plan_bells

SHANGHAI = ZoneInfo("Asia/Shanghai")
TIMES = Times(Quiet(time(20), time(8)), is_workday)
AN, DING = uuid.uuid4(), uuid.uuid4()
PUSH, SECOND, WECOM, MAIL = (uuid.uuid4() for _ in range(4))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def ripe(bell_at, event_at="2026-11-30T15:00", *, person=AN, alone=False, snoozed=None):
    until = snoozed and at(snoozed)
    return Ripe(uuid.uuid4(), person, at(event_at), at(bell_at), alone, until)


def plan(*ones, now="2026-11-25T10:00", digested=()):
    return plan_bells(ones, now=at(now), times=TIMES, digested=set(digested))


@pytest.mark.parametrize(
    ("now", "event", "alone", "rings"),
    [
        ("2026-11-25T08:00", "2026-11-25T15:00", False, True),  # a Wednesday, quiet just over
        ("2026-11-25T07:59", "2026-11-25T15:00", False, False),
        ("2026-11-25T19:59", "2026-11-26T15:00", False, True),
        ("2026-11-25T20:00", "2026-11-26T15:00", False, False),
        ("2026-11-22T10:00", "2026-11-22T11:00", False, False),  # a Sunday
        ("2026-11-22T10:00", "2026-11-22T11:00", True, True),  # the meeting's own free day
        ("2026-11-21T10:00", "2026-11-22T11:00", True, False),  # the free day before it
        ("2026-02-14T10:00", "2026-02-24T11:00", False, True),  # a make-up Saturday
        ("2026-11-25T15:00", "2026-11-25T15:00", False, False),  # it has begun
    ],
)
def test_a_late_bell_rings_only_when_it_disturbs_nobody(now, event, alone, rings):
    assert rules.may_ring(at(now), event_at=at(event), times=TIMES, alone=alone) is rings


@pytest.mark.parametrize(
    ("now", "event", "chance"),
    [
        ("2026-11-25T21:00", "2026-11-26T15:00", "2026-11-26T08:00"),
        ("2026-11-25T03:00", "2026-11-26T15:00", "2026-11-25T08:00"),
        ("2026-11-27T20:30", "2026-11-30T15:00", "2026-11-30T08:00"),  # over the weekend
        ("2026-11-27T20:30", "2026-11-30T07:30", None),  # the event comes first
        ("2026-11-25T10:00", "2026-11-25T15:00", "2026-11-25T10:00"),
    ],
)
def test_what_cannot_ring_now_waits_for_a_morning_before_its_event(now, event, chance):
    found = rules.next_chance(at(now), event_at=at(event), times=TIMES)
    assert found == (chance and at(chance))


def test_the_first_that_is_due_opens_the_days_digest_and_the_later_ones_come_along():
    first, later, tomorrow = ripe("2026-11-25T09:00"), ripe("2026-11-25T15:00"), None
    tomorrow = ripe("2026-11-26T09:00")
    (bell,) = plan(first, later, tomorrow)
    assert (bell.occasion, set(bell.reminders)) == ("digest 2026-11-25", {first.id, later.id})


def test_nothing_is_due_yet():
    assert plan(ripe("2026-11-25T10:01"), ripe("2026-11-25T15:00", alone=True)) == []


def test_an_hour_before_a_meeting_rings_apart_from_the_digest():
    alone, other = ripe("2026-11-25T10:00", alone=True), ripe("2026-11-25T09:00")
    bells = plan(alone, other, digested=[AN])
    assert [(bell.occasion, bell.reminders) for bell in bells] == [
        (f"alone {alone.id.hex}", [alone.id])
    ]


def test_each_person_has_a_digest_of_their_own_and_one_a_day():
    mine, theirs = ripe("2026-11-25T09:00"), ripe("2026-11-25T09:00", person=DING)
    assert {bell.person_id for bell in plan(mine, theirs)} == {AN, DING}
    assert plan(mine, digested=[AN]) == []
    (bell,) = plan(mine, now="2026-11-26T08:00")  # so it waits for the next morning
    assert bell.occasion == "digest 2026-11-26"


def test_after_an_outage_all_that_still_matters_is_one_digest_in_the_morning():
    ones = [ripe("2026-11-21T19:59"), ripe("2026-11-23T09:00"), ripe("2026-11-24T09:00")]
    assert plan(*ones, now="2026-11-24T22:00") == []
    (bell,) = plan(*ones, now="2026-11-25T08:00")
    assert set(bell.reminders) == {one.id for one in ones}


def test_a_snoozed_one_rings_by_itself_when_it_was_asked_to():
    one = ripe("2026-11-24T09:00", snoozed="2026-11-25T10:00")
    (bell,) = plan(one, digested=[AN])
    assert bell.occasion == f"snooze {one.id.hex} 11251000"
    assert plan(one, now="2026-11-25T09:59") == []


@pytest.mark.parametrize(
    ("tries", "wanted", "minutes"),
    [(1, None, 0.5), (2, None, 2), (4, None, 30), (5, None, 60), (9, None, 60), (1, 300, 5)],
)
def test_later_tries_wait_longer_and_as_long_as_was_asked(tries, wanted, minutes):
    now = at("2026-11-25T10:00")
    asked = wanted and timedelta(seconds=wanted)
    found = rules.next_try(now, tries=tries, wanted=asked, delays=[30, 120, 600, 1800])
    assert found == now + timedelta(minutes=minutes)


CHANNELS = [("web_push", True), ("wecom", True), ("email", False)]
ALL = {"web_push": [PUSH, SECOND], "wecom": [WECOM], "email": [MAIL]}


@pytest.mark.parametrize(
    ("reach", "attempted", "step"),
    [
        (ALL, [], ("web_push", [PUSH, SECOND], "waiting")),
        ({"email": [MAIL]}, [], ("email", [MAIL], "waiting")),
        ({}, [], (None, [], "failed")),
        (ALL, [("web_push", PUSH, "drop_recipient")], ("web_push", [SECOND], "waiting")),
        (
            ALL,
            [("web_push", PUSH, "config_error"), ("web_push", SECOND, "drop_recipient")],
            ("wecom", [WECOM], "waiting"),
        ),
        ({"wecom": [WECOM]}, [("wecom", WECOM, None)], ("wecom", [WECOM], "waiting")),
        ({"email": [MAIL]}, [("email", MAIL, None)], (None, [], "unsure")),
        ({"email": [MAIL]}, [("email", MAIL, "unsure")], (None, [], "unsure")),
        ({"email": [MAIL]}, [("email", MAIL, "retry")] * 9, ("email", [MAIL], "waiting")),
        (
            {"wecom": [WECOM], "email": [MAIL]},
            [("wecom", WECOM, "retry")] * 5,
            ("email", [MAIL], "waiting"),
        ),
        (
            {"wecom": [WECOM], "email": [MAIL]},
            [("wecom", WECOM, "retry")] * 4,
            ("wecom", [WECOM], "waiting"),
        ),
    ],
)
def test_the_first_channel_that_may_still_accept_is_next(reach, attempted, step):
    tried = [Attempted(*one) for one in attempted]
    found = rules.next_step(channels=CHANNELS, reach=reach, attempted=tried, tries_a_channel=5)
    assert tuple(found) == step


def test_one_reminder_speaks_for_itself_and_several_are_counted():
    one = ("11月月例会", "明日 15:00", "/meetings/1")
    assert rules.digest_words([one]) == one
    title, body, link = rules.digest_words([one, ("11月27日 17:30 前办结", "停车", "/issues/1")])
    assert (title, link) == ("您有 2 条提醒", "/reminders")
    assert body == "11月月例会；11月27日 17:30 前办结"
    assert len(rules.digest_words([one] * 99)[1]) <= 200
