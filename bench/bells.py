"""What the worker costs: a year of duties planned, and ten thousand bells rung by two workers, each
exactly once, beside a bare loop that only seals and posts."""

import os
import signal
import subprocess
import sys
import time
import uuid
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask_migrate import upgrade
from sqlalchemy import func, insert, select

from bench.house import SECRET, database
from server.accounts.models import User
from server.app import create_app
from server.channels import addresses, web_push
from server.channels.channel import Message
from server.channels.models import Address
from server.core import clock, settings
from server.core.db import db
from server.core.ids import new_id
from server.core.settings import rules as numbers
from server.duties.rules import Span, duty_of, plan
from server.reminders.models import Bell, Reminder
from tests.channels.servers import PushService
from tests.faults.bell_worker import KIND

BELLS, BARE, WORKERS, AT_ONCE = 10_000, 1_000, 2, 8
PATIENCE_SECONDS = 240


class Rung(NamedTuple):
    received: int
    missing: int
    twice: int
    a_second: float
    bare: float


def planning() -> dict[int, tuple[int, float]]:
    """By number of postings: things owed in a year, and milliseconds; the best of five."""
    every = [duty_of(code, told) for code, told in numbers()["duty"].items()]
    duties = [duty for duty in every if duty.holder == "sending_unit"]
    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31), "share": 0.5}
    found = {}
    for number in (507, 5070):
        spans = [Span(n, date(2025, 3, 1), None, date(2027, 2, 28)) for n in range(number)]
        took = []
        for _ in range(5):
            begun = time.perf_counter()
            owed = sum(1 for duty in duties for _ in plan(duty, spans, **year))
            took.append((time.perf_counter() - begun) * 1000)
        found[number] = (owed, min(took))
    return found


def ringing(engine: str) -> Rung:
    with database(engine) as environ, PushService().running() as service:
        bare = _bare(service, environ)
        service.messages.clear()
        _fill(service, environ)
        begun = time.perf_counter()
        workers = [_worker(environ) for _ in range(WORKERS)]
        try:
            _wait(environ)
        finally:
            for worker in workers:
                os.killpg(worker.pid, signal.SIGTERM)
                worker.wait(20)
        seconds = time.perf_counter() - begun
        keys = [said["key"] for _, said, _ in service.messages]
        return Rung(
            len(keys), BELLS - len(set(keys)), len(keys) - len(set(keys)), BELLS / seconds, bare
        )


def table(found: dict[str, Rung], planned: dict[int, tuple[int, float]]) -> str:
    (small, fast), (large, slow) = planned[507], planned[5070]
    lines = [
        "## The worker",
        "",
        f"A year of duties: {small} for 507 postings in {fast:.1f} ms, {large} for 5,070 in "
        f"{slow:.1f} ms ({slow / fast:.1f} times).",
        "",
        f"| {BELLS:,} bells, {WORKERS} workers | received | missing | twice | a second | "
        "of the bare loop |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {engine} | {one.received:,} | {one.missing} | {one.twice} | {one.a_second:.0f} | "
        f"{one.a_second / one.bare:.2f} |"
        for engine, one in found.items()
    ]
    lines += ["", "The bare loop seals and posts, with as many processes and threads, and keeps no"]
    lines += ["row; the start of the workers is in their time."]
    return "\n".join([*lines, ""])


def _fill(service: PushService, environ: dict[str, str]) -> None:
    """One person, one browser and one bell that is due, ten thousand times."""
    app = create_app(environ)
    now, ends = clock.now(), clock.now() + timedelta(hours=2)
    with app.app_context():
        upgrade()
        people, places, bells = [], [], []
        for n in range(BELLS):
            person, id = new_id(), new_id()
            value = service.subscribe(str(n))
            told = {"username": f"u{n}", "name": f"甲{n}", "roles": [], "area_path": "/3713/"}
            people.append({"id": person, "created_at": now, **told})
            box, mac = addresses.sealed(id, value), addresses.hashed("web_push", value)
            where = {"channel": "web_push", "sealed": box, "hashed": mac, "label": "手机"}
            places.append({"id": id, "user_id": person, "on": True, "created_at": now, **where})
            said = {"kind": KIND, "title": f"会议 {n}", "body": "三楼", "link": "/meetings"}
            times = {"at": now, "bell_at": now, "occasion": ends, "expires_at": ends}
            ids = {"id": new_id(), "person_id": person, "about_id": uuid.uuid4()}
            bells.append({**ids, **said, **times, "created_at": now})
        for model, rows in ((User, people), (Address, places), (Reminder, bells)):
            db.session.execute(insert(model), rows)
        db.session.commit()
        db.engine.dispose()


def _worker(environ: dict[str, str]) -> subprocess.Popen[bytes]:
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [sys.executable, "-m", "tests.faults.bell_worker"]
    return subprocess.Popen(command, env=environ, start_new_session=True, **quiet)  # noqa: S603


def _wait(environ: dict[str, str]) -> None:
    app, end = create_app(environ), time.monotonic() + PATIENCE_SECONDS
    with app.app_context():
        while time.monotonic() < end:
            rung = db.session.scalar(select(func.count()).where(Bell.state == "rung"))
            db.session.rollback()
            if rung == BELLS:
                break
            time.sleep(0.25)
        db.engine.dispose()


def _bare(service: PushService, environ: dict[str, str]) -> float:
    """Messages a second of nothing but sealing and posting."""
    values = [service.subscribe(f"bare-{n}") for n in range(BARE)]
    shares = [(environ["HONGLING_DATA"], values[n::WORKERS]) for n in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(_post, [(folder, few[:2]) for folder, few in shares]))  # warm
        begun = time.perf_counter()
        list(pool.map(_post, shares))
    return BARE / (time.perf_counter() - begun)


def _post(share: tuple[str, list[str]]) -> None:
    folder, values = share
    told = settings.load({"HONGLING_DATA": str(Path(folder)), "HONGLING_SECRET": SECRET})
    ends = clock.now() + timedelta(hours=1)

    def send(value: str) -> None:
        message = Message("会议", "三楼", "/meetings", uuid.uuid4().hex, ends, ends)
        web_push.send(told, value, message, None)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, values))
