"""Faults of the worker and of providers: F24, F25. No phone is needed: a push service that opens
what it gets says what was heard."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from server.app import create_app
from server.channels import addresses
from server.channels.models import Address
from server.core import clock
from server.core.ids import new_id
from server.reminders.models import Reminder
from tests.channels.servers import Gateway, PushService
from tests.e2e.house import SECRET
from tests.people import known

from .bell_worker import KIND
from .ledger import Failed
from .world import World

A_ROUND = 20
PATIENCE_SECONDS = 40


class Bells:
    """Reminders that are due, workers to be killed, and what was heard of them."""

    def __init__(self, world: World, stack: ExitStack):
        self.world, self.workers = world, []
        self.push = stack.enter_context(PushService().running())
        self.gateway = stack.enter_context(Gateway().running())
        stack.callback(self.stop)
        self.environ = os.environ | {
            "HONGLING_DATA": str(world.house.data),
            "HONGLING_SECRET": SECRET,
            "HONGLING_WEBHOOK_URL": self.gateway.url,
            "HONGLING_WEBHOOK_SECRET": "gateway secret",
            **world.house.environ,
        }
        self.engine = create_engine(world.ledger.url)
        stack.callback(self.engine.dispose)
        self.reach()

    def reach(self) -> None:
        """An can be pushed, and by the gateway where that fails."""
        app = create_app({k: v for k, v in self.environ.items() if k.startswith(("HONG", "DATA"))})
        with app.app_context(), Session(self.engine) as session:
            values = {"web_push": self.push.subscribe("an"), "webhook": "13800000000"}
            for channel, value in values.items():
                row = Address(id=new_id(), user_id=known("an"), channel=channel, label=channel)
                row.sealed = addresses.sealed(row.id, value)
                row.hashed = addresses.hashed(channel, value)
                row.on, row.created_at = True, clock.now()
                session.add(row)
            session.commit()

    def due(self, number: int) -> list[str]:
        """So many reminders that ring now, each alone; their marks."""
        now, ends = clock.now(), clock.now() + timedelta(hours=1)
        marks = [f"{self.world.name} {uuid.uuid4().hex}" for _ in range(number)]
        with Session(self.engine) as session:
            for mark in marks:
                said = {"title": mark, "body": "三楼", "link": "/meetings", "created_at": now}
                times = {"at": now, "bell_at": now, "occasion": ends, "expires_at": ends}
                ids = {"person_id": known("an"), "about_id": uuid.uuid4()}
                session.add(Reminder(kind=KIND, **ids, **times, **said))
            session.commit()
        return marks

    def start(self) -> subprocess.Popen[bytes]:
        guard = {"FAULTS_WITHOUT": self.world.guard.name} if self.world.guard else {}
        command = [sys.executable, "-m", "tests.faults.bell_worker"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        worker = subprocess.Popen(
            command, env=self.environ | guard, start_new_session=True, **quiet
        )
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)
        self.workers.remove(worker)

    def stop(self) -> None:
        for worker in list(self.workers):
            self.kill(worker)

    def heard(self) -> dict[str, set[str]]:
        """By mark, the keys under which it came: a phone shows one key once."""
        found: dict[str, set[str]] = {}
        for _, said, _ in list(self.push.messages):
            found.setdefault(said["title"], set()).add(f"push {said['key']}")
        for key, said in list(self.gateway.sent.items()):
            found.setdefault(said["title"], set()).add(f"gateway {key}")
        return found

    def wait(self, marks: list[str]) -> None:
        """Until every bell has ended, one way or another; a bound, and then it is counted."""
        end = time.monotonic() + (PATIENCE_SECONDS if self.world.guard is None else 12)
        while time.monotonic() < end:
            with self.engine.connect() as connection:
                query = "SELECT count(*) FROM bell WHERE state = 'waiting'"
                waiting = connection.execute(text(query)).scalar()
                made = connection.execute(text("SELECT count(*) FROM bell")).scalar() or 0
            if not waiting and made >= len(marks):
                return
            time.sleep(0.2)

    def count(self, marks: list[str]) -> None:
        """Into the ledger: lost, and shown twice on one channel."""
        heard = self.heard()
        channels = {mark: Counter(key.split()[0] for key in heard.get(mark, ())) for mark in marks}
        self.world.ledger.bells = len(marks)
        self.world.ledger.unheard = [mark for mark in marks if mark not in heard]
        self.world.ledger.twice = [
            mark for mark, by in channels.items() if any(n > 1 for n in by.values())
        ]


def worker_killed(world: World, rounds: int) -> str:
    """F24: two workers, one killed at any moment: before it sends, after, while it settles."""
    marks: list[str] = []
    with ExitStack() as stack:
        bells = Bells(world, stack)
        first, second = bells.start(), bells.start()
        for _ in range(rounds):
            marks += bells.due(A_ROUND)
            time.sleep(0.3 + world.chance.random() * 2)
            bells.kill(first)
            first, second = second, bells.start()
        bells.wait(marks)
        bells.count(marks)
        again = len(bells.push.messages) - len(marks)
    return f"{len(marks)} bells, {max(0, again)} repeated under their key"


ANSWERS: list[Any] = [
    (429, {"Retry-After": "1"}, b""),
    (500, {}, b""),
    (503, {}, b""),
    "hang",
    None,
    None,
]


def bad_days(world: World, rounds: int) -> str:
    """F25: the push service answers 429, 500, nothing, and at last 410: the gateway takes over."""
    marks: list[str] = []
    with ExitStack() as stack:
        bells = Bells(world, stack)
        bells.start()
        for _ in range(rounds):
            answers = world.chance.choices(ANSWERS, k=6)
            bells.push.plan.extend(answer for answer in answers if answer)
            marks += bells.due(A_ROUND)
            bells.wait(marks)
        bells.push.plan.clear()
        bells.push.gone.add("/push/an")
        marks += bells.due(A_ROUND)
        bells.wait(marks)
        bells.count(marks)
        by_gateway = len(bells.gateway.sent)
        if by_gateway < A_ROUND and world.guard is None:
            raise Failed(f"after 410 the gateway got only {by_gateway} of {A_ROUND}")
    return f"{len(marks)} bells, {by_gateway} by the gateway after 410"
