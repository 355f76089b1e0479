from datetime import UTC, datetime, timedelta

import pytest

from server.core.claims import judge_time

RULES = {
    "late_hours": 48,
    "clock_wrong_seconds": 120,
    "odd_ahead_minutes": 5,
    "odd_behind_days": 30,
    "offline_seconds": 120,
}
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def ago(**time):
    return NOW - timedelta(**time)


@pytest.mark.parametrize(
    ("made", "sent", "at", "labels"),
    [
        (NOW, None, NOW, []),
        (NOW, NOW, NOW, []),
        (ago(seconds=120), NOW, ago(seconds=120), []),
        (ago(seconds=121), NOW, ago(seconds=121), ["offline"]),
        (ago(hours=49), NOW, ago(hours=49), ["offline", "late"]),
        # a phone three days slow: what it says is moved by the difference of the clocks
        (ago(days=3, hours=1), ago(days=3), ago(hours=1), ["clock_wrong", "offline"]),
        (ago(days=-365), ago(days=-365), NOW, ["clock_wrong"]),
        (ago(seconds=-121), ago(seconds=-121), NOW, ["clock_wrong"]),
        (ago(seconds=-119), ago(seconds=-119), NOW, []),
        # the clock was put right between saving and sending: it cannot be told by how much, but
        # nothing was made after it came in; a step left in the future would freeze its issue
        (ago(days=-365), NOW, NOW, ["time_odd"]),
        (ago(days=31), NOW, ago(days=31), ["offline", "late", "time_odd"]),
        (EPOCH, None, EPOCH, ["late", "time_odd"]),
        (FIRST, LAST, FIRST, ["clock_wrong", "offline", "late", "time_odd"]),
    ],
)  # fmt: skip
def test_times_are_corrected_and_labelled_never_refused(made, sent, at, labels):
    moment = judge_time(made_at=made, sent_at=sent, received_at=NOW, rules=RULES)
    assert (moment.at, moment.labels) == (at, labels)
