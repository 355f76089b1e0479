"""WeCom, mini program, gateway and mail against servers that keep their providers' contracts."""

import email
import email.policy
from datetime import timedelta

import pytest
import time_machine

from server.channels import email as mail
from server.channels import mini_program, webhook, wecom
from server.channels.channel import Outcome
from server.core import outside
from tests.channels.mail import MailServer
from tests.channels.servers import Gateway, WeChat, WeCom
from tests.channels.words import KEY, MINUTE, message


@pytest.fixture
def company(told):
    with WeCom().running() as provider:
        told["wecom_url"] = provider.url
        with time_machine.travel(MINUTE):
            yield provider


def token_of(company, told):
    return wecom.fetch_token(told)[0]


def test_a_wecom_card_reaches_its_member_once_however_often_it_is_sent(told, company):
    token = token_of(company, told)
    for _ in range(3):
        assert wecom.send(told, "AN", message(), token).outcome is Outcome.OK
    ((user, card),) = company.sent
    assert (user, card["title"]) == ("an", "11月月例会")
    assert card["url"] == f"{told['url']}/meetings/1?b={KEY}"
    again = message(key="f" * 32)  # snoozed and rung again: another bell in the same words
    assert wecom.send(told, "AN", again, token).outcome is Outcome.OK
    assert len(company.sent) == 2


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ({"errcode": 0, "invaliduser": "an"}, Outcome.DROP_RECIPIENT),
        ({"errcode": 81013}, Outcome.DROP_RECIPIENT),
        ({"errcode": 40014}, Outcome.REFRESH_TOKEN),
        ({"errcode": 42001}, Outcome.REFRESH_TOKEN),
        ({"errcode": 60020, "errmsg": "not allow to access from your ip"}, Outcome.CONFIG_ERROR),
        ({"errcode": 301002}, Outcome.CONFIG_ERROR),
        ({"errcode": 45009}, Outcome.RETRY),
        ({"errcode": -1}, Outcome.RETRY),
        ({"errcode": 99999}, Outcome.RETRY),
        (b"<html>portal</html>", Outcome.RETRY),
    ],
)
def test_errcode_decides_and_never_the_status_200(told, company, found, outcome):
    company.plan.append((200, {}, found))
    assert wecom.send(told, "an", message(), "token").outcome is outcome


def test_a_wecom_token_that_ended_is_told_apart_and_wrong_secrets_give_none(told, company):
    assert wecom.send(told, "an", message(), "old").outcome is Outcome.REFRESH_TOKEN
    assert wecom.fetch_token(told | {"wecom_secret": "wrong"}) is None
    assert wecom.fetch_token(told | {"wecom_corp_id": "wrong"}) is None


def test_a_member_may_get_thirty_a_minute_and_then_waits(told, company):
    token = token_of(company, told)
    found = [wecom.send(told, "an", message(title=f"{n}"), token) for n in range(31)]
    assert found[29].outcome is Outcome.OK
    assert (found[30].outcome, found[30].retry_after) == (Outcome.RETRY, timedelta(minutes=1))


def test_long_words_are_clipped_to_what_wecom_takes(told, company):
    token = token_of(company, told)
    long = message(title="会" * 200, body="议" * 900)
    assert wecom.send(told, "an", long, token).outcome is Outcome.OK
    card = company.sent[0][1]
    assert card["title"].endswith("…")
    assert card["description"].endswith("…")


@pytest.mark.parametrize("minute", [0, 30])
def test_nothing_goes_to_wecom_on_the_hour_and_the_half(told, company, minute):
    with time_machine.travel(MINUTE.replace(minute=minute, second=20), tick=False):
        found = wecom.send(told, "an", message(), "token")
    assert (found.outcome, found.retry_after) == (Outcome.RETRY, timedelta(seconds=40))
    assert company.sent == []


def test_a_wecom_code_says_who_came_in_both_shapes(told, company):
    company.codes["c1"] = "An"
    token = token_of(company, told)
    assert wecom.user_of(told, token, "c1") == "an"
    assert wecom.user_of(told, token, "c1").outcome is Outcome.DROP_RECIPIENT  # 40029: used
    company.plan.append((200, {}, {"errcode": 0, "UserId": "Ding"}))
    assert wecom.user_of(told, token, "c2") == "ding"
    company.plan.append((200, {}, {"errcode": 0, "OpenId": "stranger"}))
    assert wecom.user_of(told, token, "c3").code == "not_a_member"


@pytest.fixture
def wechat(told):
    with WeChat().running() as provider:
        told["wechat_url"] = provider.url
        yield provider


