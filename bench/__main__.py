"""`python -m bench`: about eight minutes; prints the tables and writes them to bench/LAST.md."""

import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench import bells, phone, report, speed
from bench.city import RECORDS, City, Request
from bench.house import House, database, database_cpu_seconds, finished, phones, serving, started

CLIENTS, ROUNDS = (8, 32), 3
READERS, SLOW_PHONES, DRIP, SECONDS = 4, 4, 40_000, 6
LAST = Path(__file__).with_name("LAST.md")


class Bench:
    """Ours and the bare view run at once on one database and take turns: what the machine does
    meanwhile hits both alike."""

    def __init__(self, environ: dict[str, str], city: City, ours: House, bare: House):
        self.environ, self.city, self.ours, self.bare = environ, city, ours, bare
        self.runs: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)

    def busy(self) -> None:
        ways = dict(zip(report.BUSY, self._ways(), strict=True))
        self.city.open_rooms(self.ours.port, 1 + ROUNDS * len(CLIENTS))
        for name, (house, requests) in ways.items():  # warm, not counted
            self._measure(name, 0, house, requests(self.ours.port))
        for number in range(ROUNDS):
            for clients in CLIENTS:
                for name in sorted(ways, reverse=number % 2 == 0):
                    house, requests = ways[name]
                    self._measure(name, clients, house, requests(self.ours.port))

    def slow(self) -> None:
        """A plain read, alone and while four slow phones upload photos."""
        photos = self.city.photos(self.ours.port, 4 * SLOW_PHONES)
        bare_photos = self.city.bare_photos(photos)
        pairs = (
            ("read", self.ours, self.city.reads(), photos),
            ("bare read", self.bare, self.city.bare_reads(), bare_photos),
        )
        for name, house, reads, uploads in pairs:
            self._measure(name, READERS, house, reads, seconds=SECONDS)
            slow = started(house, clients=SLOW_PHONES, requests=uploads, drip=DRIP, seconds=SECONDS)
            time.sleep(1)
            name = f"{name}, four uploads"
            self._measure(name, READERS, house, reads, seconds=SECONDS - 2)
            report.must_be_good(finished(slow)["statuses"])

    def reconnect(self) -> report.Reconnected:
        """507 phones with 20 records each, all at once; the bare view before each, as ever."""
        found = []
        for _ in range(ROUNDS):
            bare = phones(self.bare, clients=CLIENTS[-1], requests=self.city.rows(self.bare.port))
            requests, before = self.city.reconnections(), self.city.kept()
            seen = phones(self.ours, clients=CLIENTS[-1], requests=requests)
            report.must_be_good(bare["statuses"])
            report.must_be_good(seen["statuses"])
            sent = len(requests) * RECORDS
            missing = sent - (self.city.kept() - before)
            found.append((sent / seen["seconds"], len(bare["took"]) / bare["seconds"], missing))
        return report.reconnected(found)

    def _ways(self) -> list[tuple[House, Any]]:
        city = self.city
        ours = [(self.ours, way) for way in (city.one_room, city.branches, city.visits)]
        return [*ours, (self.bare, city.rows)]

    def _measure(
        self, name: str, clients: int, house: House, requests: list[Request], **plan: Any
    ) -> None:
        before = database_cpu_seconds(self.environ)
        seen = phones(house, clients=clients or CLIENTS[0], requests=requests, **plan)
        seen["database_cpu"] = database_cpu_seconds(self.environ) - before
        report.must_be_good(seen["statuses"])
        if clients:
            self.runs[name, clients].append(report.figures(seen))


def run(engine: str) -> tuple[dict[tuple[str, int], dict[str, float]], report.Reconnected]:
    with database(engine) as environ:
        city = City(environ)
        with (
            serving("server.app:create_app", environ) as ours,
            serving("bench.bare:create_app", environ) as bare,
        ):
            bench = Bench(environ, city, ours, bare)
            bench.busy()
            bench.slow()
            reconnected = bench.reconnect()
    return report.settled(bench.runs), reconnected


def main() -> None:
    began = time.perf_counter()
    engines = sys.argv[1:] or ["sqlite", "postgresql"]
    found, back = {}, {}
    for engine in engines:
        found[engine], back[engine] = run(engine)
        print(report.tables(engine, found[engine]), back[engine], flush=True)
    if len(engines) > 1:
        small = report.phone(phone.measure())
        rung = {report.ENGINES[engine]: bells.ringing(engine) for engine in engines}
        parts = (report.back(back), small, speed.table(), bells.table(rung, bells.planning()))
        small = "\n\n".join(parts)
        print(small, flush=True)
        seconds = time.perf_counter() - began
        LAST.write_text(report.paper(found, small, seconds=seconds), "utf-8")


if __name__ == "__main__":
    main()
