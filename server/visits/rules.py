"""What a place says about a visit. Pure: no database, no clock, no request.

It is a label for a person to judge, weighs nothing in appraisal and refuses nothing."""

from enum import StrEnum
from math import asin, cos, floor, radians, sin, sqrt
from typing import Any, NamedTuple

EARTH_DIAMETER_METRES = 12_742_017.6
NOWHERE = (0.0, 0.0)

Point = tuple[float, float]  # latitude, longitude: WGS-84 degrees


class Place(StrEnum):
    NEAR = "near"
    FAR = "far"
    UNSURE = "unsure"


class Verdict(NamedTuple):
    """What is kept of a fix: how it lies to the host unit, and a cell of some two kilometres."""

    place: Place | None
    cell: str | None


def metres_between(a: Point, b: Point) -> float:
    """Great-circle distance (haversine); good to 0.5 % anywhere."""
    (lat1, lng1), (lat2, lng2) = ((radians(x), radians(y)) for x, y in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lng2 - lng1) / 2) ** 2
    return EARTH_DIAMETER_METRES * asin(sqrt(min(1.0, h)))


def judge_place(
    *, spot: Point | None, accuracy: float, host: Point | None, rules: dict[str, Any]
) -> Verdict:
    """`accuracy` in metres. Near and far only where the whole circle of doubt agrees."""
    if spot is None or spot == NOWHERE:
        return Verdict(None, None)
    cell = cell_of(spot, degrees=rules["cell_degrees"])
    if host is None or accuracy > rules["unsure_accuracy_metres"]:
        return Verdict(Place.UNSURE, cell)
    away = metres_between(spot, host)
    if away + accuracy <= rules["near_metres"]:
        return Verdict(Place.NEAR, cell)
    if away - accuracy > rules["near_metres"]:
        return Verdict(Place.FAR, cell)
    return Verdict(Place.UNSURE, cell)


def cell_of(spot: Point, *, degrees: float) -> str:
    """The south-west corner of the cell, as "35.04,118.34"."""
    south, west = (floor(round(x / degrees, 6)) * degrees for x in spot)
    return f"{south:.2f},{west:.2f}"
