"""Periods, which of them count for whom, what is owed and what is done. Pure: no database, no
clock. Days are business days of Asia/Shanghai. Nothing computed here is ever stored."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
ORDINALS = "一二三四"


class Duty(NamedTuple):
    """As config/rules.toml says it; see there."""

    code: str
    title: str
    holder: str
    per: str
    period: str
    times: int
    evidence: str
    by: tuple[str, ...]
    remind_days: tuple[int, ...]
    due_days: int | None = None
    confidential: bool = False
    source: str = ""


class Period(NamedTuple):
    """`key`: 2026-11, 2026Q4, 2026H2, 2026, or term; both days belong to it."""

    key: str
    first: date
    last: date


class Span(NamedTuple):
    """A subject of duties, a posting or a branch, and the days on which it stands. `end_on` is the
    planned end of a term, `last` the day on which it really ended."""

    id: Any
    first: date
    last: date | None
    end_on: date | None = None


class Owed(NamedTuple):
    """One thing owed: `times` within the period, of which `done` are there."""

    duty: Duty
    subject: Any
    period: Period
    times: int
    done: int

    def state(self, today: date) -> str:
        if self.done >= self.times:
            return "done"
        return "overdue" if today > self.period.last else "due"


def duty_of(code: str, told: dict[str, Any]) -> Duty:
    lists = {name: tuple(told[name]) for name in ("by", "remind_days")}
    return Duty(**{"code": code, **told, **lists})


def periods(kind: str, first: date, last: date) -> Iterator[Period]:
    """Those of that kind which have a day between the two, in order."""
    months = MONTHS[kind]
    month = (first.month - 1) // months * months + 1
    start = date(first.year, month, 1)
    while start <= last:
        after = start.month + months
        end = date(start.year + (after > 12), (after - 1) % 12 + 1, 1) - DAY
        yield Period(key_of(kind, start), start, end)
        start = end + DAY


def key_of(kind: str, day: date) -> str:
    keys = {
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}Q{(day.month - 1) // 3 + 1}",
        "half_year": f"{day.year}H{(day.month - 1) // 6 + 1}",
        "year": f"{day.year}",
    }
    return keys[kind]


def words_of(period: Period, seen_from: date) -> str:
    """第四季度, 下半年, 11月; with the year when it is another one."""
    key, year = period.key, "" if period.last.year == seen_from.year else f"{period.last.year}年"
    if "Q" in key:
        return f"{year}第{ORDINALS[int(key[-1]) - 1]}季度"
    if "H" in key:
        return year + ("上半年" if key.endswith("1") else "下半年")
    if "-" in key:
        return f"{year}{int(key[5:])}月"
    return "任期" if key == "term" else f"{key}年"


def counts(period: Period, span: Span, share: float) -> bool:
    """Whether the posting covers enough of the period's days for it to be owed."""
    first = max(period.first, span.first)
    last = min(period.last, span.last or period.last)
    covered = (last - first).days + 1
    return covered >= share * ((period.last - period.first).days + 1)


def term_of(duty: Duty, span: Span) -> Period | None:
    """What is owed once a posting: so many days after its start, else at its planned end. A posting
    that ended before owes nothing any more."""
    due = span.first + duty.due_days * DAY if duty.due_days is not None else span.end_on
    if due is None or (span.last and span.last < due and duty.due_days is not None):
        return None
    return Period("term", span.first, due)


def plan(
    duty: Duty, spans: Iterable[Span], *, first: date, last: date, share: float
) -> Iterator[tuple[Any, Period]]:
    """What each subject owes in periods that end between the two days: a pass over the spans."""
    if duty.period == "term":
        for span in spans:
            term = term_of(duty, span)
            if term and first <= term.last <= last:
                yield span.id, term
        return
    ending = [p for p in periods(duty.period, first, last) if first <= p.last <= last]
    for span in spans:
        for period in ending:
            if counts(period, span, share):
                # What ended owes by its end: a talk after it would count for nothing.
                yield span.id, period._replace(last=min(period.last, span.last or period.last))


def reckon(
    duty: Duty,
    spans: Iterable[Span],
    held: dict[Any, list[date]],
    *,
    first: date,
    last: date,
    share: float,
) -> list[Owed]:
    """`held`: by subject, the sorted days on which it was done."""
    found = []
    for subject, period in plan(duty, spans, first=first, last=last, share=share):
        days = held.get(subject, [])
        # A term is made up for late; a quarter that is over is not.
        end = len(days) if duty.period == "term" else bisect_left(days, period.last + DAY)
        done = end - bisect_left(days, period.first)
        found.append(Owed(duty, subject, period, duty.times, min(done, duty.times)))
    return found


def judge_note(
    duty: Duty, *, held_on: date, today: date, leader_post: str | None, ahead: int
) -> tuple[str | None, list[str]]:
    """Why it cannot be noted, and labels: the wrong rank is kept and does not count."""
    if held_on > today + ahead * DAY:
        return "还没有到这一天，办过以后再记", []
    wrong = bool(duty.by) and leader_post not in duty.by
    return None, ["wrong_rank"] if wrong else []


def within_term(held_on: date, *, first: date, last: date | None) -> bool:
    return first <= held_on and (last is None or held_on <= last)


POST_WORDS = {
    "principal": "主要负责同志",
    "personnel": "分管干部人事的同志",
    "business": "分管业务的同志",
}


def by_words(duty: Duty) -> str:
    """Who has to do it, in words."""
    return "或".join(POST_WORDS[post] for post in duty.by)
