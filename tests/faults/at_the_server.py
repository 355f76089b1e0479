"""Faults of the server and its machine: F1, F17, F18, F19, F20, F21."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread

from tests.build import today

from . import guards
from .ledger import Failed, Skipped
from .line import Line, cookie_of
from .machine import no_room, nobody_writes, snapshot
from .network import Exchange, carry, refuse
from .world import World

WRITERS = 64
PATIENCE_SECONDS = 30
SRC = Path(__file__).parents[2] / "pwa" / "src"


def killed(world: World, rounds: int) -> None:
    """F1: kill -9 at six points of a request's life, then a new start."""
    phone = world.phone()
    for number in range(rounds):
        for point in KILLS[5:] if world.guard else KILLS:
            by_hand = number == 0 and not world.guard
            if by_hand:
                phone.go(
                    "/visits/new"
                )  # while there is a server: without a worker it brings the page
            kill = Kill(world, point)
            world.network.deed = kill
            phone.save(2)
            phone.save(1, photos=1)
            if by_hand:
                phone.fill_visit(f"{world.name} by hand {point.__name__}")
            phone.poke("online")
            world.wait_until(kill.done.is_set, phone)
            if not kill.done.is_set():
                raise Failed(f"the server was never killed: {point.__name__}")
            world.house.start()
            world.settle(phone)


class Kill:
    """A deed: the first request that fits is the server's last; what comes after finds nobody."""

    def __init__(self, world: World, point: Callable[["Kill", Exchange], None]):
        self.world, self.point = world, point
        self.begun, self.done = Event(), Event()

    def __call__(self, exchange: Exchange) -> None:
        fits = exchange.is_photo or self.point is not mid_photo
        if self.begun.is_set():
            exchange.drop()
        elif fits:
            self.begun.set()
            try:
                self.point(self, exchange)
            finally:
                self.done.set()
        else:
            carry(exchange)

    def now(self) -> None:
        self.world.house.kill()


def before_body(kill: Kill, exchange: Exchange) -> None:
    with exchange.open_line(b""):
        kill.now()
    exchange.drop()


def before_commit(kill: Kill, exchange: Exchange) -> None:
    """The server has read it all and waits for its turn to write, which never comes."""
    with nobody_writes(kill.world), exchange.open_line():
        Event().wait(0.3)
        kill.now()
    exchange.drop()


def before_reply(kill: Kill, exchange: Exchange) -> None:
    exchange.forward()
    kill.now()
    exchange.drop()


def mid_photo(kill: Kill, exchange: Exchange) -> None:
    exchange.forward_half()
    kill.now()
    exchange.drop()


