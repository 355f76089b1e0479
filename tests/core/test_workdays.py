"""Golden days, each checked by hand against the State Council's notice for 2026."""

import json
from datetime import date

import pytest

from server.core import workdays
from server.core.settings import CONFIG
from server.core.workdays import add_workdays, explain, is_workday, previous_workday, warnings

MAKE_UP = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("worked", MAKE_UP)
def test_a_make_up_weekend_day_is_worked(worked: str) -> None:
    assert day(worked).weekday() >= 5
    assert is_workday(day(worked))


@pytest.mark.parametrize(
    ("free", "what"),
    [
        ("2026-01-02", "a Friday of New Year"),
        ("2026-02-23", "the last Monday of the spring festival"),
        ("2026-04-06", "the Monday of Qingming"),
        ("2026-10-07", "the last day of National Day"),
        ("2026-11-21", "a Saturday"),
        ("2026-11-22", "a Sunday"),
    ],
)
def test_a_day_off_is_not_worked(free: str, what: str) -> None:
    assert not is_workday(day(free)), what


@pytest.mark.parametrize(
    ("start", "n", "due", "why"),
    [
        ("2026-11-20", 5, "2026-11-27", "Friday: Monday is the first"),
        ("2026-11-21", 5, "2026-11-27", "Saturday counts like the Friday before it"),
        ("2026-11-22", 5, "2026-11-27", "so does Sunday"),
        ("2026-11-23", 5, "2026-11-30", "the day itself never counts"),
        ("2026-02-13", 5, "2026-02-27", "the make-up Saturday counts, the festival does not"),
        ("2026-02-20", 5, "2026-02-28", "inside the festival, and a make-up Saturday is the fifth"),
        ("2025-12-31", 1, "2026-01-04", "the first working day of 2026 is a make-up Sunday"),
        ("2026-09-17", 5, "2026-09-23", "make-up Sunday of 20 September is the second"),
        ("2026-09-30", 5, "2026-10-13", "seven days of festival, then a make-up Saturday"),
        ("2026-05-06", 3, "2026-05-09", "make-up Saturday of 9 May is the third"),
        ("2026-12-30", 2, "2027-01-04", "New Year has a fixed date, notice or not"),
        ("2026-12-31", 5, "2027-01-08", "across New Year into a year without a calendar"),
        ("2026-11-20", 0, "2026-11-20", "nothing to add"),
    ],
)  # fmt: skip
def test_the_nth_working_day_after_a_day(start: str, n: int, due: str, why: str) -> None:
    assert add_workdays(day(start), n) == day(due), why


@pytest.mark.parametrize(
    ("start", "before"),
    [
        ("2026-11-27", "2026-11-26"),
        ("2026-11-30", "2026-11-27"),
        ("2026-10-08", "2026-09-30"),
        ("2026-02-24", "2026-02-14"),
        ("2026-03-02", "2026-02-28"),
        ("2027-01-04", "2026-12-31"),
    ],
)
def test_the_working_day_before(start: str, before: str) -> None:
    assert previous_workday(day(start)) == day(before)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("2026-11-20", "5 个工作日：从11月23日（周一）起算，11月27日（周五）17:30 前"),
        (
            "2026-09-30",
            "5 个工作日：从10月8日（周四）起算，遇国庆节休 7 天，10月10日（周六）调休上班，"
            "10月13日（周二）17:30 前",
        ),
        (
            "2026-12-29",
            "5 个工作日：从12月30日（周三）起算，遇元旦休 1 天，2027年1月6日（周三）17:30 前"
            "（2027年放假安排尚未录入，暂按周一至周五计算）",
        ),
    ],
)
def test_a_deadline_explains_itself(start: str, words: str) -> None:
    assert explain(day(start), 5, closes="17:30") == words


def test_a_year_without_a_calendar_counts_monday_to_friday_and_says_so() -> None:
    assert not is_workday(day("2041-10-02"))
    assert is_workday(day("2041-10-04"))
    assert warnings(day("2026-12-31"), day("2041-01-02")) == [
        "2041年放假安排尚未录入，暂按周一至周五计算"
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"off": [], "work": []}', '{"off": {}, "work": ["x"]}']
)
def test_a_calendar_written_wrongly_counts_as_missing(text, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "workdays").mkdir()
    (tmp_path / "workdays" / "2042.json").write_text(text)
    monkeypatch.setattr(workdays, "CONFIG", tmp_path)
    monkeypatch.setattr(workdays, "_year", workdays._year.__wrapped__)
    assert warnings(day("2042-05-01"))
    assert not is_workday(day("2042-05-01"))


@pytest.mark.parametrize("path", sorted((CONFIG / "workdays").glob("*.json")), ids=lambda p: p.name)
def test_every_calendar_of_the_house_is_whole(path) -> None:  # type: ignore[no-untyped-def]
    told = json.loads(path.read_text("utf-8"))
    assert told["source"]
    assert {text[:4] for text in [*told["off"], *told["work"]]} == {path.stem}
    assert all(day(text).weekday() >= 5 for text in told["work"])
    assert not set(told["off"]) & set(told["work"])
