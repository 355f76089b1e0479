"""Web Push against a service that checks the signature and opens the message."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from server.channels import web_push
from server.channels.channel import Outcome
from server.core import outside, webpush
from tests.channels.servers import PushService
from tests.channels.words import KEY, message


@pytest.fixture
def push(told):
    with PushService().running() as service:
        yield service


def test_a_push_is_opened_by_the_browser_that_subscribed_and_by_nobody_else(told, push):
    assert web_push.send(told, push.subscribe("an"), message(), None).outcome is Outcome.OK
    ((name, said, about),) = push.messages
    assert (name, said) == (
        "an",
        {"title": "11月月例会", "body": "明日 15:00，三楼", "link": "/meetings/1", "key": KEY},
    )
    assert (about["Urgency"], about["Topic"]) == ("high", KEY)
    assert 0 < int(about["TTL"]) <= 4 * 3600


@pytest.mark.parametrize(
    ("answer", "outcome", "wait"),
    [
        ((404, {}, b""), Outcome.DROP_RECIPIENT, None),
        ((410, {}, b""), Outcome.DROP_RECIPIENT, None),
        ((429, {"Retry-After": "90"}, b""), Outcome.RETRY, timedelta(seconds=90)),
        ((503, {"Retry-After": "soon"}, b""), Outcome.RETRY, None),
        ((500, {}, b""), Outcome.RETRY, None),
        ((403, {}, b""), Outcome.CONFIG_ERROR, None),
        ((302, {"Location": "http://127.0.0.1:9/"}, b""), Outcome.RETRY, None),
    ],
)
def test_what_a_push_service_answers_decides_what_comes_next(told, push, answer, outcome, wait):
    push.plan.append(answer)
    found = web_push.send(told, push.subscribe("an"), message(), None)
    assert (found.outcome, found.retry_after) == (outcome, wait)
    assert push.messages == []


def test_a_push_service_that_says_nothing_is_asked_again_later(told, push, monkeypatch):
    monkeypatch.setattr(
        outside.call, "__kwdefaults__", outside.call.__kwdefaults__ | {"timeout": 0.3}
    )
    push.plan.append("hang")
    found = web_push.send(told, push.subscribe("an"), message(), None)
    assert (found.outcome, found.code) == (Outcome.RETRY, "unreachable")


def test_only_push_services_are_written_to(told, push):
    subscription = json.loads(push.subscribe("an"))
    inside = told | {"production": True}
    for endpoint in (subscription["endpoint"], "https://10.0.0.1/push", "http://push.apple.com/x"):
        assert not web_push.is_known_service(endpoint, inside)
        elsewhere = json.dumps(subscription | {"endpoint": endpoint})
        assert web_push.send(inside, elsewhere, message(), None).outcome is Outcome.DROP_RECIPIENT
    assert web_push.is_known_service("https://fcm.googleapis.com/fcm/send/x", inside)
    assert push.messages == []


def test_keys_that_are_none_end_the_subscription(told, push):
    told_wrong = json.dumps(
        {"endpoint": f"{push.url}/push/an", "keys": {"p256dh": "x", "auth": "y"}}
    )
    assert web_push.send(told, told_wrong, message(), None).code == "bad_keys"


def test_threads_that_need_the_first_key_at_once_get_the_same_one(tmp_path):
    ready = Barrier(8)

    def ask(_):
        ready.wait()
        return webpush.public_key(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["vapid.pem"]
    assert (tmp_path / "vapid.pem").stat().st_mode & 0o077 == 0
