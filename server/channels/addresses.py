"""Where people can be reached: kept sealed, found by a MAC, opened only to send."""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select, update

from server.core import crypto
from server.core.db import db

from .models import Address


class Reach(NamedTuple):
    """One address, opened: what `Channel.send` is given."""

    id: uuid.UUID
    channel: str
    value: str


def hashed(channel: str, value: str) -> str:
    """Of a push subscription only the endpoint counts: its keys may be renewed."""
    told = json.loads(value)["endpoint"] if channel == "web_push" else value
    return crypto.mac("address", f"{channel}|{told}".encode()).hex()


def sealed(id: uuid.UUID, value: str) -> str:
    return crypto.seal(value, about=f"address {id}")


def opened(address: Address) -> str:
    return crypto.unseal(address.sealed, about=f"address {address.id}")


def find(channel: str, value: str) -> Address | None:
    """Whoever is known on that channel by that name."""
    query = select(Address).where(
        Address.channel == channel, Address.hashed == hashed(channel, value)
    )
    return db.session.scalar(query)


def reaching(people: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Reach]]:
    """By person, all that are switched on and not broken; one query however many people. The order
    in which channels are tried is not decided here."""
    found = defaultdict(list)
    usable = (Address.user_id.in_(list(people)), Address.on.is_(True), Address.broken.is_(None))
    for address in db.session.scalars(select(Address).where(*usable)):
        found[address.user_id].append(Reach(address.id, address.channel, opened(address)))
    return found


def note_broken(id: uuid.UUID, why: str) -> None:
    """`why`: a sentence for its owner, who can set it up again."""
    db.session.execute(update(Address).where(Address.id == id).values(broken=why[:200]))
