"""The cast, who organizes, and who answers for the units. Only the cast has a password."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from server.accounts import service as accounts
from server.accounts.models import User
from server.core.areas import CITY

from . import days
from .city import City, Row, add, dice, log, new_id, words
from .units import AN_HOST, JI_UNIT, Area, Units

# Username → name, roles. Where they serve: see units.py and posts.py.
CAST: dict[str, tuple[str, list[str]]] = {
    "zong": ("宗明", ["administrator"]),
    "hu": ("胡杨", ["organizer"]),
    "fang": ("方圆", ["organizer"]),
    "gao": ("高远", ["organizer"]),
    "ji": ("季春", ["sending_unit_officer"]),
    "he": ("何苗", ["host_officer"]),
    "an": ("安宁", ["secretary"]),
    "ding": ("丁一", ["secretary", "branch_lead"]),
    "bai": ("白桦", ["secretary"]),
}
FANG_AREA, GAO_AREA = f"{CITY}371302/", f"{CITY}371311/"
# The people whom the article names are real: nobody here bears their names.
REAL = {"秦贤伟", "孙志山", "刘孝伟"}
MONTHS_OF_HISTORY = 32


@dataclass
class People:
    """`organizers` by area path, the city's too."""

    password_hash: str
    cast: dict[str, Row] = field(default_factory=dict)
    organizers: dict[str, Row] = field(default_factory=dict)
    names: Iterator[str] = field(default_factory=lambda: _names())


def build(city: City, units: Units, password_hash: str) -> People:
    """Those who were there first: the machine's keeper and the organizers."""
    people = People(password_hash)
    chance = dice("offices")
    join(city, people, chance, "zong", area_path=CITY)
    people.organizers[CITY] = join(city, people, chance, "hu", area_path=CITY)
    named = {FANG_AREA: "fang", GAO_AREA: "gao"}
    for number, area in enumerate(units.areas, 1):
        username = named.get(area.path) or f"z{number:02}"
        people.organizers[area.path] = join(
            city, people, chance, username, roles=["organizer"], area_path=area.path
        )
    return people


def build_officers(city: City, units: Units, people: People, served: set[uuid.UUID]) -> None:
    """One for each unit that sent somebody and for each that somebody serves."""
    chance = dice("officers")
    senders = [*units.city_senders, *(row for area in units.areas for row in area.senders)]
    hosts = [row for area in units.areas for row in [*area.communities, *area.enterprises]]
    for letter, role, column, rows in (
        ("p", "sending_unit_officer", "sending_unit_id", senders),
        ("h", "host_officer", "host_unit_id", hosts),
    ):
        for number, row in enumerate((row for row in rows if row["id"] in served), 1):
            username = {AN_HOST[1]: "he", JI_UNIT: "ji"}.get(row["name"], f"{letter}{number:04}")
            told = {"roles": [role], "area_path": row["area_path"], column: row["id"]}
            join(city, people, chance, username, **told)


def join(
    city: City,
    people: People,
    chance: Random,
    username: str,
    *,
    rank_tier: Any = None,
    **facts: Any,
) -> Row:
    """An account as the administrator made it, some months ago."""
    name, roles = CAST.get(username) or (next(people.names), [])
    made_at = days.moment_on(days.months_ago(city.now, MONTHS_OF_HISTORY), chance)
    made_at += timedelta(days=chance.randrange(25))
    row = add(
        city,
        User,
        id=new_id(chance),
        username=username,
        name=name,
        rank_tier=rank_tier,
        password_hash=people.password_hash if username in CAST else None,
        created_at=made_at,
        **facts | ({"roles": roles} if roles else {}),
    )
    if username in CAST:
        people.cast[username] = row
    log(city, accounts.log_account, row, by=people.cast["zong"]["id"], at=made_at)
    return row


def _names() -> Iterator[str]:
    """Made-up names, each once."""
    chance, told = dice("names"), words()["people"]
    taken = REAL | {name for name, _ in CAST.values()}
    while True:
        given = "".join(chance.sample(told["given"], 1 if chance.random() < 0.22 else 2))
        name = _surname(chance) + given
        if name not in taken:
            taken.add(name)
            yield name


def _surname(chance: Random) -> str:
    """The first of the list are the most frequent, as they are in life."""
    return chance.choices(words()["people"]["surnames"], _weights())[0]


@cache
def _weights() -> list[float]:
    return [1 / (rank + 4) for rank in range(len(words()["people"]["surnames"]))]


def area_of(units: Units, path: str) -> Area:
    return next(area for area in units.areas if area.path == path)
