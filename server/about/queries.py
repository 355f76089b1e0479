import uuid

from sqlalchemy import select

from server.core.db import db

from .models import Feedback


def sent_before(id: uuid.UUID) -> Feedback | None:
    """For a replay by who sent it: only the sender knows the id."""
    return db.session.scalar(select(Feedback).where(Feedback.id == id))
