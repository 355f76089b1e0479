"""The one process that keeps time: python -m server.worker.

APScheduler only ticks; whose turn it is the database decides (core/jobs), so that a second worker,
a kill or a jump of the clock does no harm. Claim, each step and settle are short transactions of
their own: nothing is held while something slow happens."""

import contextlib
import logging
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import TypeVar

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from server.app import create_app
from server.core import clock, jobs, standstill
from server.core.db import db
from server.core.jobs import JOBS, Job, job

log = logging.getLogger(__name__)
Result = TypeVar("Result")
LONGEST_TICK = timedelta(minutes=10)  # a daily job whose hour passed while we were down runs soon
WATCH_SECONDS = 5


@job("worker.heartbeat", every=timedelta(seconds=30))
def beat() -> None:
    """Its row says when a worker last lived: a dead scheduler thread makes no noise."""


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    app = create_app()
    with app.app_context():
        standstill.serve()
    scheduler = start(app, stop)
    log.info("worker: %s", ", ".join(JOBS))
    while not stop.wait(WATCH_SECONDS):
        if not scheduler._thread.is_alive():
            raise SystemExit("the scheduler's thread has died; the supervisor starts us again")
    scheduler.shutdown(wait=True)
    log.info("worker: stopped")


def start(app: Flask, stop: Event) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone=clock.SHANGHAI,
        # The default grace of one second drops whatever fell due during a restart.
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for one in JOBS.values():
        seconds = min(one.every, LONGEST_TICK).total_seconds()
        every = IntervalTrigger(seconds=int(seconds), timezone=clock.SHANGHAI)
        scheduler.add_job(turn, every, [app, one, stop], id=one.name, next_run_time=clock.now())
    scheduler.start()
    return scheduler


def turn(app: Flask, job: Job, stop: Event) -> None:
    """One turn, if it is ours. Whatever a job does, the thread lives on and a later tick tries."""
    with app.app_context():
        try:
            if _kept(lambda: jobs.claim(job)):
                done = _run(job, stop)
                _kept(lambda: jobs.settle(job) if done else jobs.release(job))
        except Exception:
            log.exception("job %s failed", job.name)
            db.session.rollback()
            with contextlib.suppress(Exception):  # no database: the lease will end by itself
                _kept(lambda: jobs.release(job))


def _run(job: Job, stop: Event) -> bool:
    """Step by step; False when asked to stop before the last."""
    steps = job.run()
    db.session.commit()
    if isinstance(steps, Iterator):
        for _ in steps:
            db.session.commit()
            if stop.is_set():
                steps.close()  # type: ignore[attr-defined]  # it may give back what it has begun
                db.session.commit()
                return False
        db.session.commit()
    return True


def _kept(act: Callable[[], Result]) -> Result:
    result = act()
    db.session.commit()
    return result


if __name__ == "__main__":
    main()
