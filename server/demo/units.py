"""Counties' shares of the city, and who sends, who hosts, who meets together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from server.core import areas
from server.core.areas import CITY
from server.organizations.models import HostUnit, SendingUnit, TemporaryBranch

from .city import City, Row, add, dice, new_id, words

COMMUNITIES, COVERED = 325, 219  # the article's numbers
ENTERPRISES = 180

# Communities of each county or zone (together 325), and roughly where it lies (WGS-84 degrees).
SHARES: dict[str, tuple[int, float, float]] = {
    "371302": (64, 35.06, 118.34),
    "371311": (40, 34.97, 118.28),
    "371312": (44, 35.09, 118.40),
    "371321": (11, 35.55, 118.46),
    "371322": (9, 34.61, 118.35),
    "371323": (20, 35.79, 118.63),
    "371324": (14, 34.86, 118.07),
    "371325": (18, 35.27, 117.98),
    "371326": (22, 35.51, 117.63),
    "371327": (15, 35.18, 118.84),
    "371328": (13, 35.71, 117.95),
    "371329": (28, 34.92, 118.65),
    "371371": (9, 35.11, 118.26),
    "371372": (12, 35.01, 118.45),
    "371373": (6, 35.03, 119.02),
}
ZONE_NAMES = {"371371": "高新区", "371372": "经开区", "371373": "临港区"}
SPREAD = 0.03  # degrees: how far units lie around their county's middle

# Where the cast serves. (county, name, kind)
AN_HOST = ("371302", "棠汀社区", "community")
DING_HOST = ("371302", "枫汀社区", "community")
BAI_HOST = ("371311", "荷洲机械制造有限公司", "enterprise")
JI_UNIT = "兰山区审计局"


@dataclass
class Area:
    """One county or zone: what stands in it."""

    path: str
    name: str
    share: int
    communities: list[Row] = field(default_factory=list)
    enterprises: list[Row] = field(default_factory=list)
    senders: list[Row] = field(default_factory=list)
    branch: Row = field(default_factory=dict)


@dataclass
class Units:
    areas: list[Area]
    city_senders: list[Row]
    city_branch: Row


def build(city: City) -> Units:
    chance = dice("units")
    places = _communities()
    found = []
    for code, (share, latitude, longitude) in SHARES.items():
        path = f"{CITY}{code}/"
        area = Area(path, ZONE_NAMES.get(code) or areas.names()[path], share)
        spot = (latitude, longitude)
        for name in _names_here(places, code, share * city.scale, AN_HOST, DING_HOST):
            area.communities.append(_host(city, chance, area, name, "community", spot))
        area.branch = _branch(city, chance, f"{area.name}红领书记临时党支部", "county", path)
        area.senders = _senders(city, chance, path, area.name, code in ZONE_NAMES)
        found.append(area)
    firms = _firms()
    for area, n in zip(found, split(ENTERPRISES * city.scale), strict=True):
        code = area.path.strip("/").split("/")[-1]
        _, latitude, longitude = SHARES[code]
        for name in _names_here(firms, code, n, BAI_HOST):
            host = _host(city, chance, area, name, "enterprise", (latitude, longitude))
            area.enterprises.append(host)
    return Units(
        found,
        _senders(city, chance, CITY, "", False),
        _branch(city, chance, "市派红领书记临时党支部", "city", CITY),
    )


def split(total: int) -> list[int]:
    """`total` over the counties by their shares; largest remainders first, so that it adds up."""
    shares = [share for share, *_ in SHARES.values()]
    exact = [total * share / sum(shares) for share in shares]
    found = [int(part) for part in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: found[i] - exact[i])
    for i in by_rest[: total - sum(found)]:
        found[i] += 1
    return found


def _communities() -> Iterator[str]:
    """Every name once, in an order of its own; numbered when even a large city has used them up."""
    told = words()["places"]
    stems = [first + second for first in told["first"] for second in told["second"]]
    dice("communities").shuffle(stems)
    number = 0
    while True:
        for side in told["sides"]:
            yield from (f"{stem}{side}{number or ''}社区" for stem in stems)
        number += 1


def _firms() -> Iterator[str]:
    told = words()["places"]
    chance = dice("firms")
    stems = [first + second for first in told["first"] for second in told["second"]]
    names = [f"{stem}{trade}有限公司" for stem in stems for trade in told["trades"]]
    chance.shuffle(names)
    return iter(names)


def _names_here(names: Iterator[str], code: str, n: int, *cast: tuple[str, str, str]) -> list[str]:
    """The cast's places first in their county; nowhere else does another bear such a name."""
    found = [name for county, name, _ in cast if county == code]
    taken = {name for _, name, _ in cast}
    while len(found) < n:
        name = next(names)
        if name not in taken:
            found.append(name)
    return found


def _host(
    city: City, chance: Random, area: Area, name: str, kind: str, spot: tuple[float, float]
) -> Row:
    latitude, longitude = (round(x + chance.uniform(-SPREAD, SPREAD), 5) for x in spot)
    return add(
        city,
        HostUnit,
        id=new_id(chance),
        name=name,
        kind=kind,
        area_path=area.path,
        latitude=latitude,
        longitude=longitude,
    )


def _branch(city: City, chance: Random, name: str, level: str, path: str) -> Row:
    return add(city, TemporaryBranch, id=new_id(chance), name=name, level=level, area_path=path)


def _senders(city: City, chance: Random, path: str, prefix: str, zone: bool) -> list[Row]:
    kind = "city" if path == CITY else "zone" if zone else "county"
    return [
        add(
            city,
            SendingUnit,
            id=new_id(chance),
            name=prefix + name,
            category=category,
            area_path=path,
        )
        for category, names in words()["units"][kind].items()
        for name in names
    ]
