"""The secretaries: as many as the article counts, at as many communities, of those ranks."""

import uuid
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import NamedTuple

from server.accounts import service as accounts
from server.core.settings import rules as numbers
from server.postings import service as postings
from server.postings.models import Posting, PostingEnd

from . import days
from .city import City, Row, dice, log, record, scope, words
from .people import GAO_AREA, People, area_of, join
from .units import COVERED, JI_UNIT, Area, Units, split

SECRETARIES, COUNTY_RANK, SECTION_RANK = 507, 44, 339  # the article's numbers
AT_COMMUNITIES = 300  # ours: some communities have two
SENT_BY_CITY = 62  # ours
ENDED, RECALLED = 18, 2  # ours; the article: two recalled so far
COHORTS = (("第二批", 14), ("第三批", 5))  # name, months since the start
TERM_MONTHS = 24
SECRETARY = {"roles": ["secretary"]}


class Post(NamedTuple):
    """Who serves where: the person's, the posting's and the host's rows."""

    person: Row
    posting: Row
    host: Row


class Seat(NamedTuple):
    area: Area
    host: Row


def build(city: City, units: Units, people: People) -> list[Post]:
    chance = dice("posts")
    seats = _seats(city, units, chance)
    tiers = _tiers(city, chance)
    cast = {0: "an", 1: "ding", _first_of(seats, GAO_AREA): "bai"}
    free = [i for i in range(len(seats)) if i not in cast]
    by_city = set(chance.sample(free, SENT_BY_CITY * city.scale))
    numbers_left = (f"s{number:04}" for number in count(1))
    found: list[Post] = []
    for i, (seat, tier) in enumerate(zip(seats, tiers, strict=True)):
        username = cast.get(i) or next(numbers_left)
        facts = {"rank_tier": tier, "area_path": seat.area.path}
        person = join(city, people, chance, username, **SECRETARY | facts)
        level = "city" if i in by_city else "county"
        found.append(_send(city, units, people, chance, person, seat, level))
    _name_leads(found)
    for i in range(ENDED * city.scale):
        reason = "recall" if i < RECALLED * city.scale else chance.choice(("term", "transfer"))
        host = chance.choice(seats).host
        _build_ended(city, units, people, chance, next(numbers_left), host, reason)
    return found


def members(posts: list[Post]) -> dict[uuid.UUID, list[Post]]:
    """By branch."""
    found: dict[uuid.UUID, list[Post]] = {}
    for post in posts:
        found.setdefault(post.posting["branch_id"], []).append(post)
    return found


def lead_of(branch: list[Post]) -> Post:
    return next(post for post in branch if "branch_lead" in post.person["roles"])


def _seats(city: City, units: Units, chance: Random) -> list[Seat]:
    """Where each serves; the cast's own county and places come first."""
    n = city.scale
    at_firms = (SECRETARIES - AT_COMMUNITIES) * n
    found = []
    for area, covered, social, firms in zip(
        units.areas, split(COVERED * n), split(AT_COMMUNITIES * n), split(at_firms), strict=True
    ):
        for hosts, seats in ((area.communities[:covered], social), (area.enterprises, firms)):
            once = hosts[:seats]
            twice = chance.choices(hosts, k=seats - len(once))
            found += [Seat(area, host) for host in [*once, *twice]]
    return found


def _first_of(seats: list[Seat], path: str) -> int:
    """bai serves at the county's first enterprise."""
    return next(
        i
        for i, (area, host) in enumerate(seats)
        if area.path == path and host["kind"] == "enterprise"
    )


def _tiers(city: City, chance: Random) -> list[str | None]:
    n = city.scale
    known = COUNTY_RANK + SECTION_RANK
    dealt = {"county": COUNTY_RANK, "section": SECTION_RANK, None: SECRETARIES - known}
    tiers = [tier for tier, number in dealt.items() for _ in range(number * n)]
    chance.shuffle(tiers)
    for i in (0, 1):  # an and ding are section-level
        j = tiers.index("section", i)
        tiers[i], tiers[j] = tiers[j], tiers[i]
    return tiers


