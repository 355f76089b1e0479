"""Work on a timetable: declared by a feature, run by the worker. The row decides whose turn it is:
two workers, a kill or a jump of the clock run a job neither twice at once nor never."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .db import Base, db, insert_once


@dataclass(frozen=True)
class Job:
    """`every`: how often; `lease`: after this a job whose worker died may be taken by another."""

    name: str
    every: timedelta
    lease: timedelta
    run: Callable[[], object]


JOBS: dict[str, Job] = {}


class JobTurn(Base):
    """One row a job: until when it is claimed, and when it last ended (the heartbeat)."""

    __tablename__ = "job_turn"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    claimed_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


def job(
    name: str, *, every: timedelta, lease: timedelta = timedelta(minutes=5)
) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def wrap(run: Callable[[], object]) -> Callable[[], object]:
        if name in JOBS:
            raise ValueError(f"two jobs called {name}")
        JOBS[name] = Job(name, every, lease, run)
        return run

    return wrap


def claim(job: Job) -> bool:
    """True when this worker has the turn: a conditional UPDATE whose row count of 1 means mine."""
    now = clock.now()
    insert_once(JobTurn, name=job.name)
    free = or_(JobTurn.claimed_until.is_(None), JobTurn.claimed_until < now)
    due = or_(
        JobTurn.ended_at.is_(None), JobTurn.ended_at <= now - job.every / 2, JobTurn.ended_at > now
    )
    statement = (
        update(JobTurn)
        .where(JobTurn.name == job.name, free, due)
        .values(claimed_until=now + job.lease)
    )
    return db.session.connection().execute(statement).rowcount == 1


def settle(job: Job) -> None:
    statement = update(JobTurn).where(JobTurn.name == job.name)
    db.session.connection().execute(statement.values(claimed_until=None, ended_at=clock.now()))
