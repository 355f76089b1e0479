"""One-off subscriptions of the mini program: each allows one message, and is used up by it."""

import uuid

from flask import current_app
from sqlalchemy import select, update

from server.core import clock
from server.core.db import db

from .models import MessageGrant


def next_of(user_id: uuid.UUID) -> uuid.UUID | None:
    """The oldest of the template in use that is not used yet."""
    template = current_app.config["HONGLING"]["mini_program_template"]
    mine = (MessageGrant.user_id == user_id, MessageGrant.template_id == template)
    unused = (*mine, MessageGrant.used_at.is_(None))
    query = select(MessageGrant.id).where(*unused).order_by(MessageGrant.given_at, MessageGrant.id)
    return db.session.scalar(query.limit(1))


def use(id: uuid.UUID) -> uuid.UUID:
    db.session.execute(
        update(MessageGrant).where(MessageGrant.id == id).values(used_at=clock.now())
    )
    return id


def give_back(id: uuid.UUID, *, all_gone: bool) -> None:
    """What was surely not sent may be sent again; `all_gone`: the person withdrew, so that the
    provider takes none of theirs any more (43101)."""
    if not all_gone:
        db.session.execute(update(MessageGrant).where(MessageGrant.id == id).values(used_at=None))
        return
    owner = select(MessageGrant.user_id).where(MessageGrant.id == id).scalar_subquery()
    theirs = update(MessageGrant).where(
        MessageGrant.user_id == owner, MessageGrant.used_at.is_(None)
    )
    db.session.execute(
        theirs.values(used_at=clock.now()).execution_options(synchronize_session=False)
    )
