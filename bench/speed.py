"""How fast the phone is in a real Chromium on the real app: a save until it is confirmed, a start
without signal, and a long queue on a slow line."""

import math
import statistics
import time
from collections.abc import Sequence
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
# What the browser and the disk take for the least that a save can be: a durable write, and a frame.
BARE = """async () => {
    const db = await new Promise(resolve => {
        const asked = indexedDB.open('bare')
        asked.onupgradeneeded = () => asked.result.createObjectStore('rows')
        asked.onsuccess = () => resolve(asked.result)
    })
    const start = performance.now()
    const tx = db.transaction('rows', 'readwrite', { durability: 'strict' })
    tx.objectStore('rows').put('x'.repeat(1000), start)
    await new Promise(resolve => { tx.oncomplete = resolve })
    await new Promise(requestAnimationFrame)
    db.close()
    return performance.now() - start
}"""
SHOWN = """async words => {
    while (!document.body.textContent.includes(words)) await new Promise(requestAnimationFrame)
    return performance.now()
}"""
SUITE = "async ([verb, told]) => (await import('/faults.js'))[verb](told)"


class Speed(NamedTuple):
    """Milliseconds, but `queue` in seconds; of saves and bare writes p50 and p95."""

    save: tuple[float, float]
    bare: tuple[float, float]
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


def _phone(browser: Browser, network: RoughNetwork) -> tuple[Any, Any, float]:
    page, cdp = _pick_up(browser, network)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    saves, bare = zip(*(_save(page, n) for n in range(SAVES)), strict=True)
    page.context.set_offline(True)
    starts = []
    for _ in range(STARTS):
        page.goto("about:blank")
        page.goto(network.url)
        starts.append(page.evaluate(SHOWN, "安宁同志"))
    page.context.close()
    return _of(saves), _of(bare), statistics.median(starts)


def _of(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), sorted(times)[math.ceil(len(times) * 0.95) - 1]


def _save(page: Page, number: int) -> tuple[float, float]:
    page.goto("/visits/new")
    page.get_by_label("说了什么").fill(f"反映停车难 {number}")
    page.wait_for_timeout(WRITING_MS)
    bare = page.evaluate(BARE)
    return page.evaluate(SAVED), bare


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
        f"A save is confirmed in {seen.save[0]:.0f} ms at a quarter of the speed, p95 "
        f"{seen.save[1]:.0f} ms; a bare durable\nwrite and a frame, taken by turns with it: "
        f"{seen.bare[0]:.0f} and {seen.bare[1]:.0f} ms. The app starts without\nsignal in "
        f"{seen.start:.0f} ms at that speed; {QUEUED} records that waited leave in "
        f"{seen.queue:.1f} s at 400 kbit/s\nand 400 ms a round trip."
    )


if __name__ == "__main__":
    print(table())
