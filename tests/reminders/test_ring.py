"""Bells are rung once a channel, whatever dies, answers late or jumps."""

from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest

from server.channels.channel import Outcome, Result
from server.channels.models import Address, MessageGrant
from server.core.jobs import JOBS
from server.reminders import ring
from server.reminders.models import Bell, Delivery, Reminder
from server.worker import turn
from tests.people import known
from tests.reminders.ringing import NOON, Heard, address, listen, remind, work

RING = JOBS["reminders.ring"]
LEASE = timedelta(seconds=181)


@pytest.mark.engines
def test_a_bell_rings_once_and_says_what_it_is_about(app, keep, heard, reached, rows):
    keep(remind())
    work(app)
    work(app)
    assert [sent[:2] for sent in heard.sent] == [("13800000000", "例会")]
    assert [(bell.state, bell.tries) for bell in rows(Bell)] == [("rung", 1)]
    assert [(row.outcome, row.channel) for row in rows(Delivery)] == [("ok", "webhook")]


@pytest.mark.engines
def test_two_workers_ring_each_bell_once(app, keep, heard, clock, rows):
    people = ["an", "ding", "bai", "ji", "he", "fang", "hu", "gao"]
    for number, who in enumerate(people):
        address(app, "webhook", f"1380000000{number}", who=who)
        keep(*(remind("meeting_hour_before", who=who, title=f"{n}") for n in range(6)))
    work(app, "reminders.bells")
    start = Barrier(2)

    def worker():
        start.wait()
        turn(app, RING, Event())

    workers = [Thread(target=worker) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(heard.sent) == len({key for *_, key in heard.sent}) == 48
    assert {bell.state for bell in rows(Bell)} == {"rung"}


class Killed(BaseException):
    pass


def die(*_):
    raise Killed


def killed(app, monkeypatch, *, before):
    """A worker that dies right before it sends, or before it writes down what became of it."""
    with monkeypatch.context() as patch:
        patch.setattr(ring, {"sending": "_send", "settling": "_settle"}[before], die)
        with pytest.raises(Killed):
            turn(app, RING, Event())


@pytest.mark.engines
def test_a_worker_killed_before_it_sent_is_relieved_when_its_lease_ends(
    app, keep, heard, reached, clock, rows, monkeypatch
):
    keep(remind())
    work(app, "reminders.bells")
    killed(app, monkeypatch, before="sending")
    work(app)
    assert heard.sent == []
    clock.shift(LEASE)
    work(app)
    assert len(heard.sent) == 1
    assert [bell.state for bell in rows(Bell)] == ["rung"]


@pytest.mark.engines
def test_killed_after_it_sent_the_same_key_goes_again_where_a_key_is_taken(
    app, keep, heard, reached, clock, rows, monkeypatch
):
    keep(remind())
    work(app, "reminders.bells")
    killed(app, monkeypatch, before="settling")
    clock.shift(LEASE)
    work(app)
    assert len(heard.sent) == 2
    assert len({key for *_, key in heard.sent}) == 1
    assert sorted(row.outcome for row in rows(Delivery)) == ["ok", "retry"]


@pytest.mark.engines
def test_killed_after_it_sent_nothing_is_repeated_where_no_key_is_taken(
    app, keep, monkeypatch, clock, rows
):
    mail = Heard("email", takes_key=False)
    listen(monkeypatch, mail)
    address(app, "email", "an@city.example")
    keep(remind())
    work(app, "reminders.bells")
    killed(app, monkeypatch, before="settling")
    for _ in range(3):
        clock.shift(LEASE)
        work(app)
    assert len(mail.sent) == 1
    assert [bell.state for bell in rows(Bell)] == ["unsure"]
    assert [row.outcome for row in rows(Delivery)] == ["unsure"]


@pytest.mark.engines
@pytest.mark.parametrize("asked", [None, timedelta(minutes=7)])
def test_a_busy_provider_is_asked_again_later_and_not_before(
    app, keep, heard, reached, clock, asked
):
    heard.plan = [Result(Outcome.RETRY, "429", retry_after=asked)]
    keep(remind())
    work(app)
    wait = asked or timedelta(seconds=30)
    clock.shift(wait - timedelta(seconds=1))
    work(app)
    assert len(heard.sent) == 1
    clock.shift(timedelta(seconds=1))
    work(app)
    assert len(heard.sent) == 2


@pytest.mark.engines
def test_an_address_that_is_gone_is_marked_and_the_next_channel_takes_over(
    app, keep, monkeypatch, clock, rows
):
    push, mail = Heard("web_push"), Heard("email", takes_key=False)
    listen(monkeypatch, push, mail)
    push.plan = [Result(Outcome.DROP_RECIPIENT, "410")]
    address(app, "web_push", '{"endpoint": "https://push.example/1", "keys": {}}')
    address(app, "email", "an@city.example")
    keep(remind())
    work(app)
    assert (len(push.sent), len(mail.sent)) == (1, 1)
    assert {row.channel: row.broken is None for row in rows(Address)} == {
        "web_push": False,
        "email": True,
    }


@pytest.mark.engines
def test_all_phones_of_a_person_hear_it_and_one_that_accepted_is_not_asked_again(
    app, keep, monkeypatch, clock
):
    push = Heard("web_push")
    listen(monkeypatch, push)
    for n in range(2):
        address(app, "web_push", f'{{"endpoint": "https://push.example/{n}", "keys": {{}}}}')
    push.plan = [Result(Outcome.RETRY, "500"), Result(Outcome.OK)]
    keep(remind())
    work(app)
    clock.shift(timedelta(minutes=5))
    work(app)
    assert len(push.sent) == 2


@pytest.mark.engines
def test_a_wrong_setting_goes_on_to_the_next_channel_and_leaves_a_trace(
    app, keep, monkeypatch, clock, rows
):
    wecom, mail = Heard("wecom"), Heard("email", takes_key=False)
    listen(monkeypatch, wecom, mail)
    wecom.plan = [Result(Outcome.CONFIG_ERROR, "60020", "not allow to access from your ip")]
    address(app, "wecom", "an")
    address(app, "email", "an@city.example")
    keep(remind())
    work(app)
    assert len(mail.sent) == 1
    assert sorted((row.channel, row.outcome) for row in rows(Delivery)) == [
        ("email", "ok"),
        ("wecom", "config_error"),
    ]


@pytest.mark.engines
@pytest.mark.parametrize(
    ("result", "left"),
    [
        (Result(Outcome.OK), 1),
        (Result(Outcome.RETRY, "-1"), 2),
        (Result(Outcome.DROP_RECIPIENT, "43101"), 0),
    ],
)
def test_a_one_off_subscription_is_used_up_by_what_was_sent(
    app, keep, monkeypatch, clock, rows, result, left
):
    program = Heard("mini_program", takes_key=False)
    listen(monkeypatch, program)
    program.plan = [result]
    address(app, "mini_program", "openid-an")
    allowed = {"user_id": known("an"), "template_id": "t", "given_at": NOON, "used_at": None}
    keep(MessageGrant(id=known("first"), **allowed), MessageGrant(id=known("second"), **allowed))
    keep(remind())
    work(app)
    assert len(program.sent) == 1
    assert sum(row.used_at is None for row in rows(MessageGrant)) == left


@pytest.mark.engines
def test_without_a_subscription_left_the_mini_program_is_not_tried(
    app, keep, monkeypatch, clock, rows
):
    program = Heard("mini_program", takes_key=False)
    listen(monkeypatch, program)
    address(app, "mini_program", "openid-an")
    keep(remind())
    work(app)
    assert program.sent == []
    assert [bell.state for bell in rows(Bell)] == ["failed"]


@pytest.mark.engines
def test_half_a_year_later_what_was_rung_is_forgotten(app, keep, heard, reached, clock, rows):
    keep(remind())
    work(app)
    clock.shift(timedelta(days=181))
    work(app, "bells.sweep")
    assert (rows(Bell), rows(Delivery)) == ([], [])
    assert [row.bell_id for row in rows(Reminder)] == [None]


@pytest.mark.engines
def test_a_lost_answer_is_repeated_only_where_a_key_is_taken(app, keep, monkeypatch, clock, rows):
    program, mail = Heard("mini_program", takes_key=False), Heard("email", takes_key=False)
    listen(monkeypatch, program, mail)
    program.plan = [Result(Outcome.RETRY, "unreachable", lost=True)]
    address(app, "mini_program", "openid-an")
    address(app, "email", "an@city.example")
    allowed = {"user_id": known("an"), "template_id": "t", "given_at": NOON, "used_at": None}
    keep(MessageGrant(id=known("first"), **allowed))
    keep(remind())
    work(app)
    for _ in range(3):
        clock.shift(timedelta(minutes=5))
        work(app)
    assert (len(program.sent), len(mail.sent)) == (1, 1)
    assert [row.used_at is None for row in rows(MessageGrant)] == [False]
    assert sorted(row.outcome for row in rows(Delivery)) == ["ok", "unsure"]
