from datetime import date, timedelta

import pytest

from server.accounts.rules import is_locked, password_fault, roles_today, session_length

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("短", True),
        ("a" * 30, True),
        ("1234567890", True),
        ("20261122202", True),
        ("hongling12345", True),
        ("myan-is-here!", True),
        ("我是安宁同志欢迎你来", True),
        ("春风又绿江南岸-42", False),
        ("correct horse battery", False),
    ],
)
def test_a_password_is_long_and_not_a_common_one(password, fault):
    assert bool(password_fault(password, username="myan", name="安宁")) is fault


@pytest.mark.parametrize(
    ("by_browser", "by_address", "known", "locked"),
    [
        (4, 4, False, False),
        (5, 0, False, True),
        (0, 5, False, True),
        (0, 99, True, False),
        (5, 0, True, True),
    ],
)
def test_a_known_browser_answers_only_for_itself(by_browser, by_address, known, locked):
    assert is_locked(by_browser=by_browser, by_address=by_address, known_device=known) is locked


@pytest.mark.parametrize(
    ("roles", "length"),
    [
        ({"secretary"}, timedelta(days=90)),
        ({"host_officer"}, timedelta(days=90)),
        ({"organizer"}, timedelta(hours=12)),
        ({"secretary", "administrator"}, timedelta(hours=12)),
    ],
)
def test_the_field_is_not_made_to_sign_in_and_a_desk_is(roles, length):
    assert session_length(roles) == length


@pytest.mark.parametrize(
    ("until", "left"),
    [
        (None, {"secretary", "host_officer"}),
        (TODAY, {"secretary", "host_officer"}),
        (TODAY - timedelta(days=1), {"host_officer"}),
    ],
)
def test_what_a_posting_gave_ends_some_days_after_it(until, left):
    roles = roles_today(frozenset({"secretary", "host_officer"}), serves_until=until, today=TODAY)
    assert roles == left
