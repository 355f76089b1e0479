"""What a person saw as saved is on the server once in the end, whatever happens to tab, phone,
browser or server meanwhile."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.browser import FLAGS, system_chromium
from tests.e2e.conftest import sign_in
from tests.e2e.house import House
from tests.e2e.proxy import Network
from tests.e2e.test_visits import amber, green, note

LATE = 40_000


def write_down(page: Page, words: str) -> None:
    page.goto("/visits/new")
    note(page, words)


def said(house: House) -> list[str]:
    return sorted(house.column("visit", "said"))


def until_here(house: House, page: Page, words: list[str]) -> None:
    for _ in range(120):
        if said(house) == sorted(words):
            return
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(400)
    assert said(house) == sorted(words)


def wait_until(page: Page, right: Callable[[], bool]) -> None:
    for _ in range(40):
        if right():
            return
        page.wait_for_timeout(250)
    assert right()


def sign_in_again(page: Page, house: House) -> None:
    page.goto("/signin")
    page.get_by_label("账号").fill("an")
    page.get_by_label("密码").fill(house.password)
    page.get_by_role("button", name="登录", exact=True).click()


def no_writes(method: str, path: str) -> str | None:
    """What the phone reads for itself still comes."""
    return "refuse" if method in ("PUT", "POST") else None


def unsent_rows(page: Page) -> int:
    """Of the person's store; the outbox holds exactly what the server has not confirmed."""
    rows: int = page.evaluate(
        """async () => {
          const names = (await indexedDB.databases()).map(one => one.name)
          const name = names.find(one => /^hongling-(?!log)/.test(one))
          if (!name) return 0
          const db = await new Promise(r => {
            const open = indexedDB.open(name)
            open.onsuccess = () => r(open.result)
          })
          const count = db.transaction('outbox').objectStore('outbox').count()
          const found = await new Promise(r => { count.onsuccess = () => r(count.result) })
          db.close()
          return found
        }"""
    )
    return rows


def test_two_tabs_send_everything_once(phones, house, network):
    one = phones("an")
    network.fault = no_writes
    words = [f"第{i}件" for i in range(6)]
    for each in words:
        write_down(one, each)
        amber(one)
    two = one.context.new_page()
    two.goto("/")
    network.heal()
    for page in (one, two):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    until_here(house, one, words)
    assert len(house.column("audit_line", "action", "action = 'visit.log'")) == len(words)
    assert any(seen.path == "/api/batch" for seen in network.seen)


@pytest.fixture
def profile(playwright: Playwright, house: House, tmp_path: Path) -> Iterator[Callable[[], Page]]:
    """The same phone again after its browser died: its storage is on disk."""
    open_ones: list[BrowserContext] = []

    def start() -> Page:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=system_chromium(),
            args=list(FLAGS),
            base_url=house.url,
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        open_ones.append(context)
        return context.pages[0] if context.pages else context.new_page()

    yield start
    for context in open_ones:
        context.close()


def test_a_browser_that_dies_loses_neither_record_nor_draft(profile, house, network):
    an = profile()
    an.goto("/")
    sign_in(an, "an")
    network.fault = no_writes
    write_down(an, "存下了")
    amber(an)
    an.goto("/visits/new")
    an.get_by_label("说了什么").fill("写到一半")
    an.wait_for_timeout(1500)
    session = an.context.browser.new_browser_cdp_session() if an.context.browser else None
    if session:
        with suppress(Error):
            session.send("Browser.crash")
    else:
        an.context.close()
    network.heal()
    again = profile()
    again.goto("/visits/new")
    expect(again.get_by_label("说了什么")).to_have_value("写到一半")
    sign_in_again(again, house)  # the cookie may not have been on disk yet
    until_here(house, again, ["存下了"])


def test_what_is_unsent_stays_sealed_for_its_owner(phones, house, network):
    phone = phones("an")
    network.fault = lambda method, path: (
        "broken" if method in ("PUT", "POST") and "/session" not in path else None
    )
    write_down(phone, "安宁的记录")
    amber(phone)
    phone.goto("/me")
    phone.get_by_role("button", name="退出登录").click()
    expect(phone.get_by_text("1 条未上传的记录")).to_be_visible()
    phone.get_by_role("button", name="退出", exact=True).click()
    network.heal()
    sign_in(phone, "ding")
    phone.goto("/me/waiting")
    expect(phone.get_by_text("都已送达").first).to_be_visible()
    phone.wait_for_timeout(1000)
    assert said(house) == []
    phone.goto("/me")
    phone.get_by_role("button", name="退出登录").click()
    phone.get_by_role("button", name="退出", exact=True).click()
    sign_in(phone, "an")
    until_here(house, phone, ["安宁的记录"])


