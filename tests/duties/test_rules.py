"""Periods, coverage and the article's arithmetic: tables."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from server.core.settings import rules as numbers
from server.duties import rules
from server.duties.rules import Period, Span, duty_of

HALF = 0.5
DUTIES = {code: duty_of(code, told) for code, told in numbers()["duty"].items()}
UNIT = ("heart_talk", "hear_report", "research_visit", "onsite_office")


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("kind", "first", "last", "keys"),
    [
        ("month", "2026-11-15", "2027-01-01", ["2026-11", "2026-12", "2027-01"]),
        ("quarter", "2026-01-01", "2026-12-31", ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]),
        ("half_year", "2026-06-30", "2026-07-01", ["2026H1", "2026H2"]),
        ("year", "2026-12-31", "2027-01-01", ["2026", "2027"]),
    ],
)
def test_periods_have_the_keys_that_reports_use(kind, first, last, keys):
    assert [period.key for period in rules.periods(kind, day(first), day(last))] == keys


def test_periods_meet_and_leave_no_day_out():
    for kind in rules.MONTHS:
        found = list(rules.periods(kind, day("2024-01-01"), day("2027-12-31")))
        assert found[0].first == day("2024-01-01")
        assert found[-1].last == day("2027-12-31")
        for before, after in pairwise(found):
            assert after.first == before.last + timedelta(days=1)


@pytest.mark.parametrize(
    ("key", "words"),
    [("2026Q4", "第四季度"), ("2026H2", "下半年"), ("2026-11", "11月"), ("2026", "2026年")],
)
def test_periods_are_spoken_of_as_people_do(key, words):
    period, later = Period(key, day("2026-01-01"), day("2026-12-31")), day("2027-01-01")
    assert rules.words_of(period, period.last) == words
    assert rules.words_of(period, later) == (words if words[0] == "2" else f"2026年{words}")


# The fourth quarter of 2026 has 92 days: 46 are half.
@pytest.mark.parametrize(
    ("start", "end", "owed"),
    [
        ("2026-01-01", None, True),
        ("2026-11-16", None, True),  # 46 days are left
        ("2026-11-17", None, False),  # 45
        ("2026-01-01", "2026-11-15", True),  # 46 days were served
        ("2026-01-01", "2026-11-14", False),
        ("2026-10-20", "2026-11-30", False),
        ("2027-01-01", None, False),
        ("2025-01-01", "2026-09-30", False),
    ],
)
def test_a_quarter_counts_for_who_covers_half_of_its_days(start, end, owed):
    quarter = Period("2026Q4", day("2026-10-01"), day("2026-12-31"))
    assert rules.counts(quarter, Span(1, day(start), end and day(end)), HALF) is owed


def test_the_article_owes_4563_a_year_for_507_secretaries():
    spans = [Span(n, day("2025-03-01"), None) for n in range(507)]
    year = {"first": day("2026-01-01"), "last": day("2026-12-31"), "share": HALF}
    found = Counter(code for code in UNIT for _ in rules.plan(DUTIES[code], spans, **year))
    assert found == {
        "heart_talk": 2028,
        "hear_report": 1014,
        "research_visit": 1014,
        "onsite_office": 507,
    }
    assert sum(found.values()) == 4563


# A posting from 10 February to 20 September 2026: what is owed of each duty, counted by hand.
@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ("heart_talk", ["2026Q1", "2026Q2", "2026Q3"]),  # 50 of 90, 91 of 91, 82 of 92, 0 of 92
        ("hear_report", ["2026H1"]),  # 141 of 181, 82 of 184
        ("research_visit", ["2026H1"]),
        ("onsite_office", ["2026"]),  # 223 of 365
    ],
)
def test_a_term_within_a_year_owes_what_was_counted_by_hand(code, keys):
    span = Span(1, day("2026-02-10"), day("2026-09-20"))
    year = {"first": day("2026-01-01"), "last": day("2026-12-31"), "share": HALF}
    assert [period.key for _, period in rules.plan(DUTIES[code], [span], **year)] == keys


def test_term_duties_fall_due_once_and_not_after_an_early_end():
    plan, end = DUTIES["term_plan"], DUTIES["term_end"]
    span = Span(1, day("2026-03-01"), None, day("2028-02-29"))
    assert rules.term_of(plan, span) == Period("term", day("2026-03-01"), day("2026-04-30"))
    assert rules.term_of(end, span).last == day("2028-02-29")
    assert rules.term_of(plan, span._replace(last=day("2026-03-20"))) is None
    assert rules.term_of(end, span._replace(end_on=None)) is None


@pytest.mark.parametrize(
    ("held", "today", "state"),
    [
        ([], "2026-12-31", "due"),
        ([], "2027-01-01", "overdue"),
        (["2026-10-01"], "2026-11-01", "done"),
        (["2026-12-31"], "2027-01-01", "done"),
        (["2026-09-30"], "2026-11-01", "due"),  # the quarter before
        (["2027-01-01"], "2027-01-02", "overdue"),  # the quarter after
    ],
)
def test_done_due_and_overdue_follow_from_what_was_held(held, today, state):
    span, q4 = Span(1, day("2026-01-01"), None), {"first": day("2026-12-01")}
    (owed,) = rules.reckon(
        DUTIES["heart_talk"],
        [span],
        {1: [day(text) for text in held]},
        **q4,
        last=day("2026-12-31"),
        share=HALF,
    )
    assert owed.state(day(today)) == state


@pytest.mark.parametrize(
    ("code", "post", "labels"),
    [
        ("onsite_office", "principal", []),
        ("onsite_office", "personnel", ["wrong_rank"]),
        ("heart_talk", "business", []),
        ("heart_talk", "principal", ["wrong_rank"]),
        ("hear_report", None, []),
    ],
)
def test_the_wrong_rank_is_labelled(code, post, labels):
    today = day("2026-11-25")
    told = {"held_on": today, "today": today, "leader_post": post, "ahead": 0}
    assert rules.judge_note(DUTIES[code], **told) == (None, labels)


def test_what_has_not_been_held_yet_cannot_be_noted():
    told = {"held_on": day("2026-11-26"), "today": day("2026-11-25"), "leader_post": "principal"}
    fault, _ = rules.judge_note(DUTIES["onsite_office"], **told, ahead=0)
    assert fault == "还没有到这一天，办过以后再记"
