"""Edges at which a bell rang twice, at night, or for somebody whom it concerned no more."""

from datetime import UTC, datetime, timedelta

import pytest

from server.accounts.models import User
from server.core.db import db
from server.reminders.models import Bell
from tests.people import known
from tests.reminders.ringing import NOON, Heard, address, listen, remind, work

SATURDAY_NINE = datetime(2026, 11, 28, 1, tzinfo=UTC)  # 09:00 in Linyi


class HeardWhole(Heard):
    """Keeps the messages themselves."""

    def send(self, settings, address, message, token):
        self.messages = [*getattr(self, "messages", []), message]
        return super().send(settings, address, message, token)


@pytest.mark.engines
@pytest.mark.parametrize(("ahead", "rings"), [(181, 0), (239, 0), (242, 1), (7200, 1)])
def test_a_claim_of_a_clock_that_runs_a_little_ahead_is_respected(
    app, keep, heard, reached, ahead, rings
):
    """Lease 180 s; another worker read its clock later, or its host's runs a second ahead."""
    keep(remind())
    work(app, "reminders.bells")
    with app.app_context():
        until = NOON + timedelta(seconds=ahead)
        db.session.execute(db.update(Bell).values(claimed_until=until))
        db.session.commit()
    work(app, "reminders.ring")
    assert len(heard.sent) == rings


@pytest.mark.engines
def test_who_is_disabled_hears_nothing_any_more(app, keep, heard, reached):
    keep(remind(title="先"))
    work(app, "reminders.bells")
    with app.app_context():
        db.session.get(User, known("an")).disabled_at = NOON
        db.session.commit()
    work(app, "reminders.ring")
    keep(remind(title="后"))
    work(app)
    assert heard.sent == []


def test_a_message_names_its_event_and_is_of_no_use_after_the_evening(
    app, keep, clock, monkeypatch
):
    heard = HeardWhole("webhook")
    listen(monkeypatch, heard)
    address(app, "webhook", "13800000000")
    keep(remind(event=NOON + timedelta(hours=21)), remind(event=NOON + timedelta(hours=40)))
    work(app)
    [said] = heard.messages
    assert said.event_at == NOON + timedelta(hours=21)  # 09:00 tomorrow, not the digest's evening
    assert said.expires_at == datetime(2026, 11, 25, 12, tzinfo=UTC)  # 20:00


def test_an_hour_before_a_meeting_of_a_free_day_rings_again_after_a_snooze(
    app, keep, heard, reached, clock
):
    clock.move_to(SATURDAY_NINE)
    one = remind(
        "meeting_hour_before", bell=SATURDAY_NINE, event=SATURDAY_NINE + timedelta(hours=1)
    )
    one.snoozed_until = SATURDAY_NINE + timedelta(minutes=15)
    keep(one)
    clock.shift(timedelta(minutes=16))
    work(app)
    assert [title for _, title, _ in heard.sent] == ["例会"]
