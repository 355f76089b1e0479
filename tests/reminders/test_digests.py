"""One digest a day whatever happens: failures, stops, restores, clocks, faults of our own."""

from datetime import timedelta
from threading import Event

import pytest

from server.channels.channel import Outcome, Result
from server.core import clock as moments
from server.core.db import db
from server.core.jobs import JOBS
from server.reminders import jobs, ring
from server.reminders.finders import Due
from server.reminders.models import Bell, Reminder
from server.worker import turn
from tests.people import known
from tests.reminders.ringing import NOON, Heard, address, listen, remind, work

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def heard(monkeypatch, app, clock):
    one = Heard("webhook")
    listen(monkeypatch, one)
    address(app, "webhook", "13800000000")
    return one


def test_a_day_after_a_failing_one_still_has_one_digest(app, keep, heard, clock):
    heard.plan = [Result(Outcome.RETRY, "-1")] * 12
    keep(remind(title="周三", event=NOON + 3 * DAY))
    for minutes in range(0, 9 * 60, 10):
        clock.move_to(NOON + timedelta(minutes=minutes))
        work(app)
    heard.plan = []
    sent = len(heard.sent)
    keep(remind(title="周四", bell=NOON + DAY, event=NOON + 3 * DAY))
    for hours in range(20, 32):
        clock.move_to(NOON + hours * HOUR)
        work(app)
    assert len(heard.sent) - sent == 1


def test_a_polite_stop_between_claim_and_send_loses_nothing(app, keep, clock, monkeypatch, rows):
    mail = Heard("email", takes_key=False)
    listen(monkeypatch, mail)
    address(app, "email", "an@city.example")
    keep(remind())
    work(app, "reminders.bells")
    stop = Event()
    stop.set()
    turn(app, JOBS["reminders.ring"], stop)
    clock.shift(timedelta(minutes=4))
    work(app)
    assert len(mail.sent) == 1, [bell.state for bell in rows(Bell)]


def test_the_digest_has_what_falls_due_later_today(app, heard, clock, monkeypatch):
    def find(until, since, *, person_id=None):
        for n, (at, event) in enumerate([(NOON, NOON + DAY), (NOON + 3 * HOUR, NOON + 19 * HOUR)]):
            if since < at <= until:
                yield Due(known("an"), known(f"{n}"), at, event, f"{n}", "", "/")

    monkeypatch.setattr(jobs, "FINDERS", {"meeting_day_before": find})
    for hours in range(0, 30):
        clock.move_to(NOON + hours * HOUR)
        work(app, "reminders.scan", "reminders.bells", "reminders.ring")
    assert [title for _, title, _ in heard.sent] == ["您有 2 条提醒"]


def test_after_a_restore_the_digest_of_that_day_does_not_ring_again(app, keep, heard, clock):
    with app.app_context():
        db.session.add_all([remind(title="一"), remind(title="今晚", bell=NOON + 7 * HOUR)])
        db.session.commit()
    work(app)
    assert len(heard.sent) == 1
    clock.shift(HOUR)
    with app.app_context():  # the backup of the morning: nothing had rung
        db.session.execute(db.delete(ring.Delivery))
        db.session.execute(db.delete(Bell))
        db.session.execute(db.update(Reminder).values(bell_id=None))
        jobs.silence(moments.now())
        db.session.commit()
    clock.move_to(NOON + 7 * HOUR)
    work(app)
    assert len(heard.sent) == 1


class Killed(BaseException):
    pass


def test_a_bell_claimed_in_a_future_that_never_was_rings(app, keep, heard, clock, monkeypatch):
    keep(remind("meeting_hour_before", event=NOON + 20 * DAY))
    work(app, "reminders.bells")
    clock.move_to(NOON + 7 * DAY)

    def die(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(ring, "_send", die)
        with pytest.raises(Killed):
            turn(app, JOBS["reminders.ring"], Event())
    clock.move_to(NOON + 5 * timedelta(minutes=1))
    work(app)
    assert len(heard.sent) == 1


def test_a_fault_in_one_channel_does_not_make_others_ring_twice(app, keep, clock, monkeypatch):
    one, two = Heard("webhook"), Heard("email", takes_key=False)
    listen(monkeypatch, one, two)
    address(app, "webhook", "13800000000")
    address(app, "email", "ding@city.example", who="ding")

    def broken(*_):
        one.sent.append(_)
        raise ValueError("a fault of ours")

    one.send = broken
    listen(monkeypatch, one, two)
    keep(remind(), remind(who="ding"))
    for _ in range(4):
        work(app)
        clock.shift(timedelta(minutes=4))
    with app.app_context():
        states = dict(db.session.execute(db.select(Bell.person_id, Bell.state)).all())
    assert (len(two.sent), states[known("ding")]) == (1, "rung")
