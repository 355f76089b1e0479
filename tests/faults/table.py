"""The table of faults: what is done, how often, and which guard the canary takes out."""

from collections.abc import Callable
from typing import NamedTuple

from . import at_the_bells as bells
from . import at_the_server as server
from . import guards, killed
from . import in_the_hand as hand
from . import on_the_line as line
from .guards import Guard
from .world import World

SQLITE_ONLY = ("sqlite",)


class Fault(NamedTuple):
    """`rounds`, `slice`, `canary`: how often in the full run, in `make test`, without the guard.
    `alone`: it does harm to the server, which no other fault may share."""

    id: str
    words: str
    run: Callable[[World, int], str | None]
    rounds: int
    slice: int
    guard: Guard | None
    canary: int
    engines: tuple[str, ...] = ("sqlite", "postgresql")
    alone: bool = False


FAULTS = [
    Fault("F1", "kill -9 of server", server.killed, 20, 1, guards.EARLY_ANSWER, 2, alone=True),
    Fault("F2", "first replies lost", line.first_replies_lost, 200, 4, guards.OWN_IDS, 4),
    Fault("F3", "each request thrice", line.everything_thrice, 100, 5, guards.OWN_IDS, 4),
    Fault("F4", "30 % reset, 20 % 5xx, 10 % portal", line.chaos, 1000, 10, guards.ANY_2XX, 120),
    Fault("F5", "reload every 300 ms", hand.reloaded, 50, 6, guards.GONE_WHILE_SENT, 12),
    Fault("F6", "kill -9 of the browser", killed.browser_killed, 100, 2, guards.WRITE_BEHIND, 3),
    Fault("F7", "killed between photo and save", killed.draft_kept, 10, 1, guards.NO_AUTOSAVE, 1),
    Fault("F8", "two tabs", hand.two_tabs, 100, 10, guards.NO_LOCK, 30),
    Fault("F9", "401 in the queue", line.signed_out, 60, 8, guards.GIVES_UP, 8),
    Fault("F10", "429, 413, 507", line.asked_to_wait, 20, 2, guards.GIVES_UP, 2),
    Fault("F11", "a poisoned item", line.poison, 5, 1, guards.HEAD_OF_LINE, 1),
    Fault("F12", "clock -3 days, +1 year", hand.clock_jumps, 10, 1, guards.FAR_FUTURE, 1),
    Fault("F13", "no room on the phone", hand.storage_full, 5, 1, guards.SAYS_SAVED, 1),
    Fault("F14", "the store is deleted", hand.store_deleted, 6, 1, guards.NO_ALARM, 1),
    Fault("F15", "service worker blocked", hand.no_worker, 20, 1, guards.WORKER_SENDS, 1),
    Fault("F16", "stores of released versions", hand.upgraded, 9, 1, None, 1),
    Fault(
        "F17", "restored from backup", server.restored, 40, 4, guards.NO_RECONCILE, 4, alone=True
    ),
    Fault(
        "F18",
        "posting ended",
        server.posting_ended,
        20,
        2,
        guards.ENDED_IS_GONE,
        2,
        alone=True,
    ),
    Fault("F19", "64 writers at once", server.many_writers, 20, 2, guards.NO_TURNS, 5),
    Fault(
        "F20", "full disk", server.disk_full, 5, 1, guards.DEAF_COMMIT, 1, SQLITE_ONLY, alone=True
    ),
    Fault("F21", "SIGTERM during upload", server.stopped, 10, 1, guards.HARD_STOP, 1, alone=True),
    Fault("F22", "another person signs in", hand.another_person, 5, 1, guards.WIPED_ON_LEAVE, 1),
    Fault(
        "F24", "kill -9 of a worker", bells.worker_killed, 15, 2, guards.MARKED_FIRST, 8, alone=True
    ),
    Fault("F25", "429, 410, 500, nothing", bells.bad_days, 10, 1, guards.ANY_ANSWER, 2, alone=True),
]
