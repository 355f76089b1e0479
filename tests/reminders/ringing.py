"""For tests of bells: channels that only remember, and workers that take a turn when told."""

from datetime import UTC, datetime, timedelta
from threading import Event, Lock

from server.channels import addresses
from server.channels.channel import Channel, Outcome, Result
from server.channels.models import Address
from server.core import clock
from server.core.db import db
from server.core.ids import new_id
from server.core.jobs import JOBS, JobTurn
from server.reminders import ring
from server.reminders.models import Reminder
from server.worker import turn
from tests.people import known

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)  # a Wednesday, 12:00 in Linyi
OK = Result(Outcome.OK)


class Heard:
    """A channel that keeps what it was given and answers by plan: results, one a call, then OK."""

    def __init__(self, name, *, takes_key=True, provider=None):
        self.name, self.takes_key, self.provider = name, takes_key, provider
        self.sent, self.plan, self.lock = [], [], Lock()

    def send(self, settings, address, message, token):
        with self.lock:
            self.sent.append((address, message.title, message.key))
            return self.plan.pop(0) if self.plan else OK

    def channel(self):
        told = (self.name, self.name, self.takes_key, self.provider, lambda settings: [])
        return Channel(*told, self.send)


def listen(monkeypatch, *heard):
    monkeypatch.setattr(ring, "CHANNELS", {one.name: one.channel() for one in heard})


def remind(
    kind="meeting_day_before",
    *,
    who="an",
    bell=NOON,
    event=NOON + timedelta(hours=27),
    title="例会",
):
    moments = {"at": bell, "bell_at": bell, "occasion": event, "expires_at": event}
    said = {"title": title, "body": "三楼会议室", "link": "/meetings/1", "created_at": NOON}
    ids = {"id": new_id(), "person_id": known(who), "about_id": new_id()}
    return Reminder(kind=kind, **ids, **moments, **said)


def address(app, channel, value, *, who="an"):
    with app.app_context():
        id = new_id()
        row = Address(id=id, user_id=known(who), channel=channel, label=channel, on=True)
        row.sealed = addresses.sealed(id, value)
        row.hashed = addresses.hashed(channel, value)
        row.created_at = clock.now()
        db.session.add(row)
        db.session.commit()
        return id


def work(app, *names):
    """The named jobs, each a turn that is ours."""
    for name in names or ("reminders.bells", "reminders.ring"):
        with app.app_context():
            db.session.execute(db.delete(JobTurn))
            db.session.commit()
        turn(app, JOBS[name], Event())
