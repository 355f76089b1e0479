"""Runs faults and says what became of what was saved."""

import time
import traceback
from collections.abc import Iterable
from typing import NamedTuple

from .guards import Guard
from .ledger import Failed, Outcome, Skipped
from .table import Fault
from .world import Stage


class Row(NamedTuple):
    """One line of the table. `harm`: what else went wrong; `skipped`: why it did not run."""

    fault: str
    words: str
    where: str
    rounds: int
    saved: int = 0
    lost: int = 0
    doubled: int = 0
    harm: str = ""
    note: str = ""
    skipped: str = ""
    seconds: float = 0
    canary: bool = False
    crashed: bool = False  # the suite itself failed: that proves nothing either way

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.harm)

    @property
    def red(self) -> bool:
        """What makes the run fail: a loss, a double, or a canary that stays silent."""
        return not self.skipped and (self.crashed or self.clean == self.canary)


def run(
    stage: Stage,
    fault: Fault,
    rounds: int,
    *,
    guard: Guard | None = None,
    shared: bool = False,
) -> Row:
    """With `guard` it is the canary: the same fault, and that guard taken out."""
    begun = time.monotonic()
    where = f"without: {guard.words}" if guard else _where(stage)
    row = Row(fault.id, fault.words, where, rounds, canary=guard is not None)
    try:
        outcome, harm, note = _suffer(stage, fault, rounds, guard, shared and not fault.alone)
    except Skipped as why:
        return row._replace(skipped=str(why))
    except Exception:
        return row._replace(crashed=True, harm=traceback.format_exc(limit=-3))
    spent = round(time.monotonic() - begun, 1)
    saved, lost, doubled, words = outcome
    harm = "; ".join(filter(None, (harm, words)))
    return row._replace(
        saved=saved, lost=lost, doubled=doubled, harm=harm, note=note, seconds=spent
    )


def _suffer(
    stage: Stage, fault: Fault, rounds: int, guard: Guard | None, shared: bool
) -> tuple[Outcome, str, str]:
    harm, note = "", ""
    with stage.world(fault.id, guard, shared=shared) as world:
        try:
            note = fault.run(world, rounds) or ""
        except Failed as why:
            harm = str(why)
        world.heal()
        if world.house.process is None:
            world.house.start()
        outcome = world.count()
    if guard is None and outcome.saved == 0 and not harm:
        harm = "nothing was saved: the fault proves nothing"
    return outcome, harm, note


def _where(stage: Stage) -> str:
    return f"{stage.engine}, {'with' if stage.worker else 'without'} worker"


def table(rows: Iterable[Row]) -> str:
    lines = [
        "| fault | what | where | rounds | saved | lost | doubled | s | |",
        "|---|---|---|--:|--:|--:|--:|--:|---|",
    ]
    for row in rows:
        said = f"skipped: {row.skipped}" if row.skipped else _verdict(row)
        counts = (row.rounds, row.saved, row.lost, row.doubled, f"{row.seconds:.0f}")
        lines.append(
            f"| {row.fault} | {row.words} | {row.where} | "
            + " | ".join(map(str, counts))
            + f" | {said} |"
        )
    return "\n".join(lines)


def _verdict(row: Row) -> str:
    harm = " ".join(row.harm.split())
    if row.crashed:
        return f"**crashed: {harm[-160:]}**"
    if row.canary:
        return f"canary sings: {harm[:160]}" if not row.clean else "**SILENT CANARY**"
    return row.note if row.clean else f"**{harm[:160]}**"
