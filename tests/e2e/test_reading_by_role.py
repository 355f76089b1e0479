"""axe on the pages that only some people have, with something on each."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_issues import log_issue, mark, save, with_contact
from tests.e2e.test_meetings import call_meeting
from tests.e2e.test_reading import violations

PAGES = {
    "hu": [
        *("/", "/ledger", "/meetings", "/me", "/people", "/postings", "/postings/new"),
        *("/host-units", "/branches", "/sending-units", "/held"),
    ],
    "zong": ["/", "/me", "/accounts", "/accounts/new", "/feedback/list"],
    "ji": ["/", "/ledger", "/people"],
    "he": ["/", "/ledger", "/people"],
}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def faults(page, paths, sizes=(PHONE,)):
    found = {}
    for path in paths:
        page.set_viewport_size(sizes[0])
        page.goto(path)
        page.wait_for_timeout(600)
        for size in sizes:
            page.set_viewport_size(size)
            found[path, size["width"]] = violations(page)
    return {where: these for where, these in found.items() if these}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_an_issue_and_its_steps(phones, house, scheme):
    an = phones("an")
    an.emulate_media(color_scheme=scheme)
    an.goto("/issues/new")
    log_issue(an)
    with_contact(an)
    assert violations(an) == []
    save(an)
    mark(an, "已送达")
    an.get_by_role("button", name="记进展").click()
    an.get_by_label("做了什么").fill("约物业看过")
    an.wait_for_timeout(400)
    assert violations(an) == []
    save(an)
    expect(an.get_by_text("约物业看过")).to_be_visible()
    an.wait_for_timeout(2_500)  # the toast covers what it stands on
    assert violations(an) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_a_meeting(phones, house, scheme):
    lead = phones("ding")
    lead.emulate_media(color_scheme=scheme)
    meeting_id = call_meeting(lead)
    lead.get_by_role("button", name="登记安宁").click()
    expect(lead.get_by_text("已到 1 人")).to_be_visible()
    lead.wait_for_timeout(2_500)
    assert violations(lead) == []
    assert faults(lead, ["/meetings/new", "/scan", f"/meetings/{meeting_id}/screen"]) == {}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_at_the_desks(phones, house, name):
    assert faults(phones(name), PAGES[name], sizes=(PHONE, DESK)) == {}
