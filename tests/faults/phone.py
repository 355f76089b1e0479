"""A phone in somebody's hand: the real app in Chromium, and a way to save much in little time."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright, expect

from tests.browser import FLAGS, system_chromium
from tests.people import PASSWORD, known

from .ledger import Failed, Ledger

PATIENCE_SECONDS = 90
POKE_MS = 2_500


class Phone:
    """`page` is the app as it is; what is asked of `phone.ts` runs beside it."""

    def __init__(self, page: Page, url: str, ledger: Ledger, prefix: str):
        self.page, self.url, self.ledger, self.prefix = page, url, ledger, prefix
        self.posting, self.made = "", 0
        page.on("console", lambda line: ledger.hear(line.text))

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self, name: str) -> None:
        """By hand, as people do."""
        if not self.page.url.endswith("/signin"):
            self.go("/signin")
        self.page.get_by_label("账号").fill(name)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_role("link", name="今天")).to_be_visible(timeout=30_000)
        self.posting = str(known(f"posting-{name}"))

    def ask(self, verb: str, told: Any = None) -> Any:
        call = "async ([verb, told]) => (await import('/faults.js'))[verb](told)"
        return self.page.evaluate(call, [verb, told])

    def begin(self, verb: str, told: Any) -> None:
        """As `ask`, without waiting for the end."""
        call = "([verb, told]) => { void import('/faults.js').then(m => m[verb](told)) }"
        self.page.evaluate(call, [verb, told])

    def wish(self, count: int, **more: Any) -> dict[str, Any]:
        marks = [f"{self.prefix}-{self.made + i}" for i in range(count)]
        self.made += count
        return {"posting": self.posting, "marks": marks, **more}

    def save(self, count: int, **more: Any) -> list[str]:
        """Visits; the sentences of those the phone refused to save."""
        refused: list[str] = self.ask("visits", self.wish(count, **more))
        return refused

    def note(self, words: str) -> None:
        """One visit through the real form: saved is what the person then sees as saved."""
        self.go("/visits/new")
        self.fill_visit(words)

    def fill_visit(self, words: str) -> None:
        self.page.get_by_label("走访了谁").fill("3号楼")
        self.page.get_by_label("说了什么").fill(words)
        self.page.get_by_role("button", name="保存").click()
        self.saw_saved()

    def saw_saved(self) -> None:
        """Amber or green is what the person believes; the digests are read from the store then."""
        seen = self.page.get_by_text("已存本机").or_(self.page.get_by_text("已送达"))
        expect(seen.first).to_be_visible(timeout=30_000)
        self.ask("tell")

    def poke(self, event: str = "pageshow") -> None:
        """`online` is what the browser says when the signal is back; `pageshow` is less."""
        self.page.evaluate("name => { window.dispatchEvent(new Event(name)) }", event)

    def outbox(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.ask("outbox")
        return rows

    def settle(
        self,
        *,
        patience: float = PATIENCE_SECONDS,
        event: str = "online",
        every: int = POKE_MS,
        refused: int = 0,
    ) -> None:
        """Until nothing waits but `refused` rows that need a person; a bound, then a sentence."""
        end = time.monotonic() + patience
        while True:
            rows = self.outbox()
            if len(rows) <= refused and all(row["problem"] for row in rows):
                break
            if time.monotonic() > end:
                raise Failed(f"{len(rows)} rows still wait: {rows[:2]}")
            self.poke(event)
            self._watch(every)
        if broken := self.ask("halves"):
            raise Failed(f"half a record on the phone: {broken[:3]}")

    def _watch(self, milliseconds: int) -> None:
        for _ in range(milliseconds // 100):
            if not self.outbox():
                return
            self.page.wait_for_timeout(100)


class Pocket:
    """A browser of its own with a profile on disk, that can be killed like a phone app."""

    def __init__(self, playwright: Playwright, folder: Path, url: str):
        self.playwright, self.folder, self.url = playwright, folder, url
        self.process: subprocess.Popen[bytes] | None = None
        self.opened = 0

    def open(self, path: str = "/") -> Page:
        self.opened += 1
        port_file = self.folder / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        program = system_chromium() or self.playwright.chromium.executable_path
        flags = [*FLAGS, "--headless=new", "--remote-debugging-port=0", "--lang=zh-CN"]
        self.process = subprocess.Popen(
            [program, *flags, f"--user-data-dir={self.folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"TZ": "Asia/Shanghai"},
        )
        self.browser = self.playwright.chromium.connect_over_cdp(_address(port_file))
        page = self.browser.contexts[0].new_page()
        page.goto(self.url + path)
        return page

    def kill(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None
            self._all_gone()
            with suppress(Exception):
                self.browser.close()

    def began_anew(self) -> bool:
        """Whether Chromium gave up a store it had and made an empty one: its own log says so."""
        logs = (self.folder / "Default" / "IndexedDB").glob("*/LOG")
        return self.opened > 1 and any("since it was missing" in log.read_text() for log in logs)

    def _all_gone(self) -> None:
        """Its helpers die a moment later and hold the store's lock until then: a browser that is
        opened meanwhile finds the store locked and begins an empty one, which no phone does."""
        end = time.monotonic() + 20
        while any(_names(folder, self.folder) for folder in Path("/proc").glob("[0-9]*")):
            if time.monotonic() > end:
                raise TimeoutError("Chromium's helpers did not end")
            time.sleep(0.02)

    def close(self) -> None:
        """The way a person ends it: cookies and all are on disk."""
        session = self.browser.new_browser_cdp_session()
        with suppress(Exception):
            session.send("Browser.close")
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        self.kill_rest()

    def kill_rest(self) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None
            self._all_gone()


def _names(process: Path, folder: Path) -> bool:
    try:
        return str(folder) in (process / "cmdline").read_text()
    except OSError:  # it ended while we looked
        return False


def _address(port_file: Path) -> str:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if port_file.exists() and "\n" in (told := port_file.read_text()):
            return f"http://127.0.0.1:{told.splitlines()[0]}"
        time.sleep(0.05)
    raise TimeoutError("Chromium did not start")
