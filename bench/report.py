"""Numbers into tables. Ratios compare runs that took turns on one machine; CPU milliseconds wander
less than requests a second and say more."""

import os
import platform
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil

from bench.phone import Shrinking

Figures = dict[str, float]
Found = dict[tuple[str, int], Figures]
BUSY = {
    "one room": "check-ins, all in one room",
    "branches": "check-ins, a branch a county",
    "visits": "visits",
    "bare": "*bare Flask view, one durable INSERT*",
}
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def must_be_good(statuses: dict[str, int]) -> None:
    """A bench of refusals would be fast."""
    bad = {status: n for status, n in statuses.items() if status not in ("200", "201")}
    if bad:
        raise SystemExit(f"not every answer was good: {bad}")


def figures(seen: dict[str, Any]) -> Figures:
    number, took = len(seen["took"]), seen["took"]
    return {
        "a second": number / seen["seconds"],
        "CPU ms": seen["cpu"] / number * 1000,
        "database CPU ms": seen["database_cpu"] / number * 1000,
        "p50 ms": took[number // 2] * 1000,
        "p95 ms": took[int(number * 0.95)] * 1000,
    }


def settled(runs: dict[tuple[str, int], list[Figures]]) -> Found:
    """Medians over the rounds; the ratio is that of runs of the same round, whatever the machine
    was busy with in it."""
    found = {}
    for (name, clients), rounds in runs.items():
        found[name, clients] = {kind: median(one[kind] for one in rounds) for kind in rounds[0]}
        pairs = zip(rounds, runs["bare", clients], strict=True) if name in BUSY else ()
        ratios = [ours["a second"] / bare["a second"] for ours, bare in pairs]
        found[name, clients]["ratio"] = median(ratios or [0])
    return found


def tables(engine: str, found: Found) -> str:
    lines = [f"## {ENGINES[engine]}", ""]
    lines += [
        "| 507 requests | clients | a second | of the bare insert | CPU ms each | p50 / p95 ms |"
    ]
    lines += ["|---|--:|--:|--:|--:|--:|"]
    many = sorted({clients for name, clients in found if name in BUSY})
    lines += [_busy(name, clients, found) for clients in many for name in BUSY]
    lines += ["", "| plain read, 4 clients | a second | CPU ms each | p50 / p95 ms |"]
    lines += ["|---|--:|--:|--:|"]
    lines += [_read(name, row) for (name, _), row in found.items() if name not in BUSY]
    return "\n".join([*lines, ""])


def _busy(name: str, clients: int, found: Found) -> str:
    row = found[name, clients]
    figures = (clients, f"{row['a second']:.0f}", f"{row['ratio']:.2f}", _cpu(row), _times(row))
    return f"| {BUSY[name]} | {' | '.join(map(str, figures))} |"


def _read(name: str, row: Figures) -> str:
    words = name.replace("four uploads", "while four slow phones upload")
    return f"| {words} | {row['a second']:.0f} | {_cpu(row)} | {_times(row)} |"


def _cpu(row: Figures) -> str:
    beside = f" + {row['database CPU ms']:.1f}" if row["database CPU ms"] else ""
    return f"{row['CPU ms']:.1f}{beside}"


def _times(row: Figures) -> str:
    return f"{row['p50 ms']:.1f} / {row['p95 ms']:.1f}"


class Reconnected(NamedTuple):
    """Records a second through the batch, the ratio to bare inserts a second, and how many of all
    records sent are not in the database."""

    a_second: float
    ratio: float
    missing: int


def reconnected(rounds: list[tuple[float, float, int]]) -> Reconnected:
    ratios = [ours / bare for ours, bare, _ in rounds]
    return Reconnected(
        median(ours for ours, _, _ in rounds), median(ratios), sum(one[2] for one in rounds)
    )


def back(found: dict[str, Reconnected]) -> str:
    lines = ["## 507 phones reconnect at once, 20 records each", ""]
    lines += ["| | records a second | of the bare insert | missing |", "|---|--:|--:|--:|"]
    lines += [
        f"| {ENGINES[engine]} | {row.a_second:.0f} | {row.ratio:.2f} | {row.missing} |"
        for engine, row in found.items()
    ]
    return "\n".join(lines)


def phone(seen: Shrinking) -> str:
    """A 12-megapixel photo on its way into a form."""
    return (
        "## On the phone\n\n"
        f"A 12-megapixel photo leaves at {seen.bytes / 1024:.0f} KB; made small in "
        f"{seen.plain:.0f} ms here, {seen.slowed:.0f} ms at a quarter of the speed "
        f"({seen.slowed / seen.plain:.1f} times)."
    )


def paper(found: dict[str, Found], small: str, *, seconds: float) -> str:
    body = "\n".join(tables(engine, rows) for engine, rows in found.items())
    return f"""# The last bench

`make bench` writes this file; {seconds / 60:.1f} minutes, {time.strftime("%Y-%m-%d")}.
{_machine()}

{body}
{small}

## How it is measured
- The real web server (granian with the workers and threads of `make run`) on a database of its own,
  durable: SQLite WAL with synchronous=FULL; PostgreSQL 18 as it comes, fsync on.
- Phones are threads in another process on the same cores, each on a kept-alive connection, each
  sending its next request when the last is answered. Their own CPU time is not in the table.
- 507 people check in once each; every answer must be 200 or 201, or the bench stops.
  *All in one room*: one meeting, one county, so one audit chain, which one writer holds at a time.
  *A branch a county*: twelve meetings at once, twelve chains. On PostgreSQL the chain decides: it
  is held for seven round trips and a synced commit, while bare inserts share their syncs.
- The bare view is plain Flask and Flask-SQLAlchemy: a small JSON body, one ORM row, one commit, as
  durable as ours. It has no session, schema, replay, roster, projection or audit chain.
- Ours and the bare view are up together and take turns, in changing order; figures are medians of
  three rounds. On shared cores requests a second wander by a third; ratios and CPU time do not.
- CPU ms is the time of the web server's processes; after the plus that of PostgreSQL's.
- Slow phones send a photo of about 120 KB at 40 KB/s.
"""


def _machine() -> str:
    cores = psutil.cpu_count()
    load = os.getloadavg()[0]
    parts = ", ".join(f"{name} {version(name)}" for name in ("flask", "sqlalchemy", "granian"))
    return (
        f"{cores} cores, load {load:.1f} at the end, one synced write {_sync_ms():.1f} ms, "
        f"Python {platform.python_version()}, {parts}."
    )


def _sync_ms() -> float:
    """How long this disk takes to promise 4 KB: no durable insert is quicker alone."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "probe").open("wb") as file:
        began = time.perf_counter()
        for _ in range(100):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
        return (time.perf_counter() - began) * 10
