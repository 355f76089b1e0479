"""The real server with one guard taken out, for the canaries: granian starts this factory instead
of the product's, and the environment names the guard."""

import copy
import os
import threading
import time
import uuid
from datetime import date
from typing import Any

from flask import Flask, request
from sqlalchemy import event

from server import app as house
from server.core import records
from server.core.db import db
from server.core.errors import NotFound
from server.visits import service as visits

LATE_SECONDS = 0.5


def create_app() -> Flask:
    app = TAKE_OUT[os.environ["FAULTS_WITHOUT"]]()
    return app or house.create_app()


def early_answer() -> None:
    """The commit comes half a second after the receipt has left."""
    at_once = db.session.commit

    def commit() -> None:
        if request.method != "PUT" and request.path != "/api/batch":
            return at_once()
        session = db.session()
        db.session.registry.clear()  # else the end of the request would roll it back

        def late() -> None:
            time.sleep(LATE_SECONDS)
            session.commit()
            session.close()

        threading.Thread(target=late, daemon=True).start()
        return None

    db.session.commit = commit  # type: ignore[method-assign]


def own_ids() -> None:
    """As a server that calls every POST a new record; the receipt names the phone's id."""
    keep, receipt = records.keep, records.receipt

    def keep_anew(model: Any, told: Any, **columns: Any) -> Any:
        other = copy.copy(told)
        other.id = uuid.uuid4()
        row = keep(model, other, **columns)
        row.asked = told.id
        return row

    def receipt_as_asked(row: Any, **facts: Any) -> Any:
        return receipt(row, **facts) | {"id": row.asked}

    records.keep, records.receipt = keep_anew, receipt_as_asked
    records.look = lambda model, told, if_match: None


def deaf_commit() -> None:
    """Errors of the commit are not heard."""
    commit = db.session.commit

    def try_to() -> None:
        try:
            commit()
        except Exception:
            db.session.rollback()

    db.session.commit = try_to  # type: ignore[method-assign]


def no_turns() -> None:
    """SQLite as it comes: no turn, no patience, no BEGIN IMMEDIATE."""

    def settle(engine: Any) -> None:
        @event.listens_for(engine, "connect")
        def quick(raw: Any, _: Any) -> None:
            raw.execute("PRAGMA journal_mode=WAL")
            raw.execute("PRAGMA busy_timeout=0")

        @event.listens_for(engine, "begin")
        def begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN")

    house.settle = settle  # type: ignore[attr-defined]


def ended_is_gone() -> None:
    judge = visits.judge_term

    def refuse(*, made_on: date, ended_on: date | None) -> Any:
        if ended_on:
            raise NotFound
        return judge(made_on=made_on, ended_on=ended_on)

    visits.judge_term = refuse


TAKE_OUT = {
    "early_answer": early_answer,
    "own_ids": own_ids,
    "deaf_commit": deaf_commit,
    "no_turns": no_turns,
    "ended_is_gone": ended_is_gone,
}
