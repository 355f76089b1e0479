"""A person's own dates as a calendar that every phone can subscribe to: needs no push, no app."""

import uuid
from datetime import UTC, datetime, timedelta

from flask import current_app
from icalendar import Calendar, Event, Timezone
from sqlalchemy import delete, select

from server.accounts.models import User
from server.core import clock, crypto
from server.core.clock import SHANGHAI
from server.core.db import db
from server.core.ids import new_token

from .finders import FINDERS, Due
from .kinds import kind_of
from .models import CalendarFeed

BACK, AHEAD = timedelta(days=30), timedelta(days=180)
SHORT = timedelta(minutes=30)


def url_of(user_id: uuid.UUID) -> str | None:
    box = db.session.scalar(select(CalendarFeed.sealed).where(CalendarFeed.user_id == user_id))
    return _url(crypto.unseal(box, about=f"calendar {user_id}")) if box else None


def renew(user_id: uuid.UUID) -> str:
    drop(user_id)
    token = new_token()
    db.session.add(
        CalendarFeed(
            user_id=user_id,
            token_hash=crypto.sha256(token),
            sealed=crypto.seal(token, about=f"calendar {user_id}"),
            created_at=clock.now(),
        )
    )
    return _url(token)


def drop(user_id: uuid.UUID) -> None:
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user_id))


def made(token: str) -> bytes | None:
    """The calendar at that address, or nothing: unknown, renewed, or of a disabled account."""
    query = (
        select(CalendarFeed.user_id)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.token_hash == crypto.sha256(token), User.disabled_at.is_(None))
    )
    person_id = db.session.scalar(query)
    return _calendar(_dates(person_id)) if person_id else None


def _dates(person_id: uuid.UUID) -> list[Due]:
    """What falls due for this person, each event once however many reminders it has."""
    now = clock.now()
    found: dict[tuple[uuid.UUID, datetime], Due] = {}
    for name, find in FINDERS.items():
        if kind_of(name).news:
            continue
        for due in find(now + AHEAD, now - BACK, person_id=person_id):
            found.setdefault((due.about_id, due.event_at), due)
    return sorted(found.values(), key=lambda due: (due.event_at, due.about_id))


def _calendar(dates: list[Due]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Hongling//红领通//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "红领通")
    calendar.add_component(Timezone.from_tzinfo(SHANGHAI))
    for due in dates:
        calendar.add_component(_event(due))
    return bytes(calendar.to_ical())


def _event(due: Due) -> Event:
    """A deadline ends where it ends; a meeting lasts."""
    event, at = Event(), due.event_at.astimezone(SHANGHAI)
    start, end = (at, due.ends_at.astimezone(SHANGHAI)) if due.ends_at else (at - SHORT, at)
    event.add("uid", f"{due.about_id.hex}-{due.event_at.astimezone(UTC):%Y%m%dT%H%M%S}@hongling")
    event.add("dtstamp", due.at.astimezone(UTC))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", due.title)
    event.add("description", due.body)
    event.add("url", current_app.config["HONGLING"]["url"] + due.link)
    return event


def _url(token: str) -> str:
    return f"{current_app.config['HONGLING']['url']}/api/calendars/{token}.ics"
