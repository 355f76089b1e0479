"""What a demo city is while it grows: rows by model and what the audit lines will say. Written in
bulk at the end, because a row at a time takes minutes."""

import tomllib
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import insert

from server.core import audit, claims
from server.core.audit import Entry
from server.core.db import SCOPE, db
from server.core.settings import rules as numbers

SEED = "红领通演示城市"
BATCH = 5000
Row = dict[str, Any]
Thing = TypeVar("Thing")


@dataclass
class City:
    """`scale`: how many times the article's numbers; `now`: what all times are relative to."""

    now: datetime
    scale: int = 1
    rows: dict[Any, list[Row]] = field(default_factory=lambda: defaultdict(list))
    lines: list[Entry] = field(default_factory=list)
    seqs: Counter[uuid.UUID] = field(default_factory=Counter)


def dice(topic: str) -> Random:
    """Its own chance for each topic, so that what changes with the day changes no name."""
    return Random(f"{SEED} {topic}")  # noqa: S311


@cache
def words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def new_id(chance: Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def weighted(chance: Random, weights: dict[Thing, int]) -> Thing:
    return chance.choices(list(weights), list(weights.values()))[0]


def add(city: City, model: Any, **columns: Any) -> Row:
    row = _blank(model) | columns
    city.rows[model].append(row)
    return row


def scope(row: Row, **changes: Any) -> Row:
    """The scope of `row`, for a row that belongs under it."""
    return {name: row[name] for name in SCOPE} | changes


def record(
    city: City,
    model: Any,
    chance: Random,
    *,
    by: uuid.UUID,
    made_at: datetime,
    waited: timedelta = timedelta(seconds=20),
    labels: list[str] = [],  # noqa: B006
    **columns: Any,
) -> Row:
    """A record as a phone sent it, `waited` after it was made; labelled by the rules themselves."""
    received_at = min(made_at + waited, city.now)
    city.seqs[by] += 1
    moment = claims.judge_time(
        made_at=made_at, sent_at=received_at, received_at=received_at, rules=numbers()["time"]
    )
    told = {
        "id": new_id(chance),
        "digest": f"{chance.getrandbits(256):064x}",
        "made_at": made_at,
        "told_at": made_at,
        "sent_at": received_at,
        "received_at": received_at,
        "seq": city.seqs[by],
        "labels": sorted({*moment.labels, *labels}),
    }
    return add(city, model, **(told | columns))


def log(
    city: City,
    verb: Any,
    row: Row,
    *,
    by: uuid.UUID,
    at: datetime | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """The line that the service's own verb would have left on this row."""
    area = audit.county(SimpleNamespace(area_path=row.get("area_path", "")))
    at = at or row["received_at"]
    city.lines.append(Entry(area, at, by, verb.action, row["id"], detail or {}))


def save(city: City) -> None:
    """Parents before children; lines in the order of their times. The caller commits."""
    connection = db.session.connection()
    models = {model.__table__: model for model in city.rows}
    for table in db.metadata.sorted_tables:
        rows = city.rows.get(models.get(table), [])
        for start in range(0, len(rows), BATCH):
            connection.execute(insert(table), rows[start : start + BATCH])
    city.lines.sort(key=lambda line: line.at)
    audit.append(city.lines)


@cache
def _blank(model: Any) -> Row:
    """None for every column that may be empty: a bulk insert wants the same keys in each row."""
    return {column.key: None for column in model.__table__.columns if column.nullable}
