"""Bells on a real phone: shown once however often they come, set by their owner, put off."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.house import House

SUBSCRIBED = """
    const told = { endpoint: 'http://127.0.0.1:9/push/an', keys: { p256dh: 'x', auth: 'y' } }
    const one = { toJSON: () => told, unsubscribe: async () => { window.gone = true; return true } }
    PushManager.prototype.subscribe = async () => one
    PushManager.prototype.getSubscription = async () => null
    Notification.requestPermission = async () => 'granted'
"""


@pytest.fixture
def an(phones, house):
    page = phones(None)
    page.context.grant_permissions(["notifications"])
    page.context.add_init_script(SUBSCRIBED)
    page.goto("/")
    sign_in(page, "an")
    return page


class Pusher:
    """Delivers push messages as a push service would, by the browser's own tools."""

    def __init__(self, page: Page, house: House):
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page, self.origin = page, house.url.rstrip("/")
        self.session = page.context.new_cdp_session(page)
        self.ids: list[str] = []
        self.session.on("ServiceWorker.workerRegistrationUpdated", self.note)
        self.session.send("ServiceWorker.enable")
        page.wait_for_timeout(500)

    def note(self, told: dict) -> None:
        self.ids += [one["registrationId"] for one in told["registrations"]]

    def push(self, **bell: str) -> None:
        told = {"origin": self.origin, "registrationId": self.ids[-1], "data": json.dumps(bell)}
        self.session.send("ServiceWorker.deliverPushMessage", told)

    def shown(self) -> list[str]:
        ask = """navigator.serviceWorker.ready.then(one => one.getNotifications())
            .then(all => all.map(one => one.tag))"""
        return sorted(self.page.evaluate(ask))


def test_twenty_pushes_of_ten_bells_are_ten_notifications(an, house):
    pusher = Pusher(an, house)
    for number in [*range(10), *range(10)]:
        bell = {"title": f"会议 {number}", "body": "三楼", "link": "/meetings"}
        pusher.push(**bell, key=f"{number:032x}")
    an.wait_for_timeout(1_500)
    assert pusher.shown() == [f"{number:032x}" for number in range(10)]


def test_a_phone_is_switched_on_by_its_owner(an, house):
    an.goto("/me/reminders")
    an.get_by_role("button", name="添加接收方式").click()
    an.get_by_role("button", name="本机推送").click()
    expect(an.get_by_text("已开启").first).to_be_visible()
    assert house.column("address", "channel") == ["web_push"]
    assert "127.0.0.1:9" not in house.column("address", "sealed")[0]


def test_a_kind_is_chosen_and_a_calendar_address_is_made_and_renewed(an, house):
    an.goto("/me/reminders")
    an.get_by_label("民情快到期").check()
    an.reload()
    expect(an.get_by_label("民情快到期")).to_be_checked()
    an.get_by_role("button", name="取得日历地址").click()
    first = an.locator(".calendar__url").inner_text()
    assert "/api/calendars/" in first
    an.get_by_role("button", name="更换地址").click()
    an.get_by_role("alertdialog").get_by_role("button", name="更换").click()
    expect(an.locator(".calendar__url")).not_to_have_text(first)


def test_a_push_service_that_hangs_is_given_up_with_a_sentence(phones):
    page = phones(None)
    page.context.grant_permissions(["notifications"])
    hangs = SUBSCRIBED.replace("async () => one", "() => new Promise(() => {})", 1)
    page.context.add_init_script(hangs)
    page.goto("/")
    sign_in(page, "an")
    page.goto("/me/reminders")
    page.get_by_role("button", name="添加接收方式").click()
    page.get_by_role("button", name="本机推送").click()
    expect(page.get_by_text("推送服务没有反应")).to_be_visible(timeout=40_000)


def test_the_administrator_sees_the_machine(phones):
    zong = phones("zong")
    zong.goto("/system")
    expect(zong.get_by_text("还没有备案编号")).to_be_visible()
    expect(zong.get_by_text("本机推送已开通")).to_be_visible()
    zong.get_by_text("发送记录").click()
    expect(zong.get_by_text("都送到了")).to_be_visible()
