"""Work on a timetable: declared by a feature, run by the worker. The row decides whose turn it is:
two workers, a kill or a jump of the clock run a job neither twice at once nor never."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .db import Base, db, insert_once

# Two workers tick at different moments, and one that waited for a lock read the clock before the
# other: so much is no sign of anything.
SLACK = timedelta(minutes=1)


@dataclass(frozen=True)
class Job:
    """`every`: how often; `lease`: after this a job whose worker died may be taken by another.
    `run` may be a generator: each yield is a step, after which the worker commits. `shared`: every
    worker runs it at once, because its rows decide whose each one is."""

    name: str
    every: timedelta
    lease: timedelta
    run: Callable[[], object]
    shared: bool = False


JOBS: dict[str, Job] = {}


class JobTurn(Base):
    """One row a job: until when it is claimed, and when it last ended (the heartbeat)."""

    __tablename__ = "job_turn"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    claimed_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


def job(
    name: str,
    *,
    every: timedelta,
    lease: timedelta = timedelta(minutes=5),
    shared: bool = False,
) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def wrap(run: Callable[[], object]) -> Callable[[], object]:
        if name in JOBS:
            raise ValueError(f"two jobs called {name}")
        JOBS[name] = Job(name, every, lease, run, shared)
        return run

    return wrap


def claim(job: Job) -> bool:
    """True when this worker has the turn: a conditional UPDATE whose row count of 1 means mine."""
    now = clock.now()
    insert_once(JobTurn, name=job.name)
    if job.shared:
        return True
    # A clock that jumped ahead and back leaves moments that cannot be: they count as free and due.
    until, ended = JobTurn.claimed_until, JobTurn.ended_at
    free = or_(until.is_(None), until < now, until > now + job.lease + SLACK)
    wait = job.every - min(job.every / 2, SLACK)
    due = or_(ended.is_(None), ended <= now - wait, ended > now + SLACK)
    statement = (
        update(JobTurn)
        .where(JobTurn.name == job.name, free, due)
        .values(claimed_until=now + job.lease)
    )
    return db.session.connection().execute(statement).rowcount == 1


def settle(job: Job) -> None:
    statement = update(JobTurn).where(JobTurn.name == job.name)
    db.session.connection().execute(statement.values(claimed_until=None, ended_at=clock.now()))


RESTORE, BACKUP = "house.restore", "house.backup"


def note_backup() -> None:
    """Where one was made once, the next is waited for."""
    insert_once(JobTurn, name=BACKUP)
    turn = update(JobTurn).where(JobTurn.name == BACKUP)
    db.session.execute(turn.values(ended_at=clock.now()))


def note_restore() -> None:
    """A backup was brought back just now; what anybody had begun before is nobody's turn."""
    now = clock.now()
    insert_once(JobTurn, name=RESTORE)
    turns = update(JobTurn)
    db.session.execute(turns.values(claimed_until=None))
    db.session.execute(turns.where(JobTurn.name == RESTORE).values(ended_at=now))


def restored_at() -> datetime | None:
    return db.session.scalar(select(JobTurn.ended_at).where(JobTurn.name == RESTORE))


def release(job: Job) -> None:
    """Given back unfinished: the next tick, of any worker, takes it up."""
    statement = update(JobTurn).where(JobTurn.name == job.name)
    db.session.connection().execute(statement.values(claimed_until=None))
