"""What a person's events come to, in whatever order they arrive."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.meetings import rules
from server.meetings.rules import Event, Seat, project

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 9:00 in Linyi


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def event(number, way="scan", *, second=0, firm=True, held=False, labels=()):
    return Event(UUID(int=number), way, at(second), firm, held, labels)


LATE = ("late", "offline")
NEW = Seat("present", "scan", at(8), ())


@pytest.mark.parametrize(
    ("events", "seat"),
    [
        ([], None),
        ([event(1, held=True)], None),
        ([event(1, "undo")], None),
        ([event(1)], Seat("present", "scan", at(0), ())),
        ([event(1, firm=False, labels=LATE)], Seat("provisional", "scan", at(0), LATE)),
        # the host's tick confirms an offline scan, whose time is kept
        ([event(1, firm=False), event(2, "tick", second=9)], Seat("present", "scan", at(0), ())),
        # the earliest wins, whichever way
        ([event(1, second=9), event(2, "tick", second=3)], Seat("present", "tick", at(3), ())),
        # an undo takes back what came before it, not what came after
        ([event(1), event(2, "undo", second=5)], None),
        ([event(1), event(2, "undo", second=5), event(3, second=8)], NEW),
        ([event(1, second=5), event(2, "undo", second=5)], None),
        # what is held counts for nothing, an undo neither
        ([event(1), event(2, "undo", second=5, held=True)], Seat("present", "scan", at(0), ())),
        ([event(1, held=True), event(2, "tick", second=9)], Seat("present", "tick", at(9), ())),
        # a confirmation that was itself undone confirms nothing
        (
            [event(1, "tick"), event(2, "undo", second=3), event(3, firm=False, second=4)],
            Seat("provisional", "scan", at(4), ()),
        ),
    ],
)  # fmt: skip
def test_what_a_persons_events_come_to(events, seat):
    assert project(events) == seat


any_event = st.builds(
    event,
    st.integers(0, 20),
    st.sampled_from(rules.WAYS),
    second=st.integers(0, 4),
    firm=st.booleans(),
    held=st.booleans(),
)
some_events = st.lists(any_event, max_size=8, unique_by=lambda e: e.id)


@given(some_events, st.randoms())
def test_no_order_and_no_repetition_of_the_events_changes_the_seat(events, chance):
    seat = project(events)
    shuffled = events + [e for e in events if chance.random() < 0.5]
    chance.shuffle(shuffled)
    assert project(shuffled) == seat


@given(some_events)
def test_a_seat_is_that_of_a_good_event_after_every_undo(events):
    seat = project(events)
    good = [e for e in events if not e.held]
    after = [
        e for e in good if e.way != "undo" and all(u.at < e.at for u in good if u.way == "undo")
    ]
    assert (seat is None) == (not after)
    if seat:
        assert seat.at == min(e.at for e in after)
