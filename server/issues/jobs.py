"""What this room gives the worker: whom to remind of which deadline."""

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import select

from server.core import workdays
from server.core.clock import SHANGHAI
from server.core.db import db
from server.core.settings import rules as numbers
from server.reminders import finders
from server.reminders.finders import Due

from .models import Issue
from .rules import State, remind_at

# No festival parts a deadline from the working day before it by more than this.
LONGEST_FESTIVAL = timedelta(days=20)


def find_due(
    until: datetime, since: datetime, *, person_id: uuid.UUID | None = None
) -> Iterator[Due]:
    """One working day before the deadline of each open issue."""
    query = select(Issue.id, Issue.owner_id, Issue.what, Issue.due_on, Issue.due_at).where(
        Issue.state != State.RESOLVED,
        Issue.held_reason.is_(None),
        Issue.due_at > since,
        Issue.due_at <= until + LONGEST_FESTIVAL,
    )
    if person_id:
        query = query.where(Issue.owner_id == person_id)
    hour = time.fromisoformat(numbers()["issue"]["remind_at"])
    for issue in db.session.execute(query):
        at = remind_at(issue.due_on, hour, SHANGHAI, previous_workday=workdays.previous_workday)
        if since < at <= until:
            yield Due(
                person_id=issue.owner_id,
                about_id=issue.id,
                at=at,
                event_at=issue.due_at,
                title=f"{issue.due_at.astimezone(SHANGHAI):%-m月%-d日 %H:%M} 前办结",
                body=issue.what,
                link=f"/issues/{issue.id}",
            )


finders.register("issue_due", find_due)
