import uuid
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import and_, func, or_

from server.core import clock
from server.core.access import P, Who
from server.core.db import db
from server.core.errors import Invalid, NotFound, StateConflict
from server.core.http import PUBLIC, Api
from server.core.pages import page

from . import calendars, kinds
from .models import Reminder, ReminderChoice
from .schemas import ChoiceIn, ChoicePage, FeedOut, Inbox, InboxQuery, SeenIn, SnoozeIn

bp = Api("reminders", __name__)


@bp.get("/reminders", allow=P.REMINDER_READ, query=InboxQuery, gives=Inbox)
def reminders(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    """The own inbox, newest first. A row may be written before its time, for an earlier bell."""
    now = clock.now()
    mine = who.all(Reminder).where(Reminder.at <= now)
    awake = or_(Reminder.snoozed_until.is_(None), Reminder.snoozed_until <= now)
    waiting = mine.where(and_(Reminder.seen_at.is_(None), Reminder.expires_at > now, awake))
    found = page(mine, order=Reminder.at, id=Reminder.id, **query)
    items = [
        vars(reminder)
        | {
            "expired": reminder.expires_at <= now,
            "seen": reminder.seen_at is not None,
            "snoozed_until": _ahead(reminder.snoozed_until, now),
        }
        for reminder in found["items"]
    ]
    unseen = db.session.scalar(waiting.with_only_columns(func.count()))
    return found | {"items": items, "unseen": unseen}


@bp.write("PUT", "/reminders/<uuid:id>/seen", allow=P.REMINDER_READ, takes=SeenIn)
def put_seen(who: Who, id: uuid.UUID, data: dict[str, bool]) -> None:
    """No audit line: whether a person has read something is nobody else's business."""
    reminder = who.fetch(Reminder, id)
    reminder.seen_at = (reminder.seen_at or clock.now()) if data["seen"] else None


@bp.write("PUT", "/reminders/<uuid:id>/snooze", allow=P.REMINDER_READ, takes=SnoozeIn)
def snooze(who: Who, id: uuid.UUID, data: dict[str, Any]) -> None:
    """Out of sight until then; then it shows, and rings, once more."""
    reminder, until = who.fetch(Reminder, id), data["until"]
    if until <= clock.now():
        raise Invalid(fields={"until": ["请选一个以后的时间"]})
    if until >= reminder.expires_at:
        raise StateConflict("到那时事情已经过了，请选早一点的时间")
    reminder.snoozed_until, reminder.seen_at, reminder.bell_id = until, None, None


@bp.get("/reminder-choices", allow=P.OWN, gives=ChoicePage)
def choices(who: Who) -> dict[str, Any]:
    """Nobody but the person sees what they chose."""
    mine = {row.kind: row.rings for row in db.session.scalars(who.all(ReminderChoice))}
    items = [
        {
            "kind": kind.name,
            "words": kind.words,
            "rings": mine.get(kind.name, kind.rings),
            "default": kind.rings,
        }
        for kind in kinds.kinds()
        if not kind.news
    ]
    return {"items": items, "next": None}


@bp.write("PUT", "/reminder-choices/<string:kind>", allow=P.OWN, takes=ChoiceIn)
def choose(who: Who, kind: str, data: dict[str, bool]) -> None:
    if kind not in {one.name for one in kinds.kinds() if not one.news}:
        raise NotFound("没有这一类提醒")
    row = ReminderChoice(user_id=who.actor.id, kind=kind, rings=data["rings"])
    db.session.merge(row)


@bp.get("/calendar-feed", allow=P.OWN, gives=FeedOut)
def feed(who: Who) -> dict[str, Any]:
    return {"url": calendars.url_of(who.actor.id)}


@bp.write("PUT", "/calendar-feed", allow=P.OWN, gives=FeedOut)
def renew_feed(who: Who) -> dict[str, Any]:
    """A fresh address; the one before, which may have come into other hands, is dead."""
    return {"url": calendars.renew(who.actor.id)}


@bp.write("DELETE", "/calendar-feed", allow=P.OWN)
def drop_feed(who: Who) -> None:
    calendars.drop(who.actor.id)


@bp.get("/calendars/<string:token>.ics", allow=PUBLIC, gives="text/calendar")
def calendar(who: Who, token: str) -> Response:
    """For calendar programs, which cannot sign in: the address itself is the secret."""
    text = calendars.made(token)
    if text is None:
        raise NotFound("日历地址已失效，请在“提醒设置”里重新取得")
    return Response(text, mimetype="text/calendar")


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment > now else None
