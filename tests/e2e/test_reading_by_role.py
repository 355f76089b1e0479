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
WIDE = {"width": 1280, "height": 800}


def faults(page, paths):
    found = {}
    for path in paths:
        page.goto(path)
        page.wait_for_timeout(600)
        found[path] = violations(page)
    return {path: these for path, these in found.items() if these}


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
@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_axe_finds_nothing_at_the_desks(phones, house, name, wide):
    page = phones(name)
    if wide:
        page.set_viewport_size(WIDE)
    assert faults(page, PAGES[name]) == {}
