"""When bells ring, and for whom not: digests, nights, outages, clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from server.channels.channel import Outcome, Result
from server.core.db import db
from server.reminders.models import Bell, Reminder, ReminderChoice
from tests.people import known
from tests.reminders.ringing import NOON, remind, work


@pytest.mark.engines
def test_nobody_is_called_who_has_seen_it_switched_it_off_or_cannot_be_reached(
    app, keep, heard, reached, rows
):
    seen = remind(title="看过")
    seen.seen_at = NOON
    keep(seen, remind("issue_due", title="没有选"), remind(who="ding", title="没有地址"))
    keep(ReminderChoice(user_id=known("an"), kind="meeting_day_before", rings=False))
    keep(remind(title="关掉"), remind("held_decided", title="新闻"))
    work(app)
    assert (heard.sent, rows(Bell)) == ([], [])


@pytest.mark.engines
def test_a_kind_that_was_chosen_rings(app, keep, heard, reached):
    keep(ReminderChoice(user_id=known("an"), kind="issue_due", rings=True))
    keep(remind("issue_due", title="11月27日 17:30 前办结"))
    work(app)
    assert [title for _, title, _ in heard.sent] == ["11月27日 17:30 前办结"]


@pytest.mark.engines
def test_what_was_seen_meanwhile_does_not_ring(app, keep, heard, reached, rows):
    keep(remind())
    work(app, "reminders.bells")
    with app.app_context():
        db.session.execute(db.update(Reminder).values(seen_at=NOON))
        db.session.commit()
    work(app, "reminders.ring")
    assert heard.sent == []
    assert [bell.state for bell in rows(Bell)] == ["expired"]


@pytest.mark.engines
def test_a_day_has_one_digest_and_what_comes_later_waits_for_the_morning(
    app, keep, heard, reached, clock
):
    later = NOON + timedelta(hours=3)
    keep(remind(title="一"), remind(title="二", bell=later))
    work(app)
    keep(remind(title="三", bell=NOON + timedelta(minutes=1)))
    clock.move_to(later)
    work(app)
    assert [title for _, title, _ in heard.sent] == ["您有 2 条提醒"]
    clock.move_to(datetime(2026, 11, 26, 0, tzinfo=UTC))  # 08:00 the next morning
    work(app)
    assert [title for _, title, _ in heard.sent[1:]] == ["三"]


@pytest.mark.engines
def test_after_three_days_down_one_digest_says_what_still_matters(
    app, keep, heard, reached, clock, rows
):
    days = [NOON - timedelta(days=n) for n in (3, 2, 1)]
    keep(*(remind(bell=day, title=f"{n}") for n, day in enumerate(days)))
    keep(remind(bell=days[0], event=NOON - timedelta(hours=1), title="已过"))
    work(app)
    assert [title for _, title, _ in heard.sent] == ["您有 3 条提醒"]
    assert len(rows(Bell)) == 1


@pytest.mark.engines
def test_a_retry_never_falls_into_the_night(app, keep, heard, reached, clock, rows):
    clock.move_to(datetime(2026, 11, 25, 11, 59, 50, tzinfo=UTC))  # 19:59:50
    heard.plan = [Result(Outcome.RETRY, "503")]
    keep(remind("meeting_hour_before", event=NOON + timedelta(days=2)))
    work(app)
    assert [bell.next_at for bell in rows(Bell)] == [datetime(2026, 11, 26, 0, tzinfo=UTC)]
    clock.shift(timedelta(hours=2))
    work(app)
    assert len(heard.sent) == 1


@pytest.mark.engines
def test_a_clock_that_jumps_ahead_and_back_rings_nothing_twice(
    app, keep, heard, reached, clock, rows
):
    keep(remind(event=NOON + timedelta(days=40)))
    for moment in (NOON, NOON + timedelta(days=30), NOON - timedelta(days=1), NOON):
        clock.move_to(moment)
        work(app)
    assert len(heard.sent) == 1
