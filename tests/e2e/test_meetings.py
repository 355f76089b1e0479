"""A branch meets: called, opened, signed in at by camera, link, tick, with and without signal."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import launch
from tests.e2e import codes, film
from tests.e2e.store import all_delivered, on_disk, ready_for_no_signal, wait_for

LONG = 40_000


def call_meeting(lead: Page) -> str:
    """A 月例会 that is open; its id."""
    lead.goto("/meetings/new")
    lead.get_by_label("地点").fill("二楼会议室")
    lead.get_by_role("button", name="召开", exact=True).click()
    expect(lead.get_by_text("未开始")).to_be_visible()
    lead.get_by_role("button", name="开始签到").click()
    expect(lead.get_by_text("正在签到")).to_be_visible()
    expect(lead.get_by_role("button", name="登记安宁")).to_be_visible(timeout=LONG)
    meeting_id = lead.url.rpartition("/")[2]
    all_delivered(lead)
    return meeting_id


def attended(house) -> list[str]:
    return house.column("attendance", "state || ' ' || way")


@pytest.fixture
def seeing(playwright, phones):
    """seeing("an", path): a phone whose camera films what is in `path`."""
    browsers = []

    def pick_up(name: str, path: Path) -> Page:
        browser = launch(playwright, *film.flags(path))
        browsers.append(browser)
        page = phones(name, flags=browser)
        page.context.grant_permissions(["camera"])
        page.goto("/meetings")
        expect(page.get_by_text("正在进行")).to_be_visible()
        return page

    yield pick_up
    for browser in browsers:
        browser.close()


def scan_in(page: Page, slot: int) -> None:
    """Two taps, when the slot has come."""
    page.wait_for_timeout(max(0.0, codes.begins(slot) * 1000))
    page.get_by_role("button", name="添加").click()
    page.get_by_role("menuitem", name="扫一扫").click()


def test_a_member_scans_the_screen_and_is_there(phones, house, seeing, tmp_path):
    lead = phones("ding")
    meeting_id = call_meeting(lead)
    slot = codes.slot_now() + 2
    text = codes.link(codes.display(lead, meeting_id), slot)
    an = seeing("an", film.shoot(tmp_path / "film.mjpeg", text))
    scan_in(an, slot)
    expect(an.get_by_text(re.compile("您已签到 [0-9:]{5}"))).to_be_visible()
    assert attended(house) == ["present scan"]
    expect(lead.get_by_text("已到 1 人")).to_be_visible()


def test_in_airplane_mode_a_scan_is_amber_and_confirmed_by_the_lead(
    phones, house, seeing, tmp_path
):
    lead = phones("ding")
    meeting_id = call_meeting(lead)
    slot = codes.slot_now() + 2
    text = codes.link(codes.display(lead, meeting_id), slot)
    an = seeing("an", film.shoot(tmp_path / "film.mjpeg", text))
    an.goto("/scan")
    ready_for_no_signal(an)
    an.goto("/meetings")
    an.context.set_offline(True)
    scan_in(an, slot)
    expect(an.get_by_text("已存本机，待送达")).to_be_visible()
    expect(an.get_by_text("月月例会")).to_be_visible()
    an.wait_for_timeout((codes.begins(slot + 2) + 1) * 1000)  # by now the code is no longer fresh
    an.context.set_offline(False)
    expect(an.get_by_text("等支部书记确认")).to_be_visible(timeout=LONG)
    assert attended(house) == ["provisional scan"]
    lead.get_by_role("button", name="确认安宁").click()
    wait_for(lambda: attended(house) == ["present scan"])


def test_a_foreign_code_is_named_and_the_scan_goes_on(phones, house, seeing, tmp_path):
    call_meeting(phones("ding"))
    an = seeing("an", film.shoot(tmp_path / "film.mjpeg", "https://example.com/hello"))
    scan_in(an, 0)
    expect(an.get_by_text("不是会议签到码")).to_be_visible()
    expect(an.get_by_label("相机画面")).to_be_visible()
    assert house.column("checkin", "id") == []


def test_a_phone_without_camera_says_what_to_do_and_reads_a_photo(phones, house, tmp_path):
    lead = phones("ding")
    meeting_id = call_meeting(lead)
    screen = codes.display(lead, meeting_id)
    an = phones("an")
    an.goto("/scan")
    expect(an.get_by_role("alert")).to_contain_text("拍照识别")
    film.shoot(tmp_path / "photo.jpg", codes.link(screen, codes.slot_now()))
    an.get_by_label("拍照识别").set_input_files(tmp_path / "photo.jpg")
    expect(an.get_by_text(re.compile("您已签到 [0-9:]{5}"))).to_be_visible()
    assert attended(house) == ["present scan"]


def test_a_link_from_another_camera_outlives_the_sign_in_page(phones, house):
    lead = phones("ding")
    screen = codes.display(lead, call_meeting(lead))
    an = phones(None)
    an.goto("/Q/" + codes.letters_of(codes.link(screen, codes.slot_now())))
    expect(an.get_by_text("扫码成功")).to_be_visible()
    an.wait_for_timeout(16_000)  # longer than a code lives
    an.get_by_role("button", name="登录并签到").click()
    an.get_by_label("账号").fill("an")
    an.get_by_label("密码").fill(house.password)
    an.get_by_role("button", name="登录", exact=True).click()
    expect(an.get_by_text(re.compile("您已签到 [0-9:]{5}"))).to_be_visible()
    assert attended(house) == ["present scan"]
    an.reload()
    expect(an.get_by_text(re.compile("您已签到 [0-9:]{5}"))).to_be_visible()
    assert len(house.column("checkin", "id")) == 1


@pytest.mark.parametrize(
    ("letters", "words"),
    [("stale", "二维码已刷新"), ("A" * 33, "不是会议签到码"), ("ABC", "不是会议签到码")],
)
def test_a_bad_link_says_so_in_words(phones, house, letters, words):
    lead = phones("ding")
    screen = codes.display(lead, call_meeting(lead))
    if letters == "stale":
        letters = codes.letters_of(codes.link(screen, codes.slot_now() - 6))
    an = phones("an")
    an.goto(f"/Q/{letters}")
    expect(an.get_by_text(words).first).to_be_visible()
    assert house.column("checkin", "id") == []


def test_the_lead_holds_a_whole_meeting_without_signal(phones, house):
    lead = phones("ding")
    ready_for_no_signal(lead, lead=True)
    lead.goto("/meetings/new")
    lead.get_by_role("button", name="召开", exact=True).click()
    expect(lead.get_by_text("应到 2 人")).to_be_visible(timeout=LONG)
    lead.context.set_offline(True)
    lead.get_by_role("button", name="开始签到").click()
    lead.get_by_role("button", name="登记安宁").click()
    lead.get_by_role("button", name="登记丁一").click()
    expect(lead.get_by_text("已到 2 人")).to_be_visible()
    expect(lead.get_by_text("已存本机").first).to_be_visible()
    lead.get_by_role("button", name="撤回丁一").click()
    expect(lead.get_by_text("未到 1 人")).to_be_visible()
    lead.get_by_role("button", name="结束会议").click()
    lead.get_by_role("alertdialog").get_by_role("button", name="结束会议").click()
    expect(lead.get_by_text("已结束", exact=True)).to_be_visible()
    assert house.column("meeting", "state") == ["planned"]
    lead.context.set_offline(False)
    wait_for(lambda: house.column("meeting", "state") == ["closed"])
    assert attended(house) == ["present tick"]
    assert sorted(house.column("checkin", "way")) == ["tick", "tick", "undo"]


def test_the_big_screen_goes_on_without_network(phones, house):
    lead = phones("ding")
    meeting_id = call_meeting(lead)
    screen = phones("ding")
    screen.set_viewport_size({"width": 1280, "height": 720})
    screen.goto(f"/meetings/{meeting_id}/screen")
    expect(screen.locator("svg.qr")).to_be_visible(timeout=LONG)
    first = codes.shown_on(screen)
    side = screen.locator("svg.qr").bounding_box()["height"]
    assert side * 33 / 41 >= 0.45 * 720  # without its quiet zone
    screen.context.set_offline(True)
    screen.wait_for_timeout(21_000)
    later = codes.shown_on(screen)
    assert later != first
    an = phones("an")
    an.goto("/Q/" + codes.letters_of(later))
    expect(an.get_by_text(re.compile("您已签到 [0-9:]{5}"))).to_be_visible()
    expect(screen.get_by_text("离线展示中，签到照常")).to_be_visible(timeout=LONG)
    screen.context.set_offline(False)
    expect(screen.get_by_label("最近签到")).to_contain_text("安宁", timeout=LONG)


def screen_keys(page):
    """Of each screen this device asked for, whether it holds its key."""
    records = [one for one in json.loads(on_disk(page, "records")) if one["kind"] == "displays"]
    return [bool((one["receipt"] or {}).get("key")) for one in records]


def test_the_screens_key_leaves_the_device_when_the_meeting_is_over(phones, house):
    lead = phones("ding")
    call_meeting(lead)
    assert screen_keys(lead) == [True]
    lead.get_by_role("button", name="结束会议").click()
    lead.get_by_role("alertdialog").get_by_role("button", name="结束会议").click()
    expect(lead.get_by_text("已结束", exact=True)).to_be_visible()
    wait_for(lambda: screen_keys(lead) == [False])


def test_who_is_not_on_the_list_is_held_until_the_lead_says_yes(phones, house):
    lead = phones("ding")
    screen = codes.display(lead, call_meeting(lead))
    bai = phones("bai")
    bai.goto("/Q/" + codes.letters_of(codes.link(screen, codes.slot_now())))
    expect(bai.get_by_text("已收到，待确认")).to_be_visible()
    lead.get_by_text("白桦").click()
    lead.get_by_role("button", name="确认到会").click()
    wait_for(lambda: attended(house) == ["present scan"])
    expect(lead.get_by_text("已到 1 人")).to_be_visible()


def test_a_meeting_called_and_held_without_signal_arrives_whole(phones, house):
    lead = phones("ding")
    lead.goto("/meetings")
    expect(lead.get_by_text("还没有会议")).to_be_visible()
    ready_for_no_signal(lead, lead=True)
    lead.context.set_offline(True)
    lead.goto("/meetings/new")
    lead.get_by_role("button", name="召开", exact=True).click()
    lead.get_by_role("button", name="开始签到").click()
    lead.get_by_role("button", name="登记安宁").click()
    expect(lead.get_by_text("已到 1 人")).to_be_visible()
    assert house.column("meeting", "id") == []
    lead.context.set_offline(False)
    wait_for(lambda: attended(house) == ["present tick"])
    assert house.column("meeting", "state") == ["open"]
