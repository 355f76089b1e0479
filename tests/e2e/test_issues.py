"""A resident's matter, from the first line in a stairwell to the word that it is solved."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.store import on_disk, ready_for_no_signal, wait_for

LONG = 40_000


def log_issue(page: Page, what: str = "南门停车占道") -> None:
    """As a person does: the kind in two taps, one sentence."""
    page.get_by_role("button", name="停车交通").click()
    page.get_by_role("button", name="停车难").click()
    page.get_by_label("是什么问题").fill(what)


def save(page: Page) -> None:
    page.get_by_role("button", name="保存").click()


def mark(page: Page, words: str) -> None:
    expect(page.locator(".facts .mark", has_text=words)).to_be_visible(timeout=LONG)


def with_contact(page: Page) -> None:
    page.get_by_label("留居民联系方式").check()
    page.get_by_label("称呼").fill("王阿姨")
    page.get_by_label("电话").fill("13800138000")
    page.get_by_label("居民同意留下联系方式").check()


def test_a_whole_course_without_signal_arrives_once_and_in_order(phones, house, picture):
    an = phones("an")
    an.goto("/ledger")
    expect(an.get_by_text("没有未办结的问题")).to_be_visible()
    ready_for_no_signal(an)
    an.context.set_offline(True)
    an.goto("/issues/new")
    log_issue(an)
    an.get_by_label("从相册选择").set_input_files([picture, picture])
    expect(an.get_by_role("button", name="移除这张照片")).to_have_count(2)
    with_contact(an)
    save(an)
    mark(an, "已存本机")
    an.get_by_role("button", name="记进展").click()
    an.get_by_label("做了什么").fill("约物业现场看过")
    save(an)
    expect(an.get_by_role("heading", name="记进展")).to_have_count(0)  # the form offers 办结 too
    an.get_by_role("button", name="办结").click()
    an.get_by_label("怎么解决的").fill("划线立柱，已通畅")
    save(an)
    expect(an.get_by_text("划线立柱，已通畅")).to_be_visible()
    an.goto("/ledger/resolved")
    expect(an.get_by_text("南门停车占道")).to_be_visible()
    assert house.column("issue", "id") == []
    an.context.set_offline(False)
    wait_for(lambda: house.column("issue", "state") == ["resolved"])
    wait_for(lambda: house.column("photo", "state") == ["stored", "stored"])
    assert house.column("issue_action", "state", "1 = 1 ORDER BY made_at") == [
        "in_progress",
        "resolved",
    ]
    an.goto("/ledger/resolved")
    an.get_by_text("南门停车占道").click()
    mark(an, "已送达")


def test_a_contact_is_seen_only_for_a_reason_and_never_stands_in_the_open(phones, house):
    an = phones("an")
    an.goto("/issues/new")
    log_issue(an)
    with_contact(an)
    save(an)
    mark(an, "已送达")
    assert "王阿姨" not in an.locator("body").inner_text()
    an.get_by_text("查看联系方式").click()
    an.get_by_role("button", name="电话回访").click()
    expect(an.get_by_text("王阿姨")).to_be_visible()
    expect(an.get_by_role("link", name="13800138000")).to_have_attribute("href", "tel:13800138000")
    assert house.column("contact_reveal", "reason") == ["电话回访"]
    assert "王阿姨" not in "".join(house.column("issue_contact", "name"))
    kept = on_disk(an)
    assert "停车占道" in kept
    assert "王阿姨" not in kept
    assert "13800138000" not in kept


def test_without_signal_a_contact_says_that_it_needs_the_network(phones, house):
    an = phones("an")
    an.goto("/issues/new")
    log_issue(an)
    with_contact(an)
    save(an)
    mark(an, "已送达")
    an.context.set_offline(True)
    an.get_by_text("查看联系方式").click()
    an.get_by_role("button", name="电话回访").click()
    expect(an.get_by_text("请连上网络后再试")).to_be_visible()


def test_a_contact_without_consent_is_not_saved(phones, house):
    an = phones("an")
    an.goto("/issues/new")
    log_issue(an)
    with_contact(an)
    an.get_by_label("居民同意留下联系方式").uncheck()
    save(an)
    expect(an.get_by_text("请先征得居民同意")).to_be_visible()
    assert house.column("issue", "id") == []


def test_a_visit_gives_birth_to_an_issue_in_one_tap_and_keeps_the_name_out(phones, house):
    an = phones("an")
    an.goto("/visits/new")
    ready_for_no_signal(an)
    an.context.set_offline(True)
    an.get_by_label("走访了谁").fill("3号楼2单元王阿姨")
    save(an)
    an.get_by_role("button", name="由此记一个问题").click()
    expect(an.get_by_label("在哪里")).to_have_value("3号楼2单元")
    log_issue(an, "单元门坏了")
    save(an)
    an.context.set_offline(False)
    wait_for(lambda: house.column("issue", "visit_id") == house.column("visit", "id") != [])
    assert house.column("issue", "place_words") == ["3号楼2单元"]


def test_a_half_written_issue_survives_a_reload(phones, house, picture):
    an = phones("an")
    an.goto("/issues/new")
    log_issue(an, "路灯不")
    an.get_by_label("从相册选择").set_input_files(picture)
    expect(an.get_by_role("button", name="移除这张照片")).to_have_count(1)
    an.wait_for_timeout(1_200)
    an.reload()
    expect(an.get_by_label("是什么问题")).to_have_value("路灯不")
    expect(an.get_by_role("button", name="移除这张照片")).to_have_count(1)
    over = an.get_by_text("草稿，点这里清空重写")
    over.click()
    an.get_by_role("button", name="取消").click()
    expect(an.get_by_label("是什么问题")).to_have_value("路灯不")
    over.click()
    an.get_by_role("button", name="清空", exact=True).click()
    expect(an.get_by_label("是什么问题")).to_have_value("")


@pytest.mark.parametrize("phone", ["the same phone", "another phone"])
def test_a_correction_keeps_the_contact(phones, house, phone):
    an = phones("an")
    an.goto("/issues/new")
    log_issue(an, "停车占到")
    with_contact(an)
    save(an)
    mark(an, "已送达")
    path = an.url
    if phone == "another phone":
        an = phones("an")
        an.goto(path)
    an.get_by_role("button", name="更多").click()
    an.get_by_role("button", name="更正登记内容").click()
    if phone == "another phone":
        an.get_by_role("button", name="取联系方式并更正").click()
    expect(an.get_by_label("称呼")).to_have_value("王阿姨")
    an.get_by_label("是什么问题").fill("停车占道")
    save(an)
    wait_for(lambda: house.column("issue", "what") == ["停车占道"])
    assert len(house.column("issue_contact", "id")) == 1
    assert len(house.column("earlier_version", "id")) == 1


def test_the_branch_sees_what_is_put_before_it_and_nothing_else(phones, house):
    an = phones("an")
    an.goto("/issues/new")
    log_issue(an, "要会上商量的事")
    save(an)
    mark(an, "已送达")
    lead = phones("ding")
    lead.goto("/ledger")
    expect(lead.get_by_text("没有未办结的问题")).to_be_visible()
    an.get_by_role("button", name="记进展").click()
    an.get_by_label("做了什么").fill("涉及几个小区")
    an.get_by_label("提交支部会议").check()
    save(an)
    mark(an, "已送达")
    wait_for(lambda: house.column("issue", "agenda") == [1])
    lead.reload()
    lead.get_by_text("要会上商量的事").click()
    expect(lead.get_by_text("已提交支部会议研究")).to_be_visible()
    expect(lead.get_by_text("剩")).to_have_count(0)  # a deadline is its owner's
    expect(lead.get_by_role("button", name="办结")).to_have_count(0)


def test_a_stranger_finds_no_such_issue(phones, house):
    an = phones("an")
    an.goto("/issues/new")
    log_issue(an)
    save(an)
    mark(an, "已送达")
    bai = phones("bai")
    bai.goto(an.url)
    expect(bai.get_by_text("没有这个问题")).to_be_visible()


def test_ending_a_posting_hands_its_open_issues_over_in_one_action(phones, house):
    an = phones("an")
    an.goto("/issues/new")
    log_issue(an, "还没办完的事")
    with_contact(an)
    save(an)
    mark(an, "已送达")
    fang = phones("fang")
    fang.goto("/postings")
    fang.get_by_text("安宁").click()
    expect(fang.get_by_text("未办结的民情 1 件")).to_be_visible()
    assert "王阿姨" not in fang.locator("body").inner_text()
    fang.get_by_role("button", name="结束选派").click()
    fang.get_by_role("button", name="结束选派").click()
    expect(fang.get_by_text("请先选定接任的同志")).to_be_visible()
    fang.get_by_role("button", name="请选择").click()
    fang.get_by_role("dialog").get_by_role("button", name="丁一").click()
    fang.get_by_role("button", name="结束选派并移交 1 件民情").click()
    fang.get_by_role("alertdialog").get_by_role("button", name="结束选派").click()
    expect(fang.get_by_text("已结束").first).to_be_visible()
    lead = phones("ding")
    lead.goto("/ledger")
    lead.get_by_text("还没办完的事").click()
    lead.get_by_text("查看联系方式").click()
    lead.get_by_role("button", name="上门办理").click()
    expect(lead.get_by_text("王阿姨")).to_be_visible()
