"""The table of faults: what is done, how often, and which guard the canary takes out."""

from collections.abc import Callable
from typing import NamedTuple

from . import guards, on_the_line
from .guards import Guard
from .world import World


class Fault(NamedTuple):
    """`rounds`: of the full run, of the slice in `make test`, of the canary."""

    id: str
    words: str
    run: Callable[[World, int], str | None]
    rounds: int
    slice: int
    guard: Guard | None
    canary: int
    engines: tuple[str, ...] = ("sqlite", "postgresql")


FAULTS = [
    Fault("F2", "first replies lost", on_the_line.first_replies_lost, 200, 4, guards.OWN_IDS, 4),
    Fault("F3", "each request thrice", on_the_line.everything_thrice, 100, 5, guards.OWN_IDS, 4),
    Fault(
        "F4", "30 % reset, 20 % 5xx, 10 % portal", on_the_line.chaos, 1000, 10, guards.ANY_2XX, 30
    ),
    Fault("F9", "401 in the queue", on_the_line.signed_out, 60, 8, guards.GIVES_UP, 8),
    Fault("F10", "429, 413, 507", on_the_line.asked_to_wait, 20, 2, guards.GIVES_UP, 2),
    Fault("F11", "a poisoned item", on_the_line.poison, 5, 1, guards.HEAD_OF_LINE, 1),
]
