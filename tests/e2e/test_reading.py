"""Readable by all: axe finds nothing on everyday pages, light and dark."""

from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / "pwa/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN = ["/signin", "/about", "/feedback"]
SIGNED_IN = [
    "/",
    "/ledger",
    "/meetings",
    "/me",
    "/visits/new",
    "/issues/new",
    "/reminders",
    "/me/waiting",
    "/no/such/page",
]


def violations(page):
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run({ runOnly: { type: 'tag', values: tags } })", TAGS)
    return [
        (v["id"], [(node["html"][:160], node["failureSummary"][:300]) for node in v["nodes"]])
        for v in found["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_everyday_pages(phones, house, scheme):
    page = phones(None)
    page.emulate_media(color_scheme=scheme)
    found = {}
    for path in OPEN:
        page.goto(path)
        page.wait_for_timeout(300)
        found[path] = violations(page)
    page = phones("an")
    page.emulate_media(color_scheme=scheme)
    for path in SIGNED_IN:
        page.goto(path)
        page.wait_for_timeout(500)
        found[path] = violations(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_axe_sees_a_page_that_cannot_be_read(phones, house):
    """The canary: grey on grey and a button without a name."""
    page = phones(None)
    page.evaluate(
        """() => {
        const bad = document.createElement('p'); bad.textContent = '看不清'
        bad.style.cssText = 'position:fixed;inset:0;z-index:99;color:#bbb;background:#ccc'
        document.body.append(bad, document.createElement('button'))
    }"""
    )
    assert {"color-contrast", "button-name"} <= {id for id, _ in violations(page)}
