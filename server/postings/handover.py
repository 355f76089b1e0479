"""What a posting leaves behind. The rooms below say how much of theirs is still open under it and
how that goes over to the successor; this room, which may not read below, only asks them."""

from collections.abc import Callable
from typing import NamedTuple

from server.core.access import Who
from server.core.records import Told

from .models import Posting

Count = Callable[[Posting], int]
HandOver = Callable[[Who, Posting, Posting, Told], int]


class Room(NamedTuple):
    count: Count
    hand_over: HandOver


_rooms: list[Room] = []


def register(*, count: Count, hand_over: HandOver) -> None:
    """`count(posting)`: how many are open. `hand_over(who, posting, successor, told)`: pass them
    all on in the running transaction and say how many that were."""
    _rooms.append(Room(count, hand_over))


def count(posting: Posting) -> int:
    return sum(room.count(posting) for room in _rooms)


def hand_over(who: Who, posting: Posting, successor: Posting, told: Told) -> int:
    return sum(room.hand_over(who, posting, successor, told) for room in _rooms)
