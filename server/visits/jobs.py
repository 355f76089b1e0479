"""What this room gives the worker: the day on which a secretary meant to go again."""

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import select

from server.core.clock import SHANGHAI
from server.core.db import db
from server.core.settings import rules as numbers
from server.organizations.models import HostUnit
from server.postings.models import Posting
from server.postings.queries import active
from server.reminders import finders
from server.reminders.finders import Due

from .models import Visit

DAY = timedelta(days=1)


def find_revisits(
    until: datetime, since: datetime, *, person_id: uuid.UUID | None = None
) -> Iterator[Due]:
    """In the morning of the day that the secretary chose; it says where, never whom: bells ring on
    locked screens."""
    first, last = since.astimezone(SHANGHAI).date(), until.astimezone(SHANGHAI).date()
    query = (
        select(Visit.id, Visit.owner_id, Visit.revisit_on, Visit.made_at, HostUnit.name)
        .join(Posting, Posting.id == Visit.posting_id)
        .join(HostUnit, HostUnit.id == Visit.host_unit_id)
        .where(Visit.revisit_on.between(first, last), Visit.voided_at.is_(None), active())
    )
    if person_id:
        query = query.where(Visit.owner_id == person_id)
    hour = time.fromisoformat(numbers()["visit"]["remind_at"])
    for visit in db.session.execute(query):
        at = datetime.combine(visit.revisit_on, hour, SHANGHAI)
        if since < at <= until:
            yield Due(
                person_id=visit.owner_id,
                about_id=visit.id,
                at=at,
                event_at=datetime.combine(visit.revisit_on + DAY, time(), SHANGHAI),
                title="约好今天再去走访",
                body=f"{visit.name}，{visit.made_at.astimezone(SHANGHAI):%-m月%-d日}走访过",
                link=f"/visits/{visit.id}",
            )


finders.register("revisit", find_revisits)
