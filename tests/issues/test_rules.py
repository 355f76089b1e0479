from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import workdays
from server.issues.rules import (
    MOVES,
    State,
    contact_or_none,
    counts_from,
    deadline,
    file_under,
    holds_id_number,
    remind_at,
    shows_as_overdue,
    telephone,
    why_not_moved,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Right check digits on birthdays of nobody: the area code 990000 does not exist.
ID_NUMBER, ID_NUMBER_X = "990000190001010016", "99000019000101018X"
ALLOWED = {
    ("registered", None),
    ("registered", "in_progress"),
    ("registered", "resolved"),
    ("in_progress", None),
    ("in_progress", "resolved"),
    ("resolved", None),
    ("resolved", "in_progress"),
}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("here", list(State))
@pytest.mark.parametrize("to", [None, *State])
def test_every_pair_of_states_is_a_move_or_a_sentence_that_names_the_moves(here, to):
    fault = why_not_moved(state=here, to=to)
    assert (fault is None) == ((here, to) in ALLOWED)
    if fault:
        words = {"registered": "已登记", "in_progress": "办理中", "resolved": "已办结"}
        assert fault.count("“") == 1 + len(MOVES[here])
        assert all(f"“{words[next]}”" in fault for next in (here, *MOVES[here]))


@pytest.mark.parametrize(
    ("labels", "from_made"),
    [
        ([], True),
        (["offline"], True),
        (["clock_wrong"], True),
        (["late"], False),
        (["time_odd"], False),
        (["offline", "late"], False),
    ],
)
def test_a_doubtful_time_never_sets_the_deadline(labels, from_made):
    made, received = at("2026-11-20T10:00"), at("2026-11-22T10:00")
    since = counts_from(made_at=made, received_at=received, labels=labels)
    assert since == (made if from_made else received)


def due(since):
    return deadline(
        since=since,
        workdays=5,
        closes="17:30",
        zone=SHANGHAI,
        add_workdays=workdays.add_workdays,
        explain=workdays.explain,
    )


@pytest.mark.parametrize(
    ("since", "on"),
    [
        (at("2026-11-20T08:00"), date(2026, 11, 27)),
        (at("2026-11-20T23:59"), date(2026, 11, 27)),
        (datetime(2026, 11, 20, 16, 30, tzinfo=UTC), date(2026, 11, 27)),  # Saturday here
        (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), date(2026, 11, 30)),  # Monday here
        (at("2026-09-30T12:00"), date(2026, 10, 13)),
        (at("2026-12-31T12:00"), date(2027, 1, 8)),
    ],
)
def test_the_deadline_is_five_working_days_on_when_the_office_closes(since, on):
    told = due(since)
    assert told.due_on == on
    assert told.due_at.astimezone(SHANGHAI).time() == time(17, 30)
    assert told.due_at.astimezone(SHANGHAI).date() == on
    assert told.due_words.startswith("5 个工作日：从")


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.times())
def test_a_deadline_is_never_missing_and_fits_its_column(day, hour):
    moment = datetime.combine(day, hour, SHANGHAI)
    told = due(moment)
    assert told.due_at > moment
    assert len(told.due_words) <= 200


@pytest.mark.parametrize(
    ("due_on", "remind"),
    [
        (date(2026, 11, 27), "2026-11-26T09:00"),
        (date(2026, 11, 30), "2026-11-27T09:00"),
        (date(2026, 10, 8), "2026-09-30T09:00"),
    ],
)
def test_a_reminder_comes_one_working_day_before(due_on, remind):
    found = remind_at(due_on, time(9), SHANGHAI, previous_workday=workdays.previous_workday)
    assert found == at(remind)


@pytest.mark.parametrize(
    ("code", "kept", "labels"),
    [
        ("0301", "0301", []),
        ("0399", "9901", ["category_unknown"]),
        ("03", "9901", ["category_unknown"]),
        ("x", "9901", ["category_unknown"]),
    ],
)
def test_an_unknown_category_is_kept_as_other_and_says_so(code, kept, labels):
    assert file_under(code, {"0301": "停车难", "9901": "其他"}) == (kept, labels)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ID_NUMBER, True),
        (ID_NUMBER_X, True),
        (ID_NUMBER_X.lower(), True),
        (f"身份证{ID_NUMBER}，电话13800000000", True),
        (f"13800000000 {ID_NUMBER}", True),
        ("990000 19000101 0016", True),
        ("990000-19000101-0016", True),
        ("９９００００１９０００１０１００１６", True),
        (ID_NUMBER[:-1] + "7", False),
        ("0" + ID_NUMBER, False),
        (ID_NUMBER + "0", False),
        (ID_NUMBER[:-1], False),
        ("990000199913320016", False),
        ("13800000000 13900000000", False),
        ("91371300MA00000000", False),
        ("", False),
    ],
)
def test_an_id_card_number_is_seen_wherever_it_stands(text, found):
    assert holds_id_number(text) is found


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("", ""),
        ("   ", ""),
        ("13800000000", "13800000000"),
        ("138 0000 0000", "13800000000"),
        ("138-0000-0000", "13800000000"),
        ("+8613800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("0539-8000000", "0539-8000000"),
        ("05398000000", "05398000000"),
        ("8000000", "8000000"),
        ("0539-8000000-801", "0539-8000000-801"),
        ("12800000000", None),
        ("1380000000", None),
        ("138000000000", None),
        ("110", None),
        ("不知道", None),
        ("-", None),
        ("13800000000;", None),
    ],
)
def test_a_telephone_number_is_a_mobile_a_landline_or_none(told, kept):
    assert telephone(told) == kept


@pytest.mark.parametrize(
    ("state", "now", "overdue"),
    [
        ("registered", "2026-11-27T17:31", True),
        ("in_progress", "2026-11-27T17:31", True),
        ("resolved", "2026-12-27T17:31", False),
        ("registered", "2026-11-27T17:30", False),
    ],
)
def test_only_what_is_open_after_its_deadline_is_overdue(state, now, overdue):
    assert shows_as_overdue(state=state, due_at=at("2026-11-27T17:30"), now=at(now)) is overdue


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (None, False),
        ({"name": "", "phone": "", "door": "", "consent": True}, False),
        ({"name": "", "phone": "", "door": "2-301", "consent": True}, True),
    ],
)
def test_an_empty_contact_is_none(told, kept):
    assert (contact_or_none(told) is not None) is kept
