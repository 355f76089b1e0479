"""`flask demo-data`: fills an empty database, never one with data."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import func, select, update

from server.accounts.models import User
from server.core import clock, crypto
from server.core.db import db
from server.issues.models import Issue
from server.postings.models import Posting
from server.reminders.jobs import scan
from server.reminders.models import Reminder
from server.visits.models import Visit

from . import album, duties, feedback, issues, meetings, people, posts, units, visits
from .city import City, save

FULL = "数据库里已有数据，没有改动。演示数据只写入空的数据库；要重来，请先另设 HONGLING_DATA。"


@click.command("demo-data")
@click.option("--scale", default=1, type=click.IntRange(1, 50), help="规模的倍数，供压力测试")
@with_appcontext
def demo_data(scale: int) -> None:
    """Fill an empty database with an invented city."""
    upgrade()
    if db.session.scalar(select(func.count(User.id))):
        raise click.ClickException(FULL)
    password = password_of(current_app.config["HONGLING"])
    generate(crypto.hash_password(password), scale=scale)
    click.echo(summary())


def generate(password_hash: str, *, scale: int = 1) -> None:
    """The whole city in one transaction; then what falls due, as the worker would find it."""
    city = City(clock.now(), scale)
    pictures = album.develop()
    places = units.build(city)
    crew = people.build(city, places, password_hash)
    posted = posts.build(city, places, crew)
    served = {post.posting[name] for post in posted for name in ("host_unit_id", "sending_unit_id")}
    people.build_officers(city, places, crew, served)
    visits.build(city, posted, pictures)
    issues.build(city, posted, pictures)
    meetings.build(city, posted)
    duties.build(city, posted, crew, pictures)
    feedback.build(city)
    save(city)
    db.session.commit()
    for _ in cast(Iterator[None], scan()):
        db.session.commit()
    _read_some(crew.cast["an"])
    db.session.commit()


def summary() -> str:
    counts = {"账号": User.id, "选派": Posting.id, "走访": Visit.id, "民情": Issue.id}
    found = {name: db.session.scalar(select(func.count(id))) for name, id in counts.items()}
    return "演示城市已生成：" + "、".join(f"{name} {number}" for name, number in found.items())


def _read_some(an: dict[str, Any]) -> None:
    """Most have looked into their inbox since; an's waits for her."""
    read = update(Reminder).where(Reminder.person_id != an["id"], Reminder.expires_at < clock.now())
    db.session.execute(read.values(seen_at=Reminder.at))


def password_of(told: dict[str, Any]) -> str:
    """The operator's, else one made the first time; kept where `serve` reads it."""
    kept: Path = told["data"] / "demo-password"
    if told["demo_password"]:
        password = str(told["demo_password"])
    elif kept.is_file():
        return kept.read_text("utf-8").strip()
    else:
        password = f"lin-yi-{secrets.token_hex(4)}"
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(password)
    return password
