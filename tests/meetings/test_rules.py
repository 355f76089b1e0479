import base64
import hashlib
import hmac
import random
import string
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import qrcode
from hypothesis import given
from hypothesis import strategies as st

from server.core.settings import rules as numbers
from server.meetings import rules
from server.meetings.rules import Step, stand

NUMBERS = numbers()["meeting"]
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 9:00 in Linyi, and the start of a slot
SLOT = rules.slot_text(int(NINE.timestamp()) // 10)


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("second", "fresh"),
    [
        (-5.001, False),
        (-5, True),
        (0, True),
        (9.999, True),
        (19.999, True),
        (20, True),
        (20.001, False),
        (3600, False),
        (-3600, False),
    ],
)
def test_a_code_is_good_from_5_s_before_its_slot_to_10_s_after_it(second, fresh):
    assert rules.is_fresh(SLOT, at=at(second), rules=NUMBERS) is fresh


@pytest.mark.parametrize("letters", ["AAAAAAA", "7777777"])
def test_a_slot_of_any_letters_is_judged_without_overflow(letters):
    assert rules.is_fresh(letters, at=NINE, rules=NUMBERS) is False


@given(st.integers(0, 2**35 - 1))
def test_a_slot_reads_back_as_it_was_written(number):
    text = rules.slot_text(number)
    assert len(text) == 7
    assert rules.slot_number(text) == number


def test_slots_are_big_endian_base32_as_the_phone_draws_them():
    assert rules.slot_text(0) == "AAAAAAA"
    assert rules.slot_text(32) == "AAAAABA"
    assert rules.slot_text(2**35 - 1) == "7777777"


def test_the_mac_is_that_of_the_wire_format():
    key = bytes(range(32))
    signed = hmac.new(key, b"hl1|in|ABCDEFGH|AAAAABA", hashlib.sha256).digest()
    assert rules.message("ABCDEFGH", "AAAAABA") == b"hl1|in|ABCDEFGH|AAAAABA"
    assert rules.mac_text(signed) == base64.b32encode(signed[:10]).decode()
    assert len(rules.mac_text(signed)) == 16


GOOD = "ABCDEFGH" + "AAAAABA" + "C2" + "Q" * 16


@pytest.mark.parametrize("text", [GOOD, GOOD.lower(), f" {GOOD}\n"])
def test_the_grammar_takes_our_33_letters(text):
    code = rules.read_code(text)
    assert code == ("ABCDEFGH", "AAAAABA", "C2", "Q" * 16)


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD[:-1],
        GOOD + "A",
        GOOD.replace("C2", "C1"),  # 0, 1, 8 and 9 are no base32 letters
        f"HTTPS://EXAMPLE.CN/Q/{GOOD}",
        "https://example.cn",
        "BEGIN:VCARD",
        "签到" * 16 + "码",
        "\x00" * 33,
        "ſ" * 33,  # upper-cases to S
        "９" * 33,
        "A" * 4096,
    ],
)
def test_the_grammar_takes_nothing_else(text):
    assert rules.read_code(text) is None


def test_a_thousand_random_texts_are_no_codes_of_33_letters():
    chance = random.Random(33)  # noqa: S311
    for _ in range(1000):
        text = "".join(chance.choice(string.printable) for _ in range(chance.randrange(60)))
        assert rules.read_code(text) is None


@pytest.mark.parametrize("host", ["HTTPS://HL.LINYI.EXAMPLE.CN", "HTTP://127.0.0.1:8000"])
def test_the_drawn_code_is_small_enough_for_a_coarse_picture(host):
    text = f"{host}/Q/{GOOD}"
    assert len(text) <= 68
    drawn = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    drawn.add_data(text)
    drawn.make()
    assert drawn.version <= 4


@pytest.mark.parametrize(
    ("told", "sent", "happened"),
    [
        (0, 0, 0),  # sent as it was made
        (-30, 0, -30),  # waited half a minute
        (-3600, -3570, -30),  # the phone's clock is an hour slow: waited half a minute all the same
        (3600, 3630, -30),  # an hour fast
        (5, 0, 0),  # a clock set back while it waited: never in the future
        (-3600, None, -3600),
    ],
)
def test_when_it_happened_is_told_by_how_long_it_waited(told, sent, happened):
    sent_at = None if sent is None else at(sent)
    found = rules.happened_at(told_at=at(told), sent_at=sent_at, received_at=NINE)
    assert found == at(happened)


def test_a_time_before_all_calendars_does_not_overflow():
    first = datetime.min.replace(tzinfo=UTC)
    sent = datetime.max.replace(tzinfo=UTC)
    assert rules.happened_at(told_at=first, sent_at=sent, received_at=NINE) == first


@pytest.mark.parametrize(
    ("fresh_now", "fresh_then", "waited", "proof"),
    [
        (True, True, 1, (at(0), True, None)),
        (True, False, 1, (at(0), True, None)),
        (False, True, 1, (at(-1), False, None)),
        (False, True, 9000, (at(-9000), False, None)),
        (False, False, 9000, (at(-9000), False, rules.STALE)),
        (False, False, 60, None),
    ],
)
def test_a_scan_is_judged_now_or_by_when_it_was_made(fresh_now, fresh_then, waited, proof):
    found = rules.judge_scan(
        fresh_now=fresh_now, fresh_then=fresh_then, then=at(-waited), now=NINE, patience=120
    )
    assert found == proof


