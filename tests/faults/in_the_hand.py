"""Faults of the phone and of the hand that holds it: F5, F8, F12 to F16, F22."""

import json
import time
from pathlib import Path

from playwright.sync_api import expect

from tests.people import known

from .ledger import Failed, Saved, Skipped
from .network import Exchange, carry, problem, refuse
from .phone import Phone
from .world import World

STORES = Path(__file__).with_name("stores")
DAY_MS = 86_400_000
RELOAD_MS = 300
MOST_PUTS = 1.05  # for each item, whatever the number of tabs; of few items three more


def reloaded(world: World, rounds: int) -> None:
    """F5: the page is reloaded every 300 ms while it sends; what it had on the line is gone."""
    phone = world.phone()
    world.network.deed = refuse
    phone.save(rounds)
    world.network.deed = _slowly
    for _ in range(min(40, rounds)):
        phone.page.evaluate("location.reload()")
        phone.page.wait_for_timeout(RELOAD_MS)
    phone.page.wait_for_load_state()
    phone.go("/")
    world.settle(phone)


def _slowly(exchange: Exchange) -> None:
    """A slow line: whoever hangs up before the end was never heard."""
    time.sleep(0.15)
    if exchange.abandoned():
        return exchange.drop()
    return carry(exchange)


def two_tabs(world: World, rounds: int) -> str:
    """F8: two tabs (and a worker) on one store: nothing twice, and hardly a request more."""
    phone = world.phone()
    tab = world.second_tab(phone)
    world.network.deed = refuse
    phone.save(rounds - rounds // 5)
    tab.save(rounds // 5)
    world.network.log.clear()
    world.network.deed = _slowly
    for each in (phone, tab):
        each.page.evaluate("setTimeout(() => window.dispatchEvent(new Event('online')), 200)")
    phone.page.wait_for_timeout(300)
    for each in (phone, tab):
        each.settle(event="pageshow", patience=world.patience)
    tries = world.network.tries()
    sent = sum(map(len, tries.values()))
    if sent > max(MOST_PUTS * len(tries), len(tries) + 3):
        raise Failed(f"{len(tries)} items were sent {sent} times")
    return f"{len(tries)} items sent {sent} times"


SHIFT_CLOCK = """(() => {
  const Real = Date, shift = () => Number(sessionStorage.getItem('shift') ?? 0)
  window.Date = class extends Real {
    constructor(...told) { if (told.length) super(...told); else super(Real.now() + shift()) }
    static now() { return Real.now() + shift() }
  }
})()"""


def clock_jumps(world: World, rounds: int) -> None:
    """F12: the phone's clock is wrong, jumps in the middle of the queue, and is put right. Nobody
    taps 立即上传: what waits must not wait for a year that never comes."""
    phone = world.phone()
    phone.page.add_init_script(SHIFT_CLOCK)
    phone.go("/")
    for number in range(rounds):
        world.network.deed = refuse if number % 2 else _busy
        for days in (-3, 365, 0):
            told = str(days * DAY_MS)
            phone.page.evaluate("told => sessionStorage.setItem('shift', told)", told)
            phone.save(2)
            phone.poke("pageshow")
            phone.page.wait_for_timeout(800)
        phone.go("/")  # and opened anew, so that nothing in memory helps
        world.settle(phone, event="pageshow")


def _busy(exchange: Exchange) -> None:
    exchange.answer(problem(503, "busy", "later"))


# Chromium no longer holds IndexedDB to the quota that DevTools can set (2.4 MB went into 0.8), so
# the store is made to fail as the browser fails it: a request, or the whole transaction at its end.
SMALL_STORE = """(() => {
  const put = IDBObjectStore.prototype.put
  let room = Infinity, kind = 'request'
  window.makeRoom = (bytes, how) => { [room, kind] = [bytes ?? Infinity, how] }
  IDBObjectStore.prototype.put = function (...told) {
    room -= told[0]?.data?.byteLength ?? JSON.stringify(told[0] ?? null).length
    if (room >= 0) return put.apply(this, told)
    if (kind === 'request') throw new DOMException('full', 'QuotaExceededError')
    const request = put.apply(this, told)
    this.transaction.abort()
    return request
  }
})()"""
ROOM_BYTES = 150_000


def storage_full(world: World, rounds: int) -> str:
    """F13: the browser has no room left: what was not kept is said, nothing is kept by half."""
    phone, refused = world.phone(), []
    phone.page.add_init_script(SMALL_STORE)
    phone.go("/")
    world.network.deed = refuse
    for number in range(rounds * 2):
        space = world.chance.randrange(5_000) + (ROOM_BYTES if number % 2 else 2_000)
        room = [space, ("request", "commit")[number // 2 % 2]]
        phone.page.evaluate("told => { window.makeRoom(...told) }", room)
        refused += phone.save(40, photos=number % 2, stop=True)
        refused += phone.save(1)
        phone.page.evaluate("window.makeRoom()")
        if halves := phone.ask("halves"):
            raise Failed(f"half a record on the phone: {halves[:3]}")
        phone.save(1, photos=1)
    if not refused and not world.guard:
        raise Failed("the store was never full")
    world.settle(phone)
    return f"refused {len(refused)} times: {refused[-1]}" if refused else ""


def store_deleted(world: World, rounds: int) -> None:
    """F14: the browser throws away a person's store, or all, with the second copy or without. What
    is nowhere any more is said on the whole screen: excused is only what was counted."""
    phone = world.phone()
    for number in range(rounds):
        everything, copy_too = number % 3 > 0, number % 3 < 2
        world.network.deed = refuse
        gone = set(world.ledger.saved)
        phone.save(3)
        phone.page.wait_for_timeout(500)  # until the app has looked at its outbox
        gone = set(world.ledger.saved) - gone
        phone.ask("wipe", [everything, copy_too])
        phone.go("/")
        if copy_too:
            _hear_of_three(phone, world.patience)
            world.ledger.excused |= gone
        world.heal()
        if everything and copy_too:
            phone.sign_in("an")
        phone.save(2)
        world.settle(phone)


def _hear_of_three(phone: Phone, patience: float) -> None:
    told = phone.page.get_by_text("本机 3 条未上传记录已被系统清除")
    try:
        expect(told).to_be_visible(timeout=patience * 1000)
    except AssertionError:
        seen = phone.page.locator("body").inner_text()[:80]
        raise Failed(f"three unsent records vanished, and the phone says {seen}") from None
    phone.page.get_by_role("button", name="我知道了").click()


def no_worker(world: World, rounds: int) -> None:
    """F15: service workers blocked, as in WeChat on iOS: saved without signal, sent with it."""
    phone = world.phone(worker=False)
    for number in range(rounds):
        phone.go("/visits/new")
        phone.outbox()  # the suite's own script is loaded while there is a network
        phone.page.context.set_offline(True)
        phone.fill_visit(f"{world.name} by hand {number}")
        phone.page.context.set_offline(False)
        phone.save(2)
        world.settle(phone)


def upgraded(world: World, rounds: int) -> None:
    """F16: a phone that was filled by each released version, opened with the one of today."""
    stores = sorted(STORES.glob("*.json"))
    if not stores:
        raise Skipped("no store of a released version is kept yet")
    if rounds < len(stores):
        stores = stores[-rounds:]
    for path in stores:
        store = json.loads(path.read_text("utf-8"))
        phone = world.phone()
        phone.go("/robots.txt")  # of this origin, and no app that holds the store open
        phone.page.evaluate((STORES / "load.js").read_text("utf-8"), [str(known("an")), store])
        for record in store["records"]:
            body = json.loads(record["body"])
            mark = body.get("said") or body.get("what") or body["note"]
            told = Saved(record["path"], record["digest"], mark, body.get("photos", []))
            world.ledger.saved[told.path] = told
        phone.go("/")
        world.settle(phone)


def another_person(world: World, rounds: int) -> None:
    """F22: An leaves with unsent work, Ding signs in on the same phone, sees none of it and sends
    none of it; An comes back and it goes."""
    phone = world.phone()
    for number in range(rounds):
        world.network.deed = refuse
        phone.note(f"{world.name} by hand {number}")
        phone.save(3, photos=1)
        mine = set(world.ledger.saved)
        _sign_out(phone)
        world.heal()
        phone.sign_in("ding")
        if seen := [row["key"] for row in phone.outbox() if row["key"].partition("@")[0] in mine]:
            raise Failed(f"Ding finds An's work: {seen[:2]}")
        phone.save(2)
        phone.settle(patience=world.patience)
        _sign_out(phone)
        phone.sign_in("an")
        world.settle(phone)
    _owners(world, phone)


def _sign_out(phone: Phone) -> None:
    phone.go("/me")
    gone = phone.page.get_by_text("已被系统清除")
    leave = phone.page.get_by_role("button", name="退出登录")
    expect(leave.or_(gone).first).to_be_visible(timeout=30_000)
    if not gone.count():
        leave.click()
        phone.page.get_by_role("button", name="退出", exact=True).click()
    expect(phone.page.get_by_label("账号").or_(gone).first).to_be_visible(timeout=30_000)
    phone.page.wait_for_timeout(1_000)  # the alarm comes a moment after the sign-in page
    if gone.count():
        raise Failed("what was unsent is gone from the phone")


def _owners(world: World, phone: Phone) -> None:
    """Each record under the name of whoever wrote it: the posting in its body says who that is."""
    wrong = world.ledger.rows(
        "SELECT 1 FROM visit JOIN posting ON posting.id = visit.posting_id "
        "WHERE visit.owner_id <> posting.owner_id"
    )
    if wrong:
        raise Failed(f"{len(wrong)} visits under another name")
