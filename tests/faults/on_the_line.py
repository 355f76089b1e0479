"""Faults of the network between phone and server: F2, F3, F4, F9, F10, F11."""

import time
from itertools import pairwise
from threading import Lock

from playwright.sync_api import expect

from .ledger import Failed
from .network import Deed, Exchange, Reply, broken, carry, portal, problem, refuse, swallow, thrice
from .world import World

CHAOS_SECONDS_A_RECORD = 0.12
STORM_TRIES_A_MINUTE = 3


def first_replies_lost(world: World, rounds: int) -> None:
    """F2: of everything the first answer is lost; the second try must be known as a replay."""
    phone, seen = world.phone(), set[str]()

    def deed(exchange: Exchange) -> None:
        fresh = not seen.issuperset(exchange.items)
        seen.update(exchange.items)
        (swallow if fresh else carry)(exchange)

    world.network.deed = deed
    phone.note(f"{world.name} by hand")
    phone.save(rounds)
    phone.settle(every=200, patience=world.patience + rounds)
    replayed = [again for _, again in phone.ask("receipts")]
    if not all(replayed):
        raise Failed(f"{replayed.count(False)} receipts are not marked as replays")


def everything_thrice(world: World, rounds: int) -> None:
    """F3: each request three times at once; the phone hears one of the answers."""
    phone = world.phone()
    world.network.deed = thrice
    phone.save(rounds - rounds // 5)
    if not world.guard:
        phone.save(rounds // 5, photos=1)
        phone.ask("issues", phone.wish(1))
    phone.settle(patience=world.patience)


def chaos(world: World, rounds: int) -> str:
    """F4: resets, 5xx, somebody's page and delays, while four phones save, send and correct."""
    phones = [world.phone(name) for name in ("an", "ding", "an", "ding")[: max(1, rounds // 10)]]
    world.network.deed = _weather(world, slow=rounds >= 100)
    begun, share = time.monotonic(), max(2, rounds // len(phones) // 5)
    for _ in range(5):
        for phone in phones:
            phone.save(share - share // 3)
            phone.save(share // 3, photos=1)
            phone.poke()
    corrected = next(iter(world.ledger.saved))
    phones[0].ask("correct", {"path": corrected, "posting": phones[0].posting, "mark": "corrected"})
    while time.monotonic() < begun + rounds * CHAOS_SECONDS_A_RECORD:
        phones[0].page.wait_for_timeout(500)
        phones[0].poke()
    worst = _storm(world)
    world.settle(*phones)
    return worst


def _weather(world: World, *, slow: bool) -> Deed:
    lock = Lock()

    def deed(exchange: Exchange) -> None:
        with lock:
            luck, late = world.chance.random(), world.chance.random()
        time.sleep(0.5 + late * 8 if slow and late < 0.02 else late * 0.05)
        for limit, act in ((0.15, refuse), (0.3, swallow), (0.5, broken), (0.6, portal)):
            if luck < limit:
                return act(exchange)
        return carry(exchange)

    return deed


def _storm(world: World) -> str:
    """No item may be tried again and again; counted once the first minute of backoff is over."""
    end = time.monotonic()
    tries = world.network.tries()
    late = [
        sum(e.at > end - 60 for e in found) for found in tries.values() if found[0].at < end - 120
    ]
    busiest = max(late, default=0)
    mean = sum(late) / len(late) if late else 0
    if mean > STORM_TRIES_A_MINUTE:
        raise Failed(f"a storm: {mean:.1f} tries a minute and item")
    return f"busiest item {busiest} tries a minute" if late else ""


def signed_out(world: World, rounds: int) -> None:
    """F9: the session ends in the middle of the queue; the person signs in, and it goes on."""
    phone = world.phone()
    world.network.deed = refuse
    phone.save(rounds)
    half = world.network.deed = HalfWay(world, rounds // 2)
    phone.poke("online")
    # The answer has to be heard: a page that is left meanwhile learns nothing.
    world.wait_until(lambda: half.ended and not any(r["leased"] for r in phone.outbox()), phone)
    world.heal()
    phone.note(f"{world.name} by hand")
    phone.poke("online")
    if not world.guard:
        expect(phone.page.get_by_text("登录已过期").first).to_be_visible(timeout=30_000)
        if not phone.outbox():
            raise Failed("the queue went on without a session")
    phone.sign_in("an")
    phone.settle(event="pageshow", patience=world.patience)


class HalfWay:
    """A deed: when so many have been on the line, every session ends."""

    def __init__(self, world: World, count: int):
        self.world, self.left, self.ended = world, count, False

    def __call__(self, exchange: Exchange) -> None:
        self.left -= len(exchange.items)
        if self.left < 0 and not self.ended:
            self.world.ledger.run("UPDATE session SET ended_at = created_at")
            self.ended = True
        carry(exchange)


def asked_to_wait(world: World, rounds: int) -> None:
    """F10: 429 with Retry-After, 413, 507, one after the other, for each item. None is final."""
    phone, wait = world.phone(), 2
    answers = [
        problem(429, "too_many", "later", Retry_After=str(wait)),
        Reply(413, b"<html>Too Large</html>", [("Content-Type", "text/html")]),
        problem(507, "storage_full", "later", Retry_After="1"),
    ]
    heard: dict[str, int] = {}

    def deed(exchange: Exchange) -> None:
        nth = min(heard.get(item, 0) for item in exchange.items)
        heard.update({item: heard.get(item, 0) + 1 for item in exchange.items})
        if nth >= len(answers):
            return carry(exchange)
        return exchange.answer(answers[nth])

    world.network.deed = deed
    phone.save(rounds)
    phone.settle(event="pageshow", patience=world.patience)
    for item, tries in world.network.tries().items():
        told = [exchange.status for exchange in tries]
        gaps = [round(b.at - a.at, 1) for a, b in pairwise(tries)]
        early = [
            gap for status, gap in zip(told, gaps, strict=False) if status == 429 and gap < wait
        ]
        if early:
            raise Failed(f"{item} came back before Retry-After: {told} after {gaps} s")


def poison(world: World, rounds: int) -> None:
    """F11: the third of ten is refused for good; nine pass it, a person puts it right."""
    phone = world.phone()
    for _ in range(rounds):
        first = phone.made
        phone.save(5, poison=[2])
        phone.settle(refused=1, patience=world.patience)
        phone.save(5)  # those that come later pass it too
        phone.settle(refused=1, patience=world.patience)
        bad = next(
            it for it in world.ledger.saved.values() if it.mark == f"{phone.prefix}-{first + 2}"
        )
        rows = phone.outbox()
        if [row["key"].startswith(bad.path) for row in rows] != [True]:
            raise Failed("the refused one is not shown as 需处理")
        phone.go("/me/waiting")
        expect(phone.page.get_by_text("需处理").first).to_be_visible(timeout=30_000)
        mended = {"path": bad.path, "posting": phone.posting, "mark": f"{bad.mark} mended"}
        phone.ask("correct", mended)
        phone.settle(patience=world.patience)
