"""What a phone says about time is a claim: corrected where its clock is off, labelled, never
refused. Pure: no database, no clock, no request."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

TIME_LABELS = frozenset({"clock_wrong", "late", "offline", "time_odd"})


class Moment(NamedTuple):
    """When it was made by the server's clock, and what a person should know about that."""

    at: datetime
    labels: list[str]


def judge_time(
    *, made_at: datetime, sent_at: datetime | None, received_at: datetime, rules: dict[str, Any]
) -> Moment:
    """`sent_at` is the same phone's clock at this try: received − sent is how far it is off."""
    labels = []
    skew = received_at - sent_at if sent_at else timedelta()
    at = made_at
    if abs(skew) > timedelta(seconds=rules["clock_wrong_seconds"]):
        labels.append("clock_wrong")
        at = _shift(made_at, skew)
    if sent_at and sent_at - made_at > timedelta(seconds=rules["offline_seconds"]):
        labels.append("offline")
    if received_at - at > timedelta(hours=rules["late_hours"]):
        labels.append("late")
    ahead = timedelta(minutes=rules["odd_ahead_minutes"])
    behind = timedelta(days=rules["odd_behind_days"])
    if not received_at - behind <= at <= received_at + ahead:
        labels.append("time_odd")
    # Nothing was made after it came in: left in the future, it would stand before all that follows.
    return Moment(min(at, received_at), labels)


def _shift(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment
