"""What sending units did for their secretaries since these were posted: most of it in time, some of
it late, some of it not yet."""

import uuid
from datetime import date, timedelta
from random import Random

from server.accounts.models import User
from server.core.settings import rules as numbers
from server.duties import service
from server.duties.models import FulfilledPosting, Fulfilment
from server.duties.notes import sealed
from server.duties.rules import Duty, Period, Span, duty_of, plan
from server.organizations import service as organizations
from server.organizations.models import SendingUnit, UnitLeader

from . import days
from .album import Album, hang
from .city import City, Row, add, dice, log, new_id, record, scope, words
from .people import People
from .posts import Post

MONTHS = 9
IN_TIME = 0.93  # of what was due; the rest is overdue
ALREADY = 0.55  # of what is due in a period that still runs
WITH_PHOTO = 0.25
UNIT_DUTIES = ("heart_talk", "hear_report", "research_visit", "onsite_office")
POSTS = ("principal", "personnel", "business")


def build(city: City, posts: list[Post], people: People, album: Album) -> None:
    chance = dice("duties")
    units = {row["id"]: row for row in city.rows[SendingUnit]}
    officers = _officers(city)
    by_unit: dict[uuid.UUID, list[Post]] = {}
    for post in posts:
        by_unit.setdefault(post.posting["sending_unit_id"], []).append(post)
    for unit_id, ours in by_unit.items():
        officer = officers.get(unit_id)
        if officer is not None:
            leaders = _leaders(city, chance, people, units[unit_id], officer)
            _year(city, chance, album, officer, leaders, ours)


def _officers(city: City) -> dict[uuid.UUID, Row]:
    return {
        row["sending_unit_id"]: row
        for row in city.rows[User]
        if "sending_unit_officer" in row.get("roles", [])
    }


def _leaders(city: City, chance: Random, people: People, unit: Row, officer: Row) -> dict[str, Row]:
    made_at = days.moment_on(days.months_ago(city.now, MONTHS), chance)
    found = {}
    for post, title in zip(POSTS, words()["leaders"], strict=True):
        found[post] = row = record(
            city,
            UnitLeader,
            chance,
            by=officer["id"],
            made_at=made_at,
            author_id=officer["id"],
            owner_id=officer["id"],
            sending_unit_id=unit["id"],
            area_path=unit["area_path"],
            name=next(people.names),
            title=title,
            post=post,
        )
        log(city, organizations.log_leader, row, by=officer["id"])
    return found


def _year(
    city: City,
    chance: Random,
    album: Album,
    officer: Row,
    leaders: dict[str, Row],
    ours: list[Post],
) -> None:
    """Duty by duty and period by period, all secretaries of the unit at once, as people do it."""
    today = days.day_of(city.now)
    by_id = {post.posting["id"]: post for post in ours}
    spans = [Span(id, post.posting["start_on"], None) for id, post in by_id.items()]
    window = {"first": days.months_ago(city.now, MONTHS), "last": date(today.year, 12, 31)}
    share = numbers()["duties"]["cover_share"]
    for code in UNIT_DUTIES:
        duty = duty_of(code, numbers()["duty"][code])
        periods: dict[Period, list[Post]] = {}
        for id, period in plan(duty, spans, **window, share=share):
            periods.setdefault(period, []).append(by_id[id])
        for period, whom in periods.items():
            held_on = _day(chance, period, today, cast=officer["username"] == "ji")
            if held_on:
                _note(city, chance, album, officer, leaders, duty, held_on, whom)


def _day(chance: Random, period: Period, today: date, *, cast: bool) -> date | None:
    """None: not held. The cast's own unit has its last quarter still before it."""
    runs = period.last >= today
    if chance.random() > (ALREADY if runs else IN_TIME) or (cast and runs):
        return None
    last = min(period.last, today - timedelta(days=1))
    return period.first + timedelta(days=chance.randrange(max(1, (last - period.first).days)))


def _note(
    city: City,
    chance: Random,
    album: Album,
    officer: Row,
    leaders: dict[str, Row],
    duty: Duty,
    held_on: date,
    whom: list[Post],
) -> None:
    leader = leaders[chance.choice(duty.by or POSTS)]
    made_at = min(days.moment_on(held_on + timedelta(days=chance.randrange(4)), chance), city.now)
    inside = [post for post in whom if post.posting["start_on"] <= held_on]
    if not inside:
        return
    row = record(
        city,
        Fulfilment,
        chance,
        by=officer["id"],
        made_at=made_at,
        author_id=officer["id"],
        owner_id=officer["id"],
        sending_unit_id=officer["sending_unit_id"],
        area_path=officer["area_path"],
        holder=duty.holder,
        duty=duty.code,
        held_on=held_on,
        leader_id=leader["id"],
        leader_name=leader["name"],
        leader_post=leader["post"],
        notes="",
        counts=True,
    )
    row["notes"] = sealed(row["id"], chance.choice(words()["talks"]))
    for post in inside:
        told = {"holder": duty.holder, "duty": duty.code, "held_on": held_on, "counts": True}
        ids = {"fulfilment_id": row["id"], "posting_id": post.posting["id"]}
        add(city, FulfilledPosting, id=new_id(chance), **scope(post.posting), **ids, **told)
    log(city, service.note_fulfilment, row, by=officer["id"])
    if chance.random() < WITH_PHOTO and not duty.confidential:
        hang(city, chance, album, "fulfilment", row, [("office", "after")])
