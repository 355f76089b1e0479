"""A world to be broken: a real server in a process of its own, a network that fails on demand, and
phones. One for each fault, all of a run on one stage."""

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Browser, Playwright
from sqlalchemy import create_engine, make_url, text

from tests.browser import launch, new_phone
from tests.e2e.house import House, prepare
from tests.people import known
from tests.postgres import postgres_server

from . import build
from .guards import Guard
from .ledger import Ledger, Outcome
from .network import RoughNetwork
from .phone import PATIENCE_SECONDS, Phone, Pocket


class World:
    def __init__(self, stage: "Stage", name: str, folder: Path, house: House, guard: Guard | None):
        self.stage, self.name, self.folder = stage, name, folder
        self.house, self.guard = house, guard
        self.network: RoughNetwork = house.network  # type: ignore[attr-defined]
        self.chance = Random(f"{stage.seed} {name}")
        self.ledger = Ledger(name, house.environ.get("DATABASE_URL") or _sqlite(house.data))
        # A canary that never comes to rest is red already; nobody waits for it as for the real one.
        self.patience = PATIENCE_SECONDS if guard is None else 12
        self._open, self._last = ExitStack(), ExitStack()
        self._made = 0

    def phone(self, name: str | None = "an", *, worker: bool | None = None) -> Phone:
        """A phone of its own; signed in by hand unless `name` is None."""
        allowed = self.stage.worker if worker is None else worker
        context = new_phone(
            self.stage.browser,
            self.network.url,
            service_workers="allow" if allowed else "block",
        )
        self._open.callback(context.close)
        phone = Phone(context.new_page(), self.network.url, self.ledger, self._prefix())
        if name:
            phone.sign_in(name)
        return phone

    def second_tab(self, phone: Phone) -> Phone:
        page = phone.page.context.new_page()
        tab = Phone(page, self.network.url, self.ledger, f"{phone.prefix}t")
        tab.posting = phone.posting
        tab.go("/")
        return tab

    def in_pocket(self, pocket: Pocket, path: str = "/") -> Phone:
        """The app, opened in a browser that will be killed; each time another set of marks."""
        page = pocket.open(path)
        if not self.stage.worker:
            session = page.context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.setBypassServiceWorker", {"bypass": True})
        phone = Phone(page, self.network.url, self.ledger, self._prefix())
        phone.posting = str(known("posting-an"))
        return phone

    def _prefix(self) -> str:
        self._made += 1
        return f"{self.name}.{self._made}"

    def pocket(self) -> Pocket:
        found = Pocket(self.stage.playwright, self.folder / "profile", self.network.url)
        self._open.callback(found.kill_rest)
        return found

    def heal(self) -> None:
        self.network.heal()

    def settle(self, *phones: Phone, **how: Any) -> None:
        self.heal()
        for phone in phones:
            phone.settle(**({"patience": self.patience} | how))

    def wait_until(self, so: Callable[[], object], phone: Phone) -> None:
        """The phone goes on living meanwhile; a bound, and then the fault goes on as it can."""
        end = time.monotonic() + self.patience
        while not so() and time.monotonic() < end:
            phone.page.wait_for_timeout(50)

    def count(self) -> Outcome:
        return self.ledger.count()

    def at_the_end(self, call: Callable[[], object]) -> None:
        self._last.callback(call)

    def close(self, *, house_too: bool) -> None:
        """Phones first; what the machine needs undone when the server is gone."""
        self._open.close()
        if house_too:
            self.house.kill()
        self._last.close()


class Stage:
    """`worker`: whether phones have a service worker. On PostgreSQL each world is a database."""

    def __init__(
        self, playwright: Playwright, folder: Path, *, engine: str, worker: bool, seed: int
    ):
        self.playwright, self.folder = playwright, folder
        self.engine, self.worker, self.seed = engine, worker, seed
        self._open = ExitStack()
        self.browser: Browser = self._open.enter_context(launch(playwright))
        self.template = folder / "template"
        self.server_url: str | None = None
        told = {}
        if engine == "postgresql":
            self.server_url = self._open.enter_context(postgres_server())
            told["DATABASE_URL"] = self._database("template_house", "template1")
        prepare(self.template, **told)
        self.script = build.suite()
        self._common: House | None = None

    def close(self) -> None:
        self._open.close()

    @contextmanager
    def world(
        self, name: str, guard: Guard | None = None, *, shared: bool = False
    ) -> Iterator[World]:
        """`shared`: with the server of the others that do it no harm, to save its start."""
        folder = self.folder / uuid.uuid4().hex
        folder.mkdir()
        house = self._shared_house(folder) if shared else self._house(folder, guard)
        world = World(self, name, folder, house, guard)
        try:
            yield world
        finally:
            world.heal()
            world.close(house_too=not shared)
            if not shared:
                world.network.close()
                shutil.rmtree(folder, ignore_errors=True)

    def _house(self, folder: Path, guard: Guard | None = None) -> House:
        house = House(folder / "data", self.template)
        if self.server_url:
            house.environ = {"DATABASE_URL": self._database(f"w{folder.name}", "template_house")}
        network = RoughNetwork(house.port)
        network.files["/faults.js"] = self.script
        house.url, house.network = network.url, network  # type: ignore[attr-defined]
        if guard:
            _take_out(guard, house, network)
        house.start()
        return house

    def _shared_house(self, folder: Path) -> House:
        if self._common is None:
            self._common = self._house(folder)
            self._open.callback(self._common.network.close)  # type: ignore[attr-defined]
            self._open.callback(self._common.kill)
        self._common.network.log.clear()  # type: ignore[attr-defined]
        return self._common

    def _database(self, name: str, template: str) -> str:
        engine = create_engine(self.server_url, isolation_level="AUTOCOMMIT")  # type: ignore[arg-type]
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        engine.dispose()
        found = make_url(self.server_url).set(database=name)  # type: ignore[arg-type]
        return found.render_as_string(hide_password=False)


def _take_out(guard: Guard, house: House, network: RoughNetwork) -> None:
    if guard.server:
        house.factory = "tests.faults.broken:create_app"
        house.environ = {**house.environ, "FAULTS_WITHOUT": guard.name}
    if guard.cuts:
        network.serve(build.app(guard.name, guard.cuts))
        network.files["/faults.js"] = build.suite(guard.name, guard.cuts)


def _sqlite(data: Path) -> str:
    return f"sqlite:///{data / 'hongling.db'}"
