"""A secretary notes visits where the signal comes and goes."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.store import ready_for_no_signal, wait_for


def note(page: Page, words: str) -> None:
    page.get_by_label("走访了谁").fill("3号楼")
    page.get_by_label("说了什么").fill(words)
    page.get_by_role("button", name="保存").click()


def amber(page: Page) -> None:
    expect(page.get_by_text("已存本机").first).to_be_visible()


def green(page: Page) -> None:
    expect(page.get_by_text("已送达").first).to_be_visible(timeout=40_000)


def test_a_visit_noted_online_turns_green(phones, house):
    an = phones("an")
    an.goto("/visits/new")
    note(an, "反映停车难")
    green(an)
    assert house.column("visit", "said") == ["反映停车难"]


def test_without_signal_it_is_amber_and_green_when_the_signal_is_back(phones, house):
    an = phones("an")
    an.goto("/visits/new")
    ready_for_no_signal(an)
    house.stop()
    an.context.set_offline(True)
    note(an, "电梯停了")
    amber(an)
    house.start()
    an.context.set_offline(False)
    green(an)
    assert house.column("visit", "said") == ["电梯停了"]


def test_the_app_opens_and_saves_in_airplane_mode(phones, house):
    an = phones("an")
    an.goto("/visits/new")
    ready_for_no_signal(an)
    an.context.set_offline(True)
    an.goto("/visits/new")
    note(an, "地下室没有信号")
    amber(an)
    an.reload()
    amber(an)
    an.context.set_offline(False)
    an.reload()
    green(an)
    assert house.column("visit", "said") == ["地下室没有信号"]


@pytest.mark.parametrize("fault", ["swallow", "refuse", "portal", "broken", "busy"])
def test_whatever_the_network_does_it_arrives_once(phones, house, network, fault):
    an = phones("an")
    an.goto("/visits/new")
    tries = []
    network.fault = lambda method, path: (
        fault
        if method == "PUT" and "/visits/" in path and not tries.append(path) and len(tries) < 3
        else None
    )
    note(an, "说一次就够")
    green(an)
    assert house.column("visit", "said") == ["说一次就够"]
    assert len(house.column("audit_line", "action", "action = 'visit.log'")) == 1


def test_the_server_is_killed_after_it_stored_and_before_it_answered(phones, house, network):
    an = phones("an")
    an.goto("/visits/new")
    network.swallow(times=1, path="/api/visits")
    note(an, "服务器断电")
    amber(an)
    an.wait_for_timeout(300)
    house.kill()
    house.start()
    green(an)
    assert house.column("visit", "said") == ["服务器断电"]


def test_a_session_that_ends_in_the_middle_loses_nothing(phones, house):
    an = phones("an")
    an.goto("/visits/new")
    house.run("UPDATE session SET ended_at = created_at")
    note(an, "登录过期了")
    amber(an)
    expect(an.get_by_text("待登录").or_(an.get_by_text("重新登录")).first).to_be_visible()
    assert house.column("visit", "said") == []
    an.goto("/signin")
    an.get_by_label("账号").fill("an")
    an.get_by_label("密码").fill(house.password)
    an.get_by_role("button", name="登录", exact=True).click()
    expect(an.get_by_role("link", name="今天")).to_be_visible()
    for _ in range(40):
        if house.column("visit", "said"):
            break
        an.wait_for_timeout(250)
    assert house.column("visit", "said") == ["登录过期了"]


def test_a_correction_from_another_phone_keeps_the_photos(phones, house, picture):
    an = phones("an")
    an.goto("/visits/new")
    an.get_by_label("从相册选择").set_input_files(picture)
    expect(an.get_by_role("button", name="移除这张照片")).to_have_count(1)
    note(an, "路灯不亮")
    green(an)
    other = phones("an")
    # The list of photos comes late: the form must not open without it.
    other.route("**/api/photos?*", lambda route: (other.wait_for_timeout(800), route.continue_()))
    other.goto(an.url)
    other.get_by_role("button", name="更多").click()
    other.get_by_role("button", name="更正").click()
    expect(other.get_by_role("button", name="移除这张照片")).to_have_count(1)
    note(other, "路灯不亮，已报修")
    green(other)
    expect(other.get_by_role("button", name="照片 1，点开看大图")).to_be_visible()
    assert house.column("visit", "said") == ["路灯不亮，已报修"]


def test_a_visit_voided_without_signal_is_struck_in_the_list_at_once(phones, house):
    an = phones("an")
    an.goto("/visits/new")
    note(an, "记重了一条")
    green(an)
    ready_for_no_signal(an)
    an.context.set_offline(True)
    an.get_by_role("button", name="更多").click()
    an.get_by_role("button", name="作废").click()
    an.get_by_role("alertdialog").get_by_role("textbox").fill("记重了")
    an.get_by_role("alertdialog").get_by_role("button", name="作废").click()
    expect(an.get_by_text("已作废，联网后上传")).to_be_visible()
    an.goto("/ledger/visits")
    expect(an.get_by_text("已作废", exact=True)).to_be_visible()
    amber(an)
    an.context.set_offline(False)
    wait_for(lambda: house.column("visit_void", "reason") == ["记重了"])
