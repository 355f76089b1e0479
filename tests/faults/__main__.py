"""The whole fault suite: `python -m tests.faults`, or some of it: `… F6 F9 --rounds 5`.

Full rounds on SQLite with the service worker, a tenth on PostgreSQL without it, and the canaries.
The table goes to the screen and to LAST.md; the exit code is 1 for a loss, a double or a silence.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from .run import Row, run, table
from .table import FAULTS, Fault
from .world import Stage

LAST = Path(__file__).with_name("LAST.md")


def main() -> int:
    told = _arguments()
    chosen = [fault for fault in FAULTS if not told.faults or fault.id in told.faults]
    rows: list[Row] = []
    begun = time.monotonic()
    with sync_playwright() as playwright:
        for part in told.parts.split(","):
            PARTS[part](playwright, chosen, told, rows)
    found = table(rows)
    minutes = (time.monotonic() - begun) / 60
    words = f"seed {told.seed}, {minutes:.0f} minutes, {sum(row.red for row in rows)} red"
    print(f"\n{found}\n\n{words}")
    if not told.faults and told.rounds is None:
        head = "# The last full run of `make faults`\n\nSaved counts records and photos. "
        LAST.write_text(f"{head}{words}.\n\n{found}\n", "utf-8")
    return int(any(row.red for row in rows))


def _full(
    playwright: Playwright, chosen: list[Fault], told: argparse.Namespace, rows: list[Row]
) -> None:
    with _stage(playwright, told, engine="sqlite", worker=True) as stage:
        _each(chosen, rows, lambda fault: run(stage, fault, told.rounds or fault.rounds))


def _tenth(
    playwright: Playwright, chosen: list[Fault], told: argparse.Namespace, rows: list[Row]
) -> None:
    able = [fault for fault in chosen if "postgresql" in fault.engines]
    with _stage(playwright, told, engine="postgresql", worker=False) as stage:
        _each(able, rows, lambda fault: run(stage, fault, _share(fault, told.rounds)))


def _canaries(
    playwright: Playwright, chosen: list[Fault], told: argparse.Namespace, rows: list[Row]
) -> None:
    able = [fault for fault in chosen if fault.guard]
    with _stage(playwright, told, engine="sqlite", worker=True) as stage:
        _each(able, rows, lambda fault: run(stage, fault, fault.canary, guard=fault.guard))


PARTS = {"full": _full, "tenth": _tenth, "canaries": _canaries}


def _share(fault: Fault, rounds: int | None) -> int:
    return max(fault.slice, (rounds or fault.rounds) // 10)


def _each(faults: list[Fault], rows: list[Row], call: Callable[[Fault], Row]) -> None:
    for fault in faults:
        row = call(fault)
        rows.append(row)
        print(table([row]).splitlines()[-1], flush=True)
        if row.red and row.harm:
            print(row.harm, flush=True)


@contextmanager
def _stage(
    playwright: Playwright, told: argparse.Namespace, *, engine: str, worker: bool
) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(
        prefix="hongling-faults-", ignore_cleanup_errors=True
    ) as folder:
        stage = Stage(playwright, Path(folder), engine=engine, worker=worker, seed=told.seed)
        try:
            yield stage
        finally:
            stage.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("faults", nargs="*", help="such as F6; all of them if none is named")
    parser.add_argument("--rounds", type=int, help="instead of each fault's own number")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", default=",".join(PARTS), help="any of full,tenth,canaries")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
