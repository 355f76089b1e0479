"""Where reminders come from. This room stands above meetings and issues and may not read them: they
say what falls due, and the scan (jobs) writes it once."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol


class Due(NamedTuple):
    """One reminder for one person. `at`: when the inbox shows it. `event_at`: what it is about
    happens then; moved to another moment it is another reminder, and past it this one is stale.
    `ends_at`: for a calendar, where it takes a while."""

    person_id: uuid.UUID
    about_id: uuid.UUID
    at: datetime
    event_at: datetime
    title: str
    body: str
    link: str
    ends_at: datetime | None = None


# (until, since) → every reminder with since < at ≤ until of an event that still stands, in a fixed
# number of queries; with `person_id` only those of one person (for their calendar). `until` lies
# ahead of the clock: a bell may ring days before its reminder. What is not yielded any more
# (cancelled, done, handed over) is marked expired. Words must depend on the event only, not on the
# day they are made: 11月27日, never 明天.
class Find(Protocol):
    def __call__(
        self, until: datetime, since: datetime, *, person_id: uuid.UUID | None = None
    ) -> Iterable[Due]: ...


FINDERS: dict[str, Find] = {}
# How far back a finder is asked, where its reminders stand longer than others'.
LOOK_BACK: dict[str, timedelta] = {}


def register(kind: str, find: Find, *, look_back: timedelta | None = None) -> None:
    """`kind`: issue_due, meeting_day_before, meeting_hour_before, held_decided, revisit …"""
    if kind in FINDERS:
        raise ValueError(f"two finders of {kind}")
    FINDERS[kind] = find
    if look_back:
        LOOK_BACK[kind] = look_back
