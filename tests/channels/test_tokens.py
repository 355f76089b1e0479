"""Providers' tokens: one refresher, whatever workers do; a refused one is renewed, once."""

from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
import time_machine

from server.channels import tokens
from server.channels.models import AccessToken
from server.core.db import db
from server.core.jobs import JOBS
from server.reminders.models import Bell, Delivery
from server.worker import turn
from tests.channels.servers import WeCom
from tests.reminders.ringing import NOON, address, remind, work


@pytest.fixture
def clock():
    with time_machine.travel(NOON + timedelta(minutes=7), tick=False) as traveller:
        yield traveller


@pytest.fixture
def company(app, clock, monkeypatch):
    with WeCom().running() as provider:
        told = {"wecom_corp_id": "corp", "wecom_agent_id": "1", "wecom_secret": "wecom secret"}
        for name, value in (told | {"wecom_url": provider.url}).items():
            monkeypatch.setitem(app.config["HONGLING"], name, value)
        yield provider


def current(app):
    with app.app_context():
        return tokens.current("wecom")


@pytest.mark.engines
def test_the_worker_fetches_a_token_and_keeps_it_sealed(app, company, rows):
    assert current(app) is None
    work(app, "tokens.renew")
    work(app, "tokens.renew")
    assert (current(app), company.made) == ("token 1", 1)
    assert "token 1" not in rows(AccessToken)[0].sealed


@pytest.mark.engines
def test_two_workers_fetch_one(app, company):
    start = Barrier(2)

    def worker():
        start.wait()
        with app.app_context():
            for _ in tokens.renew():
                db.session.commit()

    workers = [Thread(target=worker) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert company.made == 1


@pytest.mark.engines
def test_one_that_died_while_fetching_is_relieved_after_its_lease(app, company, clock):
    with app.app_context():
        next(tokens.renew())
        db.session.commit()
    work(app, "tokens.renew")
    assert current(app) is None
    clock.shift(timedelta(seconds=61))
    work(app, "tokens.renew")
    assert current(app) == "token 1"


@pytest.mark.engines
def test_a_token_is_renewed_before_it_ends(app, company, clock):
    work(app, "tokens.renew")
    clock.shift(timedelta(seconds=7200 - 301))
    work(app, "tokens.renew")
    assert company.made == 1
    clock.shift(timedelta(seconds=2))
    work(app, "tokens.renew")
    assert (company.made, current(app)) == (2, "token 2")


@pytest.mark.engines
def test_a_provider_that_is_down_is_asked_again_in_half_a_minute(app, company, clock):
    company.plan.append((200, {}, {"errcode": -1}))
    work(app, "tokens.renew")
    assert current(app) is None
    clock.shift(timedelta(seconds=31))
    work(app, "tokens.renew")
    assert current(app) == "token 1"


@pytest.mark.engines
def test_a_bell_whose_token_was_refused_rings_with_the_next_one(app, keep, company, clock, rows):
    address(app, "wecom", "an")
    keep(remind())
    work(app, "tokens.renew")
    company.tokens.clear()
    work(app)
    assert (company.sent, current(app)) == ([], None)
    work(app, "tokens.renew")
    clock.shift(timedelta(seconds=31))
    work(app)
    assert [user for user, _ in company.sent] == ["an"]
    assert [bell.state for bell in rows(Bell)] == ["rung"]
    assert [row.outcome for row in sorted(rows(Delivery), key=lambda row: row.begun_at)] == [
        "refresh_token",
        "ok",
    ]


@pytest.mark.engines
def test_a_late_complaint_about_an_old_token_leaves_the_new_one(app, company, clock):
    work(app, "tokens.renew")
    with app.app_context():
        tokens.stale("wecom", "token 0")
        db.session.commit()
    assert current(app) == "token 1"


def test_without_its_settings_a_provider_is_left_alone(app, rows):
    turn(app, JOBS["tokens.renew"], Event())
    assert rows(AccessToken) == []
