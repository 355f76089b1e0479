"""What this room gives the worker: the sender of a held record learns what became of it."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from server.accounts.models import User
from server.core.db import db
from server.core.settings import rules as numbers
from server.reminders import finders
from server.reminders.finders import Due

from . import rules
from .holds import KINDS
from .models import Decision


def find_due(
    until: datetime, since: datetime, *, person_id: uuid.UUID | None = None
) -> Iterator[Due]:
    """Who decides on what they sent themselves knows it already."""
    query = (
        select(Decision, User.name)
        .join(User, User.id == Decision.author_id)
        .where(
            Decision.settles,
            Decision.received_at > since,
            Decision.received_at <= until,
            Decision.author_id != Decision.sender_id,
        )
    )
    if person_id:
        query = query.where(Decision.sender_id == person_id)
    shown_for = timedelta(days=numbers()["held"]["tell_days"])
    for decision, name in db.session.execute(query):
        title, body = rules.told(
            verdict=decision.verdict,
            kind=KINDS[decision.kind].words,
            by=name,
            words=decision.words,
        )
        yield Due(
            person_id=decision.sender_id,
            about_id=decision.record_id,
            at=decision.received_at,
            event_at=decision.received_at + shown_for,
            title=title,
            body=body,
            link=decision.link,
        )


finders.register("held_decided", find_due)
