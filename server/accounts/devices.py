"""Phones that could not send everything yet. No service: a report is no act of a person, so it
leaves no line in the audit, and a phone that sent everything leaves no row."""

import logging
import uuid
from typing import Any

from sqlalchemy import Select, delete, select, update

from server.core import clock
from server.core.access import Who
from server.core.db import db, insert_once, reading

from .models import Device, User

log = logging.getLogger(__name__)


def report(who: Who, id: uuid.UUID, **said: Any) -> None:
    """All sent is the usual answer of every phone: it must not wait for the one writer."""
    here = (Device.id == id, Device.user_id == who.actor.id)
    if said["evicted"]:
        log.warning("a browser threw away %s unsent records of %s", said["evicted"], who.actor.id)
    if said["unsent"]:
        said["reported_at"] = clock.now()
        if not insert_once(Device, id=id, user_id=who.actor.id, **said):
            db.session.execute(update(Device).where(*here).values(said))
        return
    with reading():
        known = db.session.scalar(select(Device.id).where(*here))
    if known:
        db.session.execute(delete(Device).where(*here))


def with_names(who: Who) -> Select[Any]:
    rows = who.all(Device).join(User, User.id == Device.user_id)
    return rows.with_only_columns(*Device.__table__.columns, User.name)
