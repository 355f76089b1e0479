"""Ninety days of visits: as often as each likes, with or without place, clock and photo."""

from datetime import date, datetime, timedelta
from random import Random

from server.core.settings import rules as numbers
from server.visits import service
from server.visits.models import Visit, VisitVoid
from server.visits.rules import cell_of

from . import days
from .album import Album, hang
from .city import City, Row, dice, log, record, scope, weighted, words
from .posts import Post

# kind → weight, at a community and at an enterprise
KINDS = {
    "community": {"household": 62, "member": 16, "unit": 16, "enterprise": 6},
    "enterprise": {"enterprise": 66, "member": 20, "unit": 14},
}
WITH_PLACE, WITH_CLOCK, WITH_PHOTO, VOIDED, WITH_REVISIT = 0.42, 0.3, 0.1, 0.004, 0.06
PLACES = {"near": 84, "unsure": 13, "far": 3}
# How long a record waited on the phone: at once, until there was signal, until home, for days.
WAITS = {20: 80, 1500: 12, 14_000: 7, 200_000: 1}
SCENES = {"enterprise": "works", "unit": "office", "member": "room", "household": "homes"}


def build(city: City, posts: list[Post], album: Album) -> None:
    chance = dice("visits")
    for post in posts:
        lively = post.person["username"] in ("an", "ding", "bai")
        n = 40 if lively else min(48, max(2, round(chance.lognormvariate(2.95, 0.55))))
        for made_at in days.moments(city.now, n, chance):
            _visit(city, chance, album, post, made_at)
    an = next(post for post in posts if post.person["username"] == "an")
    for moment in a_week(city.now, chance):
        _visit(city, chance, album, an, moment, waited=20)


def a_week(now: datetime, chance: Random) -> list[datetime]:
    """Of an's visits, those that are sure to be recent."""
    today = days.day_of(now)
    before = [days.moment_on(today - timedelta(days=ago), chance) for ago in (1, 2, 4)]
    return [*before, days.lately(now, timedelta(minutes=40))]


def note(chance: Random, kind: str) -> tuple[str, str]:
    """Whom and what was said, in one of many ways."""
    told, where = words()["visits"][kind], spot(chance)
    if "pairs" in told:
        whom, said = chance.choice(told["pairs"])
    else:
        whom, said = chance.choice(told["whom"]), chance.choice(told["said"])
    return whom.format(**where), (said + chance.choice(told["next"])).format(**where)


def spot(chance: Random) -> dict[str, int]:
    """What the words leave open: {n} and {n2} are buildings, {m} a unit, {k} a small number."""
    n = chance.randrange(1, 28)
    return {"n": n, "n2": n + 1, "m": chance.randrange(1, 5), "k": chance.randrange(2, 9)}


def waiting(chance: Random) -> int:
    return int(weighted(chance, WAITS) * chance.uniform(0.5, 1.5))


def _visit(
    city: City,
    chance: Random,
    album: Album,
    post: Post,
    made_at: datetime,
    waited: int | None = None,
) -> None:
    kind = weighted(chance, KINDS[post.host["kind"]])
    whom, said = note(chance, kind)
    place = weighted(chance, PLACES) if chance.random() < WITH_PLACE else None
    visit = record(
        city,
        Visit,
        chance,
        by=post.person["id"],
        made_at=made_at,
        waited=timedelta(seconds=waiting(chance) if waited is None else waited),
        labels=[place] if place else [],
        posting_id=post.posting["id"],
        kind=kind,
        whom=whom,
        said=said,
        households=chance.randrange(1, 9) if kind == "household" else None,
        place=place,
        cell=_cell(post.host, away=place == "far") if place else None,
        revisit_on=_again(chance, made_at) if kind == "household" else None,
        **_clock(chance, made_at),
        **scope(post.posting),
    )
    log(city, service.log_visit, visit, by=post.person["id"])
    if chance.random() < WITH_PHOTO:
        hang(city, chance, album, "visit", visit, [(SCENES[kind], "before")])
    if chance.random() < VOIDED:
        _void(city, chance, visit)


def _clock(chance: Random, made_at: datetime) -> Row:
    if chance.random() > WITH_CLOCK:
        return {}
    length = timedelta(minutes=chance.randrange(10, 75))
    return {"started_at": made_at - length, "ended_at": made_at - timedelta(minutes=1)}


def _again(chance: Random, made_at: datetime) -> date | None:
    """Some are to be visited again, as people say it: in a week, in three."""
    if chance.random() > WITH_REVISIT:
        return None
    return days.day_of(made_at) + timedelta(days=chance.choice((7, 21, 30)))


def _cell(host: Row, *, away: bool) -> str:
    degrees: float = numbers()["place"]["cell_degrees"]
    north = host["latitude"] + (2 * degrees if away else 0)
    return cell_of((north, host["longitude"]), degrees=degrees)


def _void(city: City, chance: Random, visit: Row) -> None:
    made_at = min(visit["made_at"] + timedelta(minutes=30), city.now)
    void = record(
        city,
        VisitVoid,
        chance,
        by=visit["owner_id"],
        made_at=made_at,
        reason=chance.choice(("重复记了一次", "记错了楼号", "不是今天的走访")),
        **scope(visit),
    )
    void["id"] = visit["id"]
    visit["voided_at"], visit["void_reason"] = made_at, void["reason"]
    log(city, service.void_visit, void, by=visit["owner_id"])