def mid_reply(kill: Kill, exchange: Exchange) -> None:
    reply = exchange.forward()
    kill.now()
    exchange.answer(reply, most=len(reply.body) // 2)


def after_reply(kill: Kill, exchange: Exchange) -> None:
    exchange.answer(exchange.forward())
    kill.now()


KILLS = (before_body, before_commit, before_reply, mid_photo, mid_reply, after_reply)


def restored(world: World, rounds: int) -> None:
    """F17: the server comes back as it was before most of the work was delivered."""
    if not (SRC / "core/reconcile.ts").exists():
        raise Skipped("the phone does not reconcile yet")
    phone = world.phone()
    phone.save(max(1, rounds // 4))
    world.settle(phone)
    with snapshot(world) as restore:
        phone.save(rounds - rounds // 4)
        phone.save(1, photos=1)
        phone.ask("issues", phone.wish(1))
        world.settle(phone)
        restore()
    world.ledger.run("UPDATE session SET ended_at = created_at")
    phone.go("/")
    phone.sign_in("an")
    phone.go("/")
    whole = phone.ledger.count
    world.wait_until(lambda: not whole().lost and not phone.outbox(), phone)
    phone.settle(patience=world.patience)


def posting_ended(world: World, rounds: int) -> None:
    """F18: the posting ends between the note and its way; yesterday's end holds, today's labels."""
    for name, days in (("an", 1), ("ding", 0)):
        phone = world.phone(name)
        world.network.deed = refuse
        phone.save(rounds)
        phone.save(1, photos=1)
        phone.ask("issues", phone.wish(1))
        end = date.fromisoformat(today()) - timedelta(days=days)
        user = f"(SELECT id FROM \"user\" WHERE username = '{name}')"
        world.ledger.run(f"UPDATE posting SET ended_on = '{end}' WHERE owner_id = {user}")
        world.settle(phone)
        held = world.ledger.rows(
            f"SELECT 1 FROM visit WHERE owner_id = {user} AND held_reason IS NOT NULL"
        )
        if bool(held) != bool(days):
            raise Failed(f"{len(held)} visits held, the posting having ended {days} days ago")


def many_writers(world: World, rounds: int) -> None:
    """F19: 64 hands write at once; nobody is told that the database is locked."""
    cookie = cookie_of(world.house)

    def write(number: int) -> list[int]:
        marks = [f"{world.name}-{number}-{i}" for i in range(rounds)]
        with Line(world.house, cookie=cookie) as line:
            return [line.put_visit(world.ledger, str(uuid.uuid4()), mark) for mark in marks]

    with ThreadPoolExecutor(WRITERS) as hands:
        statuses = [status for told in hands.map(write, range(WRITERS)) for status in told]
    refused = [status for status in statuses if status >= 300]
    locked = (world.house.data / "server.log").read_text("utf-8", "replace").count("is locked")
    if refused or locked:
        raise Failed(f"{len(refused)} of {len(statuses)} refused, {locked} times locked")


def disk_full(world: World, rounds: int) -> None:
    """F20: no room on the server: a refusal that means later, no receipt, reads go on; with room
    again it needs no restart."""
    phone = world.phone()
    with no_room(world) as room:
        statuses: list[int | None] = []

        def deed(exchange: Exchange) -> None:
            carry(exchange)
            statuses.append(exchange.status)

        world.network.deed = deed
        for _ in range(rounds):
            phone.save(3)
            phone.save(1, photos=1)
        phone.poke("online")
        world.wait_until(lambda: 507 in statuses or world.guard, phone)
        with Line(world.house, cookie="none") as line:
            status, _ = line.ask("GET", "/api/health")
        if world.guard:
            phone.page.wait_for_timeout(3000)
        elif status != 200:
            raise Failed(f"reading while the disk is full: {status}")
        elif not {507, 503} & set(statuses):
            raise Failed(f"the full disk was never met: {statuses[-5:]}")
        room()
        world.settle(phone)


def stopped(world: World, rounds: int) -> None:
    """F21: SIGTERM while requests are under way: they are finished, the rest waits on the phone."""
    for number in range(rounds):
        if world.house.process is None:
            world.house.start()
        phone = world.phone()
        phone.save(3, photos=1)
        cookie = cookie_of(world.house)
        lines = [Line(world.house, cookie=cookie) for _ in range(6)]
        for line in lines:
            line.ask("GET", "/api/health")  # connected before the end begins
        with ThreadPoolExecutor(len(lines)) as hands:
            with nobody_writes(world):
                told = [
                    hands.submit(
                        line.put_visit,
                        world.ledger,
                        str(uuid.uuid4()),
                        f"{world.name}-{number}-{i}",
                    )
                    for i, line in enumerate(lines)
                ]
                phone.poke("online")
                phone.page.wait_for_timeout(700)
                hard = world.guard is guards.HARD_STOP
                end = Thread(target=world.house.kill if hard else world.house.stop)
                end.start()
                phone.page.wait_for_timeout(300)
            end.join(PATIENCE_SECONDS)
            cut = sum(future.exception() is not None for future in told)
        for line in lines:
            line.close()
        if cut:
            raise Failed(f"{cut} of {len(told)} requests under way were cut off")
        world.house.start()
        world.settle(phone)
