"""What a person may set up for themself, and what nobody else may see or take."""

import json

import pytest

from server.channels import addresses
from server.channels.models import Address, MessageGrant
from server.core.audit import AuditLine
from tests.build import new_id
from tests.channels.servers import Gateway, PushService
from tests.people import known
from tests.reminders.ringing import Heard, address


@pytest.fixture
def push(app, monkeypatch):
    monkeypatch.setitem(app.config["HONGLING"], "production", False)
    with PushService().running() as service:
        yield service


@pytest.fixture
def gateway(app, monkeypatch):
    with Gateway().running() as provider:
        told = {"webhook_url": provider.url, "webhook_secret": "gateway secret"}
        for name, value in told.items():
            monkeypatch.setitem(app.config["HONGLING"], name, value)
        yield provider


def put_address(client, channel, value, *, id=None, label="这台手机"):
    told = {"channel": channel, "value": value, "label": label}
    return client.put(f"/api/addresses/{id or new_id()}", json=told)


def test_the_city_says_which_channels_there_are_in_their_order(as_):
    items = as_("an").get("/api/channels").json["items"]
    assert [(item["channel"], item["ready"]) for item in items] == [
        ("web_push", True),
        ("wecom", False),
        ("mini_program", False),
        ("webhook", False),
        ("email", False),
    ]
    assert len(items[0]["vapid_key"]) == 87


@pytest.mark.engines
def test_a_browser_is_kept_sealed_listed_and_tried(as_, push, rows):
    an, value = as_("an"), push.subscribe("an")
    kept = put_address(an, "web_push", value).json
    assert (kept["words"], kept["on"], kept["broken"]) == ("本机推送", True, None)
    assert an.get("/api/addresses").json["items"] == [kept]
    assert as_("ding").get("/api/addresses").json["items"] == []
    assert push.url not in rows(Address)[0].sealed
    tried = an.put(f"/api/trials/{new_id()}", json={"address_id": kept["id"]})
    assert tried.json == {"outcome": "ok", "sentence": "已经发出，请看一看收到没有"}
    assert [said["title"] for _, said, _ in push.messages] == ["红领通提醒试发"]
    assert [line.action for line in rows(AuditLine)] == ["address.log"]


@pytest.mark.engines
def test_a_browser_on_a_shared_phone_belongs_to_whoever_came_last(as_, push, rows):
    value = push.subscribe("phone")
    put_address(as_("an"), "web_push", value)
    put_address(as_("ding"), "web_push", value)
    assert [row.user_id for row in rows(Address)] == [known("ding")]


@pytest.mark.engines
def test_the_same_browser_again_is_the_same_row_and_works_again(as_, push, rows, keep):
    an, value = as_("an"), push.subscribe("an")
    first = put_address(an, "web_push", value).json["id"]
    assert put_address(an, "web_push", value).json["id"] == first
    assert len(rows(Address)) == 1


def test_a_number_that_another_person_entered_is_taken(as_, gateway):
    assert put_address(as_("an"), "webhook", "13800000000").status_code == 200
    r = put_address(as_("ding"), "webhook", "13800000000")
    assert (r.status_code, r.json["title"]) == (409, "这个地址已由另一位同志登记")


@pytest.mark.parametrize(
    ("channel", "value", "sentence"),
    [
        ("webhook", "0539-1234567", "手机号不对，应为 11 位数字"),
        ("email", "an@city", "邮箱地址不对"),
        ("web_push", "{}", "浏览器给的推送地址不对，请重新开启"),
        ("web_push", "not json", "浏览器给的推送地址不对，请重新开启"),
        (
            "web_push",
            json.dumps(
                {"endpoint": "https://inside.example/x", "keys": {"p256dh": "", "auth": ""}}
            ),
            "不认识这个浏览器的推送服务",
        ),
    ],
)
def test_a_wrong_address_gets_a_sentence(as_, channel, value, sentence):
    r = put_address(as_("an"), channel, value)
    assert (r.status_code, r.json["fields"]) == (422, {"value": [sentence]})


def test_what_the_city_did_not_set_up_cannot_be_chosen(as_):
    r = put_address(as_("an"), "email", "an@city.example")
    assert (r.status_code, r.json["title"]) == (409, "本市还没有开通这种提醒方式")


def test_nobody_switches_tries_or_drops_the_address_of_another(as_, gateway):
    id = put_address(as_("an"), "webhook", "13800000000").json["id"]
    ding = as_("ding")
    assert ding.put(f"/api/addresses/{id}/on", json={"on": False}).status_code == 404
    assert ding.delete(f"/api/addresses/{id}").status_code == 404
    tried = ding.put(f"/api/trials/{new_id()}", json={"address_id": id})
    assert tried.status_code == 404


def test_a_trial_to_an_address_that_is_gone_marks_it(as_, push):
    an = as_("an")
    id = put_address(an, "web_push", push.subscribe("an")).json["id"]
    push.plan.append((410, {}, {}))
    tried = an.put(f"/api/trials/{new_id()}", json={"address_id": id})
    assert tried.json["outcome"] == "drop_recipient"
    assert an.get("/api/addresses").json["items"][0]["broken"] == tried.json["sentence"]
    assert an.put(f"/api/addresses/{id}/on", json={"on": True}).status_code == 204
    assert an.get("/api/addresses").json["items"][0]["broken"] is None


@pytest.mark.parametrize(("granted", "outcome"), [(False, None), (True, "ok")])
def test_a_trial_in_the_mini_program_needs_and_uses_a_grant(
    app, as_, rows, monkeypatch, granted, outcome
):
    an, id = as_("an"), str(address(app, "mini_program", "openid"))
    heard = {"mini_program": Heard("mini_program").channel()}
    monkeypatch.setattr(addresses, "CHANNELS", heard)
    monkeypatch.setitem(app.config["HONGLING"], "mini_program_template", "t")
    if granted:
        an.put(f"/api/message-grants/{new_id()}", json={"template_id": "t"})
    tried = an.put(f"/api/trials/{new_id()}", json={"address_id": id})
    assert tried.json.get("outcome") == outcome
    assert granted or "点允许提醒" in tried.json["title"]
    assert all(grant.used_at for grant in rows(MessageGrant))


def test_switched_off_and_dropped(as_, gateway, rows):
    an = as_("an")
    id = put_address(an, "webhook", "13800000000").json["id"]
    assert an.put(f"/api/addresses/{id}/on", json={"on": False}).status_code == 204
    assert an.get("/api/addresses").json["items"][0]["on"] is False
    assert an.delete(f"/api/addresses/{id}").status_code == 204
    assert rows(Address) == []


def test_a_trial_says_what_is_wrong_and_some_are_enough(as_, gateway):
    an = as_("an")
    id = put_address(an, "webhook", "13800000000").json["id"]
    gateway.plan.append((401, {}, {"errcode": "bad"}))
    told = [an.put(f"/api/trials/{new_id()}", json={"address_id": id}) for _ in range(6)]
    assert told[0].json["sentence"] == "本市的设置有问题，请告诉系统管理员"
    assert (told[5].status_code, told[5].json["title"]) == (409, "试得太多了，请过十分钟再试")


@pytest.mark.engines
def test_a_grant_counts_once_however_often_it_is_sent(as_, rows):
    an, id = as_("an"), new_id()
    for _ in range(2):
        r = an.put(f"/api/message-grants/{id}", json={"template_id": "t"})
        assert r.status_code == 204
    assert [row.user_id for row in rows(MessageGrant)] == [known("an")]