def test_a_subscription_message_goes_out_once_a_grant_in_words_that_fit(told, wechat):
    token, _ = mini_program.fetch_token(told)
    wechat.allowed["openid"] = 1
    long = message(title="请于本季度内完成与红领书记的谈心谈话并尽快登记")
    assert mini_program.send(told, "openid", long, token).outcome is Outcome.OK
    ((_, data, page),) = wechat.sent
    assert len(data["thing1"]["value"]) == 20
    assert data["time2"]["value"].startswith(f"{MINUTE:%Y}年")
    assert page == "pages/index/index?to=/meetings/1"
    again = mini_program.send(told, "openid", long, token)
    assert (again.outcome, again.code) == (Outcome.DROP_RECIPIENT, "43101")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (40003, Outcome.DROP_RECIPIENT),
        (43101, Outcome.DROP_RECIPIENT),
        (40037, Outcome.CONFIG_ERROR),
        (47003, Outcome.CONFIG_ERROR),
        (41030, Outcome.CONFIG_ERROR),
        (40164, Outcome.CONFIG_ERROR),
        (40001, Outcome.REFRESH_TOKEN),
        (42001, Outcome.REFRESH_TOKEN),
        (45009, Outcome.RETRY),
        (-1, Outcome.RETRY),
    ],
)
def test_each_code_of_wechat_has_its_class(told, wechat, code, outcome):
    wechat.plan.append((200, {}, {"errcode": code, "errmsg": "rid: 1"}))
    assert mini_program.send(told, "openid", message(), "t").outcome is outcome


def test_a_login_code_of_the_mini_program_says_who_came_once(told, wechat):
    wechat.codes["c1"] = "openid-an"
    assert mini_program.openid_of(told, "c1") == "openid-an"
    assert mini_program.openid_of(told, "c1").code == "bad_code"
    wechat.plan.append((200, {}, {"errcode": 40163}))
    assert mini_program.openid_of(told, "c2").outcome is Outcome.DROP_RECIPIENT
    wechat.plan.append((200, {}, {"errcode": 45011}))
    assert mini_program.openid_of(told, "c2").outcome is Outcome.RETRY
    wechat.plan.append((200, {}, {}))
    assert mini_program.openid_of(told, "c2").outcome is Outcome.RETRY


def test_the_gateway_takes_a_signed_message_once_a_key(told):
    with Gateway().running() as gateway:
        told["webhook_url"] = gateway.url
        for _ in range(2):
            assert webhook.send(told, "13800000000", message(), None).outcome is Outcome.OK
        assert [sent["title"] for sent in gateway.sent.values()] == ["11月月例会"]
        wrong = told | {"webhook_secret": "other"}
        assert webhook.send(wrong, "1", message(), None).outcome is Outcome.CONFIG_ERROR
        assert webhook.send(told, "x", message(), None).outcome is Outcome.DROP_RECIPIENT


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((200, {}, b"OK"), Outcome.RETRY),  # a 200 that proves nothing
        ((200, {}, {"errcode": "busy"}), Outcome.RETRY),
        ((204, {}, b""), Outcome.RETRY),
        ((429, {"Retry-After": "5"}, b""), Outcome.RETRY),
        ((500, {}, {"errcode": 0}), Outcome.RETRY),
    ],
)
def test_a_gateway_that_does_not_prove_that_it_took_the_message_is_asked_again(
    told, answer, outcome
):
    with Gateway().running() as gateway:
        told["webhook_url"] = gateway.url
        gateway.plan.append(answer)
        assert webhook.send(told, "13800000000", message(), None).outcome is outcome


@pytest.mark.parametrize(
    ("refuse", "outcome"),
    [
        ({}, Outcome.OK),
        ({"RCPT": "550 no such user"}, Outcome.DROP_RECIPIENT),
        ({"RCPT": "450 mailbox busy"}, Outcome.RETRY),
        ({"DATA": "554 refused"}, Outcome.CONFIG_ERROR),
        ({"DATA": "451 later"}, Outcome.RETRY),
    ],
)
def test_what_a_mail_server_says_decides_what_comes_next(told, refuse, outcome):
    with MailServer().running() as server:
        server.refuse = refuse
        there = told | {"smtp_port": server.port}
        assert mail.send(there, "an@city.example", message(), None).outcome is outcome
        assert len(server.mails) == (outcome is Outcome.OK)


@pytest.mark.parametrize(("code", "outcome"), [(454, Outcome.RETRY), (535, Outcome.CONFIG_ERROR)])
def test_a_sign_in_that_may_pass_is_tried_again(told, monkeypatch, code, outcome):
    monkeypatch.setattr(mail.outside, "mail", lambda *_, **__: outside.Mailed(code, "sign_in"))
    assert mail.send(told, "an@city.example", message(), None).outcome is outcome


def test_a_mail_says_in_plain_words_what_it_is_about(told):
    with MailServer().running() as server:
        mail.send(told | {"smtp_port": server.port}, "an@city.example", message(), None)
        got = email.message_from_bytes(server.mails[0], policy=email.policy.default)
    assert (got["Subject"], got["To"]) == ("11月月例会", "an@city.example")
    assert "明日 15:00，三楼" in got.get_content()
    assert f"{told['url']}/meetings/1" in got.get_content()


def test_nobody_there_is_no_error_of_the_recipient(told):
    for channel, value in ((mail, "an@city.example"), (webhook, "1"), (wecom, "an")):
        nowhere = {
            "smtp_port": 9,
            "webhook_url": "http://127.0.0.1:9",
            "wecom_url": "http://127.0.0.1:9",
        }
        with time_machine.travel(MINUTE):
            assert channel.send(told | nowhere, value, message(), "t").outcome is Outcome.RETRY


def test_a_plain_address_outside_this_machine_is_never_written_to(told):
    with pytest.raises(outside.Forbidden):
        outside.call("GET", "http://192.0.2.1/")
