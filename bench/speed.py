"""How fast the phone is in a real Chromium on the real app: a save until it is confirmed, a start
without signal, and a long queue on a slow line."""

import math
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.browser import launch, new_phone
from tests.e2e.conftest import sign_in
from tests.e2e.house import House, prepare
from tests.e2e.store import ready_for_no_signal
from tests.faults import build
from tests.faults.network import RoughNetwork, refuse
from tests.people import known

SAVES, STARTS, QUEUED, SLOWDOWN = 40, 5, 200, 4
WRITING_MS = 2_500  # nobody writes faster: by then the page has fetched what it shows
LINE = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s
SAVED = """async () => {
    const [save] = [...document.querySelectorAll('button')].filter(b => b.textContent === '保存')
    const start = performance.now()
    save.click()
    while (!document.body.textContent.includes('已存本机')) await new Promise(requestAnimationFrame)
    return performance.now() - start
}"""
SHOWN = """async words => {
    while (!document.body.textContent.includes(words)) await new Promise(requestAnimationFrame)
    return performance.now()
}"""
SUITE = "async ([verb, told]) => (await import('/faults.js'))[verb](told)"


class Speed(NamedTuple):
    """Milliseconds, but `queue` in seconds."""

    save_p95: float
    start: float
    queue: float


def measure() -> Speed:
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        prepare(Path(folder) / "template")
        house = House(Path(folder) / "data", Path(folder) / "template")
        network = RoughNetwork(house.port)
        network.files["/faults.js"] = build.suite()
        house.url = network.url
        house.start()
        browser = launch(playwright)
        try:
            return Speed(*_phone(browser, network), _queue(browser, network))
        finally:
            browser.close()
            house.kill()
            network.close()


def _pick_up(browser: Browser, network: RoughNetwork) -> tuple[Page, CDPSession]:
    page = new_phone(browser, network.url).new_page()
    page.goto("/")
    sign_in(page, "an")
    ready_for_no_signal(page)
    return page, page.context.new_cdp_session(page)


def _phone(browser: Browser, network: RoughNetwork) -> tuple[float, float]:
    page, cdp = _pick_up(browser, network)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    saves = sorted(_save(page, n) for n in range(SAVES))
    page.context.set_offline(True)
    starts = []
    for _ in range(STARTS):
        page.goto("about:blank")
        page.goto(network.url)
        starts.append(page.evaluate(SHOWN, "安宁同志"))
    page.context.close()
    return saves[math.ceil(SAVES * 0.95) - 1], statistics.median(starts)


def _save(page: Page, number: int) -> float:
    page.goto("/visits/new")
    page.get_by_label("说了什么").fill(f"反映停车难 {number}")
    page.wait_for_timeout(WRITING_MS)
    took: float = page.evaluate(SAVED)
    return took


def _queue(browser: Browser, network: RoughNetwork) -> float:
    page, cdp = _pick_up(browser, network)
    network.deed = refuse
    wish = {"posting": str(known("posting-an")), "marks": [f"queue {n}" for n in range(QUEUED)]}
    assert page.evaluate(SUITE, ["visits", wish]) == []
    cdp.send("Network.enable")
    cdp.send("Network.emulateNetworkConditions", {"offline": False, **LINE})
    network.heal()
    begun = time.perf_counter()
    page.evaluate("() => { window.dispatchEvent(new Event('online')) }")
    while _waiting(page):
        time.sleep(0.1)
    took = time.perf_counter() - begun
    page.context.close()
    return took


def _waiting(page: Page) -> Any:
    return page.evaluate(SUITE, ["outbox", None])


def table() -> str:
    seen = measure()
    return (
        f"A save is confirmed within {seen.save_p95:.0f} ms (p95) at a quarter of the speed; the\n"
        f"app starts without signal in {seen.start:.0f} ms at that speed; {QUEUED} records that\n"
        f"waited leave in {seen.queue:.1f} s at 400 kbit/s and 400 ms a round trip."
    )


if __name__ == "__main__":
    print(table())
