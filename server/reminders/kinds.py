"""What may ring, and when: the city's words in config/rules.toml."""

from datetime import time
from typing import NamedTuple

from server.core import workdays
from server.core.settings import rules as numbers

from .rules import Quiet, Times


class Kind(NamedTuple):
    """`rings`: unless a person chose otherwise; `alone`: outside the digest; `news`: never."""

    name: str
    words: str
    rings: bool
    alone: bool = False
    news: bool = False


def kinds() -> list[Kind]:
    return [Kind(name, **told) for name, told in numbers()["bell"]["kinds"].items()]


def kind_of(name: str) -> Kind:
    """A kind that nobody described rings only for who asks for it."""
    told = numbers()["bell"]["kinds"].get(name, {"words": name, "rings": False})
    return Kind(name, **told)


def times() -> Times:
    bell = numbers()["bell"]
    quiet = Quiet(time.fromisoformat(bell["quiet_from"]), time.fromisoformat(bell["quiet_until"]))
    return Times(quiet, workdays.is_workday)
