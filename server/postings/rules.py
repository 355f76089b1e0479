"""The term of a posting. Pure: no database, no clock, no request."""

from datetime import date
from typing import NamedTuple


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
