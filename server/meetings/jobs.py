"""What the worker does for meetings: reminds the branch, and sweeps away old claims."""

import functools
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from server.core import clock
from server.core.clock import SHANGHAI
from server.core.db import db
from server.core.jobs import job
from server.reminders.finders import Due, register

from . import rules
from .models import Claim, Meeting
from .queries import people_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def remind(
    until: datetime,
    since: datetime,
    *,
    before: timedelta,
    person_id: uuid.UUID | None = None,
) -> Iterator[Due]:
    """Everyone who serves in the branch now: a newcomer hears of it too, before the roster is
    frozen."""
    at = Meeting.starts_at
    query = select(Meeting).where(
        at > since + before, at <= until + before, Meeting.state.in_(("planned", "open"))
    )
    meetings = db.session.scalars(query).all()
    people = people_of({meeting.branch_id for meeting in meetings})
    for meeting in meetings:
        starts_at = meeting.starts_at.astimezone(SHANGHAI)
        for member_id in people[meeting.branch_id]:
            if person_id not in (None, member_id):
                continue
            yield Due(
                person_id=member_id,
                about_id=meeting.id,
                at=meeting.starts_at - before,
                event_at=meeting.starts_at,
                title=meeting.title,
                body=rules.when_and_where(starts_at, meeting.place_words),
                link=f"/meetings/{meeting.id}",
                ends_at=meeting.ends_at,
            )


register("meeting_day_before", functools.partial(remind, before=DAY))
register("meeting_hour_before", functools.partial(remind, before=HOUR))


@job("claims.sweep", every=DAY)
def sweep_claims() -> None:
    """A claim serves for minutes; nobody needs to know a day later who scanned when."""
    old = delete(Claim).where(Claim.expires_at < clock.now() - DAY)
    db.session.connection().execute(old)