def test_a_clock_set_back_since_the_scan_makes_it_wait_for_a_person():
    assert rules.was_set_back(told_at=at(5), sent_at=at(0))
    assert not rules.was_set_back(told_at=at(0), sent_at=at(0))
    assert not rules.was_set_back(told_at=at(5), sent_at=None)
    known = {"then": NINE, "now": NINE, "patience": 120, "set_back": True}
    held = rules.judge_scan(fresh_now=False, fresh_then=False, **known)
    assert held == (NINE, False, rules.STALE)
    assert rules.judge_scan(fresh_now=True, fresh_then=True, **known).firm


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"second": 0}, None),
        ({"state": "planned", "opened_at": None}, rules.NOT_OPEN),
        ({"state": "cancelled"}, rules.CANCELLED),
        ({"state": "cancelled", "opened_at": None}, rules.CANCELLED),
        ({"second": -1}, rules.TOO_EARLY),
        ({"state": "closed", "ended_at": at(3600)}, None),  # made in time, arrived later
        ({"state": "closed", "ended_at": at(60)}, rules.CLOSED),
        ({"state": "closed", "ended_at": at(30)}, rules.CLOSED),
        ({"expected": False}, rules.NOT_EXPECTED),
    ],
)
def test_why_an_event_is_held(change, reason):
    facts = {"state": "open", "opened_at": NINE, "ended_at": None, "expected": True}
    facts |= {"at": at(change.pop("second", 60))} | change
    assert rules.why_held(**facts) == reason


def steps(*done):
    return [Step(at(second), UUID(int=i), do) for i, (second, do) in enumerate(done)]


@pytest.mark.parametrize(
    ("done", "state", "opened", "ended", "idle"),
    [
        ([], "planned", None, None, 0),
        ([(0, "open")], "open", 0, None, 0),
        ([(0, "open"), (60, "close")], "closed", 0, 60, 0),
        ([(60, "close"), (0, "open")], "closed", 0, 60, 0),  # the close overtook its open
        ([(0, "open"), (5, "open")], "open", 0, None, 1),
        ([(5, "open"), (0, "open")], "open", 0, None, 1),
        ([(0, "cancel")], "cancelled", None, 0, 0),
        ([(0, "open"), (9, "cancel")], "cancelled", 0, 9, 0),
        ([(0, "cancel"), (9, "open")], "cancelled", None, 0, 1),
        ([(0, "close")], "planned", None, None, 1),
    ],
)
def test_what_the_actions_of_a_meeting_come_to(done, state, opened, ended, idle):
    found = stand(steps(*done))
    times = tuple(None if s is None else at(s) for s in (opened, ended))
    assert (found.state, found.opened_at, found.ended_at) == (state, *times)
    assert len(found.idle) == idle


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(sorted(rules.DONE)))), st.randoms())
def test_the_order_of_arrival_does_not_change_where_a_meeting_stands(done, chance):
    told = steps(*done)
    shuffled = told + told[::2]
    chance.shuffle(shuffled)
    assert stand(shuffled) == stand(told)


@pytest.mark.parametrize(
    ("do", "state", "possible"),
    [
        ("open", "planned", True),
        ("open", "open", True),
        ("open", "closed", False),
        ("open", "cancelled", False),
        ("close", "planned", True),
        ("close", "open", True),
        ("close", "closed", True),
        ("close", "cancelled", False),
        ("cancel", "planned", True),
        ("cancel", "open", True),
        ("cancel", "closed", False),
        ("cancel", "cancelled", True),
    ],
)
def test_what_may_be_done_with_a_meeting(do, state, possible):
    fault = rules.why_impossible(do=do, at=at(60), state=state, ended_at=at(30))
    assert (fault is None) is possible


def test_an_open_made_before_the_end_may_arrive_after_it():
    assert rules.why_impossible(do="open", at=at(10), state="closed", ended_at=at(30)) is None


@pytest.mark.parametrize(
    ("state", "minutes", "shown"),
    [
        ("planned", -31, False),
        ("planned", -30, True),
        ("planned", 20, True),
        ("open", -300, True),
        ("closed", 10, False),
        ("cancelled", 0, False),
    ],
)
def test_a_screen_has_its_key_from_half_an_hour_before_until_the_close(state, minutes, shown):
    found = rules.may_show(state=state, starts_at=NINE, now=at(minutes * 60), rules=NUMBERS)
    assert found is shown


def test_a_reminder_says_day_hour_and_place():
    day = datetime(2026, 11, 27, 9, 5)  # noqa: DTZ001
    assert rules.when_and_where(day, "二楼会议室") == "11月27日（周五）9:05 在二楼会议室"
    assert rules.when_and_where(day, "") == "11月27日（周五）9:05"