def _send(
    city: City, units: Units, people: People, chance: Random, person: Row, seat: Seat, level: str
) -> Post:
    area, host = seat
    sender = chance.choice(units.city_senders if level == "city" else area.senders)
    if person["username"] in ("an", "ding"):
        sender = next(row for row in area.senders if row["name"] == JI_UNIT)
    branch = units.city_branch if level == "city" else area.branch
    cohort, months = chance.choices(COHORTS, (3, 2))[0]
    start_on = days.months_ago(city.now, months)
    organizer = people.organizers[units.city_branch["area_path"] if level == "city" else area.path]
    where = {
        "branch_id": branch["id"],
        "host_unit_id": host["id"],
        "sending_unit_id": sender["id"],
        "area_path": area.path,
    }
    person.update(where)
    posting = _post(city, chance, person, organizer, level, cohort, start_on, where)
    return Post(person, posting, host)


def _post(
    city: City,
    chance: Random,
    person: Row,
    organizer: Row,
    level: str,
    cohort: str,
    start_on: date,
    where: Row,
) -> Row:
    entered = days.moment_on(start_on - timedelta(days=chance.randrange(2, 9)), chance)
    posting = record(
        city,
        Posting,
        chance,
        by=organizer["id"],
        made_at=entered,
        owner_id=person["id"],
        author_id=organizer["id"],
        dispatch_level=level,
        cohort=cohort,
        start_on=start_on,
        end_on=date(start_on.year + TERM_MONTHS // 12, start_on.month, 1) - timedelta(days=1),
        **where,
    )
    log(city, accounts.take_post, person, by=organizer["id"], at=posting["received_at"])
    log(city, postings.log_posting, posting, by=organizer["id"])
    return posting


def _name_leads(posts: list[Post]) -> None:
    """Each branch has one lead, appointed by the organizer; the cast's is ding."""
    ding = next(post.person for post in posts if post.person["username"] == "ding")
    for branch in members(posts).values():
        people = [post.person for post in branch]
        lead = ding if ding in people else next(row for row in people if row["rank_tier"])
        lead["roles"] = ["branch_lead", "secretary"]


def _build_ended(
    city: City, units: Units, people: People, chance: Random, username: str, host: Row, reason: str
) -> None:
    """One of the first cohort, home again: the account stays, its role has lapsed."""
    area = area_of(units, host["area_path"])
    facts = {"rank_tier": "section", "area_path": area.path}
    person = join(city, people, chance, username, **SECRETARY | facts)
    organizer = people.organizers[area.path]
    where = {
        "branch_id": area.branch["id"],
        "host_unit_id": host["id"],
        "sending_unit_id": chance.choice(area.senders)["id"],
        "area_path": area.path,
    }
    person.update(where)
    start_on = days.months_ago(city.now, 30)
    posting = _post(city, chance, person, organizer, "county", "第一批", start_on, where)
    ended_on = days.months_ago(city.now, chance.randrange(5, 8)) - timedelta(days=1)
    posting["ended_on"] = ended_on
    stays = timedelta(days=numbers()["posting"]["send_days_after_end"])
    person["serves_until"] = ended_on + stays
    _end(city, chance, person, posting, organizer, reason, ended_on)


def _end(
    city: City,
    chance: Random,
    person: Row,
    posting: Row,
    organizer: Row,
    reason: str,
    ended_on: date,
) -> None:
    end = record(
        city,
        PostingEnd,
        chance,
        by=organizer["id"],
        made_at=days.moment_on(ended_on, chance),
        author_id=organizer["id"],
        posting_id=posting["id"],
        ended_on=ended_on,
        reason=reason,
        note=words()["ends"][reason],
        handed_over=0,
        **scope(posting),
    )
    log(city, accounts.leave_post, person, by=organizer["id"], at=end["received_at"])
    detail = {"posting": str(posting["id"]), "handed_over": 0}
    log(city, postings.end_posting, end, by=organizer["id"], detail=detail)
