import uuid
from typing import Any

from sqlalchemy import func

from server.core import clock
from server.core.access import P, Who
from server.core.db import db
from server.core.http import Api
from server.core.pages import page

from .models import Reminder
from .schemas import Inbox, InboxQuery, SeenIn

bp = Api("reminders", __name__)


@bp.get("/reminders", allow=P.REMINDER_READ, query=InboxQuery, gives=Inbox)
def reminders(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    """The own inbox, newest first. A row may be written before its time, for an earlier bell."""
    now = clock.now()
    mine = who.all(Reminder).where(Reminder.at <= now)
    waiting = mine.where(Reminder.seen_at.is_(None), Reminder.expires_at > now)
    found = page(mine, order=Reminder.at, id=Reminder.id, **query)
    items = [
        vars(reminder)
        | {"expired": reminder.expires_at <= now, "seen": reminder.seen_at is not None}
        for reminder in found["items"]
    ]
    unseen = db.session.scalar(waiting.with_only_columns(func.count()))
    return found | {"items": items, "unseen": unseen}


@bp.write("PUT", "/reminders/<uuid:id>/seen", allow=P.REMINDER_READ, takes=SeenIn)
def put_seen(who: Who, id: uuid.UUID, data: dict[str, bool]) -> None:
    """No audit line: whether a person has read something is nobody else's business."""
    reminder = who.fetch(Reminder, id)
    reminder.seen_at = (reminder.seen_at or clock.now()) if data["seen"] else None
