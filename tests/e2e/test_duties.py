"""A personnel officer does her quarter in one go, with or without signal."""

import uuid

from playwright.sync_api import expect

from tests.e2e.store import all_delivered, wait_for
from tests.people import known

OFFICE, DING = known("office").hex, known("ding").hex
DING_LEAVES_THE_UNIT = f"UPDATE posting SET sending_unit_id = '{OFFICE}' WHERE owner_id = '{DING}'"  # noqa: S608


def name_leader(page, name="孟春"):
    page.goto("/unit-leaders/new?post=personnel")
    page.get_by_label("姓名").fill(name)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(name).first).to_be_visible()


def test_one_note_for_all_her_secretaries_arrives_once_and_they_see_only_the_day(phones, house):
    ji = phones("ji")
    name_leader(ji)
    all_delivered(ji)
    ji.goto("/duties")
    expect(
        ji.get_by_text("第四季度谈心谈话").or_(ji.get_by_text("季度谈心谈话")).first
    ).to_be_visible()
    ji.get_by_role("button", name="记谈心谈话").click()
    expect(ji.get_by_text("已选 2 位")).to_be_visible()
    expect(ji.get_by_role("button", name="孟春（分管干部人事）", pressed=True)).to_be_visible()
    ji.context.set_offline(True)
    ji.get_by_label("简要情况").fill("谈了近期思想")
    ji.get_by_role("button", name="保存").click()
    expect(ji.get_by_text("已存本机").first).to_be_visible()
    assert house.column("fulfilment", "id") == []
    ji.context.set_offline(False)
    wait_for(lambda: len(house.column("fulfilled_posting", "id")) == 2)
    assert len(house.column("fulfilment", "id")) == 1
    assert "思想" not in house.column("fulfilment", "notes")[0]
    # The desk was told what is due before the note came: it must not offer the same again.
    expect(ji.get_by_text("已送达").first).to_be_visible(timeout=40_000)
    expect(ji.get_by_role("button", name="记谈心谈话")).to_have_count(0)
    an = phones("an")
    an.goto("/fulfilled")
    expect(an.get_by_text("谈心谈话")).to_be_visible()
    expect(an.get_by_text("谈了近期思想")).to_have_count(0)


def test_a_note_is_corrected_and_taken_back(phones, house):
    ji = phones("ji")
    ji.goto("/duties")
    ji.get_by_role("button", name="记听取工作汇报").click()
    ji.get_by_role("button", name="保存").click()
    wait_for(lambda: len(house.column("fulfilment", "id")) == 1)
    ji.goto(f"/fulfilments/{uuid.UUID(house.column('fulfilment', 'id')[0])}")
    ji.get_by_role("button", name="更多").click()
    ji.get_by_role("button", name="更正").click()
    ji.get_by_role("button", name="丁一", pressed=True).click()
    ji.get_by_role("button", name="保存").click()
    wait_for(lambda: len(house.column("fulfilled_posting", "id")) == 1)
    expect(ji.get_by_text("已送达")).to_be_visible(timeout=40_000)
    ji.get_by_role("button", name="更多").click()
    ji.get_by_role("button", name="作废").click()
    ji.get_by_role("textbox").fill("记错了日期")
    ji.get_by_role("alertdialog").or_(ji.get_by_role("dialog")).get_by_role(
        "button", name="作废"
    ).click()
    wait_for(lambda: house.column("fulfilment", "void_reason") == ["记错了日期"])


def test_a_note_that_was_refused_is_put_right_from_what_the_phone_has(phones, house):
    """Ding was sent by another unit meanwhile: the server takes no note of this unit about her."""
    ji = phones("ji")
    ji.goto("/duties")
    ji.get_by_role("button", name="记听取工作汇报").click()
    expect(ji.get_by_text("已选 2 位")).to_be_visible()
    ji.get_by_label("简要情况").fill("汇报了停车难")
    house.run(DING_LEAVES_THE_UNIT)
    ji.get_by_role("button", name="保存").click()
    expect(ji.get_by_text("已存本机").first).to_be_visible()
    ji.get_by_text("听取工作汇报").first.click()
    ji.get_by_text("有的书记不在您的范围内").click()
    ji.get_by_text("听取工作汇报").click()
    ji.get_by_role("button", name="修改重发").click()
    expect(ji.get_by_label("简要情况")).to_have_value("汇报了停车难")
    ji.get_by_role("button", name="已不属本单位的书记", pressed=True).click()
    ji.get_by_role("button", name="保存").click()
    wait_for(lambda: len(house.column("fulfilled_posting", "id")) == 1)
    all_delivered(ji)


def test_the_department_sees_counts_by_quarter_and_no_names(phones, house):
    hu = phones("hu")
    hu.goto("/duty-board")
    expect(hu.get_by_text("市试验局")).to_be_visible()
    expect(hu.get_by_label("应办", exact=False).first).to_be_visible()
    expect(hu.get_by_text("安宁")).to_have_count(0)
    hu.get_by_text("市试验局").click()
    expect(hu.get_by_role("cell", name="2").first).to_be_visible()
    expect(hu.get_by_text("安宁")).to_have_count(0)