@pytest.mark.parametrize("how", ["as flask restore does", "behind our back"])
def test_phones_make_a_server_that_was_set_back_whole(phones, house, network, how):
    an = phones("an")
    write_down(an, "备份之前")
    green(an)
    house.stop()
    copy = house.data / "yesterday.db"
    with (
        closing(sqlite3.connect(house.data / "hongling.db")) as now,
        closing(sqlite3.connect(copy)) as then,
    ):
        now.backup(then)
    house.start()
    write_down(an, "备份之后")
    green(an)
    house.stop()
    for left in ("hongling.db-wal", "hongling.db-shm"):
        (house.data / left).unlink(missing_ok=True)
    shutil.copyfile(copy, house.data / "hongling.db")
    ours = how.startswith("as")
    if ours:
        house.run("UPDATE session SET ended_at = created_at")
    house.start()
    assert said(house) == ["备份之前"]
    an.goto("/")
    if ours:
        expect(an.get_by_text("登录已过期").first).to_be_visible()
        sign_in_again(an, house)
    until_here(house, an, ["备份之前", "备份之后"])
    wait_until(an, lambda: unsent_rows(an) == 0)
    assert len(house.column("audit_line", "action", "action = 'visit.log'")) == 2


def release(network: Network) -> None:
    """From now on the service worker is another one."""
    forward = network._forward

    def newer(asked: BaseHTTPRequestHandler, body: bytes) -> Any:
        for name in ("Accept-Encoding", "If-None-Match", "If-Modified-Since"):
            del asked.headers[name]
        status, headers, answer = forward(asked, body)
        return status, headers, answer + (b"\n// newer" if asked.path == "/sw.js" else b"")

    network._forward = newer  # type: ignore[method-assign]


def test_a_new_version_waits_for_a_form(phones, network):
    an = phones("an")
    an.evaluate("navigator.serviceWorker.ready.then(() => true)")
    an.goto("/visits/new")
    an.get_by_label("说了什么").fill("还没写完")
    release(network)
    an.evaluate("navigator.serviceWorker.getRegistration().then(one => one.update())")
    waits = "navigator.serviceWorker.getRegistration().then(one => !!one.waiting)"
    wait_until(an, lambda: an.evaluate(waits))
    expect(an.get_by_text("有新版本")).to_have_count(0)
    expect(an.get_by_label("说了什么")).to_have_value("还没写完")
    an.get_by_label("走访了谁").fill("3号楼")
    an.get_by_role("button", name="保存").click()
    an.get_by_role("button", name="返回").click()
    expect(an.get_by_text("有新版本")).to_be_visible(timeout=LATE)


def stored_apps(page: Page) -> int:
    names: int = page.evaluate(
        "caches.keys().then(all => all.filter(name => name.startsWith('shell-')).length)"
    )
    return names


def restart(house: House, **environ: str) -> None:
    house.stop()
    house.environ = environ
    house.start()


def test_a_bad_version_is_withdrawn_and_what_is_unsent_stays(phones, house, network):
    an = phones("an")
    an.evaluate("navigator.serviceWorker.ready.then(() => true)")
    network.fault = no_writes
    write_down(an, "坏版本里写的")
    amber(an)
    restart(house, HONGLING_WITHDRAWN="1")
    an.goto("/")
    wait_until(an, lambda: stored_apps(an) == 0)
    network.seen.clear()
    an.goto("/")
    assert any(seen.method == "GET" and seen.path == "/" for seen in network.seen)
    network.heal()
    green(an)
    assert said(house) == ["坏版本里写的"]
    restart(house)
    an.goto("/")
    with an.expect_navigation():  # as soon as the new worker has taken over
        an.get_by_text("有新版本").click()
    assert stored_apps(an) == 1
    an.context.set_offline(True)
    an.goto("/")
    expect(an.get_by_role("link", name="今天")).to_be_visible()
