"""What a phone really keeps on its disk, whatever its screen says."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

PATIENCE_SECONDS = 40
READ = """async ([store]) => {
    const told = ask => new Promise((ok, no) => {
        ask.onsuccess = () => ok(ask.result)
        ask.onerror = () => no(ask.error)
    })
    const names = (await indexedDB.databases()).map(one => one.name)
    const found = []
    for (const name of names.filter(name => /^hongling-(?!log)/.test(name))) {
        const db = await told(indexedDB.open(name))
        for (const each of store ? [store] : db.objectStoreNames)
            found.push(...await told(db.transaction(each).objectStore(each).getAll()))
        db.close()
    }
    return JSON.stringify(found)
}"""


def on_disk(page: Page, store: str | None = None) -> str:
    """Every row of one store, or of all, of whoever used this phone, as JSON."""
    text: str = page.evaluate(READ, [store])
    return text


def ready_for_no_signal(page: Page, *, lead: bool = False) -> None:
    """The app's files and what it fetches ahead are on the phone; before that no promise holds."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    last = "GET /api/people" if lead else "GET /api/meetings"
    wait_for(lambda: f"{last} " in on_disk(page, "cache"))


def all_delivered(page: Page) -> None:
    wait_for(lambda: on_disk(page, "outbox") == "[]")


def wait_for(fulfilled: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not fulfilled():
        assert time.monotonic() < deadline
        time.sleep(0.1)
