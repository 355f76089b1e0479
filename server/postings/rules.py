"""Who may be sent where, and the term of a posting. Pure: no database, no clock, no request."""

from collections.abc import Set
from datetime import date
from typing import NamedTuple

# Those who send, judge or run the machine are not sent themselves: one person, one side.
OFFICES = {"organizer", "administrator", "discipline_officer"}


class Standing(NamedTuple):
    """How a record stands to the posting it was made for."""

    labels: list[str]
    held_reason: str | None


def judge_term(*, made_on: date, ended_on: date | None) -> Standing:
    """Made within the term: stored, and says that it arrived after the end. Made later: held for
    the organizer to decide. Never refused."""
    if ended_on is None:
        return Standing([], None)
    if made_on <= ended_on:
        return Standing(["after_posting"], None)
    return Standing(["after_posting"], "任期已结束，等待组织部门确认")


def why_not_sent(
    *, name: str, roles: Set[str], disabled: bool, serving_at: str | None
) -> str | None:
    """The sentence that says why this person cannot be sent, or None."""
    if disabled:
        return f"{name}同志的账号已停用，请先联系管理员启用"
    if roles & OFFICES:
        return f"{name}同志的账号承担管理职责，不能同时作为红领书记选派"
    if serving_at:
        return f"{name}同志正在{serving_at}任职，请先结束那次选派"
    return None


def covers(branch_area: str, host_area: str) -> bool:
    """A county's branch takes secretaries of that county; the city's branch takes any."""
    return host_area.startswith(branch_area)


def why_not_ended(*, ended_on: date, start_on: date, today: date) -> str | None:
    """The sentence that says why a posting cannot have ended on that day, or None."""
    if ended_on < start_on:
        return f"结束日期早于任职日期 {start_on:%Y年%m月%d日}"
    if ended_on > today:
        return "结束日期不能晚于今天，请到当天再办理"
    return None


def why_open(*, open_issues: int, has_successor: bool) -> str | None:
    """Nothing of a resident's is left without an owner."""
    if open_issues and not has_successor:
        return f"还有 {open_issues} 件民情没有办结，请先选定接任的同志"
    return None
