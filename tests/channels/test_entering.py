"""Signing in through WeCom or the mini program, bound once to an account."""

from datetime import timedelta

import pytest
import time_machine

from server.accounts.models import Session, User
from server.channels.models import Address
from server.core import clock as moments
from server.core.db import db
from tests.build import new_id
from tests.channels.servers import WeChat, WeCom
from tests.people import PASSWORD, known
from tests.reminders.ringing import work

NEW = "山高水长-路遥知马力"


@pytest.fixture
def wechat(app, monkeypatch):
    with WeChat().running() as provider:
        told = {"mini_program_app_id": "app", "mini_program_secret": "wechat secret"}
        for name, value in (told | {"wechat_url": provider.url}).items():
            monkeypatch.setitem(app.config["HONGLING"], name, value)
        yield provider


@pytest.fixture
def company(app, monkeypatch):
    with WeCom().running() as provider:
        told = {"wecom_corp_id": "corp", "wecom_agent_id": "1", "wecom_secret": "wecom secret"}
        for name, value in (told | {"wecom_url": provider.url}).items():
            monkeypatch.setitem(app.config["HONGLING"], name, value)
        yield provider


def come(app, code, way="mini-program"):
    client = app.test_client()
    return client, client.post(f"/api/{way}-sessions", json={"code": code})


def bind(client, ticket, **told):
    return client.post("/api/bindings", json={"ticket": ticket, **told})


def bound(app, wechat, openid="openid-an", username="an"):
    wechat.codes["first"] = openid
    client, told = come(app, "first")
    return bind(client, told.json["ticket"], username=username, password=PASSWORD)


@pytest.mark.engines
def test_bound_once_by_password_the_next_visit_needs_none(app, wechat, rows):
    r = bound(app, wechat)
    assert (r.status_code, r.json["person"]["name"], r.json["ticket"]) == (200, "安宁", None)
    assert "openid-an" not in rows(Address)[0].sealed
    wechat.codes["next"] = "openid-an"
    client, told = come(app, "next")
    assert told.json["person"]["id"] == str(known("an"))
    assert client.get("/api/session").json["username"] == "an"


@pytest.mark.engines
def test_bound_by_an_activation_code_with_a_new_password(app, as_, wechat):
    given = {"account_id": str(known("bai"))}
    code = as_("zong").put(f"/api/activation-codes/{new_id()}", json=given).json["code"]
    wechat.codes["c"] = "openid-bai"
    client, told = come(app, "c")
    r = bind(client, told.json["ticket"], activation_code=code, password=NEW)
    assert (r.status_code, r.json["person"]["username"]) == (200, "bai")


@pytest.mark.engines
def test_a_code_sent_twice_within_a_minute_gives_the_same_answer(app, wechat):
    bound(app, wechat)
    wechat.codes["again"] = "openid-an"
    with time_machine.travel(moments.now(), tick=False) as clock:
        assert come(app, "again")[1].status_code == 200
        assert come(app, "again")[1].json["person"]["username"] == "an"
        clock.shift(timedelta(seconds=61))
        r = come(app, "again")[1]
    assert (r.status_code, r.json["title"]) == (409, "登录码已失效，请重新进入")


@pytest.mark.engines
def test_wrong_passwords_are_counted_and_lock_here_too(app, wechat):
    wechat.codes["c"] = "openid-x"
    client, told = come(app, "c")
    for _ in range(5):
        r = bind(client, told.json["ticket"], username="an", password="x")
        assert (r.status_code, r.json["title"]) == (401, "账号或密码不对")
    assert bind(client, told.json["ticket"], username="an", password=PASSWORD).status_code == 429


def test_a_forged_an_old_and_a_foreign_ticket_bind_nothing(app, wechat, rows):
    wechat.codes["c"] = "openid-x"
    client, told = come(app, "c")
    ticket = told.json["ticket"]
    for wrong in ("aes:" + "A" * 60, "nonsense", ticket[:-4] + "AAA="):
        r = bind(client, wrong, username="an", password=PASSWORD)
        assert (r.status_code, r.json["type"]) == (409, "ticket_over")
    with time_machine.travel(moments.now() + timedelta(minutes=11)):
        assert bind(client, ticket, username="an", password=PASSWORD).status_code == 409
    assert rows(Address) == []


@pytest.mark.engines
def test_one_account_there_is_one_account_here(app, wechat, rows):
    wechat.codes["early"] = "openid-an"
    client, told = come(app, "early")
    bound(app, wechat)
    before = len(rows(Session))
    r = bind(client, told.json["ticket"], username="ding", password=PASSWORD)
    assert (r.status_code, r.json["title"]) == (
        409,
        "这个微信小程序账号已绑定另一位同志，请联系管理员",
    )
    wechat.codes["other"] = "openid-other"
    client, told = come(app, "other")
    r = bind(client, told.json["ticket"], username="an", password=PASSWORD)
    assert (r.status_code, r.json["title"]) == (
        409,
        "您的账号已绑定另一个微信小程序账号，请先在提醒设置里解除",
    )
    assert len(rows(Address)) == 1
    assert len(rows(Session)) == before, "nobody was signed in by a binding that failed"


def test_a_disabled_account_is_not_entered(app, wechat):
    bound(app, wechat)
    with app.app_context():
        db.session.execute(
            db.update(User).where(User.username == "an").values(disabled_at=moments.now())
        )
        db.session.commit()
    wechat.codes["c"] = "openid-an"
    client, told = come(app, "c")
    assert told.json["person"] is None
    r = bind(client, told.json["ticket"], username="an", password=PASSWORD)
    assert (r.status_code, r.json["title"]) == (401, "账号或密码不对")


def test_a_provider_that_is_away_is_said_in_words_and_tried_later(app, wechat):
    wechat.plan.append((500, {}, b"<html>"))
    r = come(app, "c")[1]
    assert (r.status_code, r.json["retry"]) == (503, "later")
    assert "请用账号和密码登录" in come_without(app).json["title"]


def come_without(app):
    app.config["HONGLING"]["wecom_corp_id"] = ""
    return come(app, "c", "wecom")[1]


@pytest.mark.engines
def test_wecom_opens_the_door_when_the_worker_has_a_token(app, company):
    company.codes["c"] = "An"
    assert come(app, "c", "wecom")[1].status_code == 503
    work(app, "tokens.renew")
    client, told = come(app, "c", "wecom")
    assert bind(client, told.json["ticket"], username="an", password=PASSWORD).status_code == 200
    company.codes["d"] = "an"
    assert come(app, "d", "wecom")[1].json["person"]["username"] == "an"


def test_the_sign_in_page_learns_which_ways_there_are(app, company):
    found = app.test_client().get("/api/sign-in-ways?state=abc123").json
    assert found["wecom_url"].startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    for part in ("appid=corp", "scope=snsapi_base", "state=abc123", "agentid=1", "%2Fwecom"):
        assert part in found["wecom_url"]
    assert found["wecom_url"].endswith("#wechat_redirect")
    assert found["mini_program"] is False
    assert app.test_client().get("/api/sign-in-ways?state=<x>").status_code == 422
