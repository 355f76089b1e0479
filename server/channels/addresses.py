"""Where people can be reached: kept sealed, found by a MAC, opened only to send."""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from flask import current_app
from sqlalchemy import select, update

from server.accounts.models import User
from server.core import crypto
from server.core.access import Who
from server.core.db import db

from . import tokens
from .channel import Message, Outcome, Result
from .models import Address
from .registry import CHANNELS


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
    """By person who is not disabled, all that are switched on and not broken; one query. The order
    in which channels are tried is not decided here."""
    found = defaultdict(list)
    usable = (Address.user_id.in_(list(people)), Address.on.is_(True), Address.broken.is_(None))
    theirs = select(Address).join(User, User.id == Address.user_id)
    for address in db.session.scalars(theirs.where(*usable, User.disabled_at.is_(None))):
        found[address.user_id].append(Reach(address.id, address.channel, opened(address)))
    return found


def note_broken(id: uuid.UUID, why: str) -> None:
    """`why`: a sentence for its owner, who can set it up again."""
    db.session.execute(update(Address).where(Address.id == id).values(broken=why[:200]))


def of(user_id: uuid.UUID, channel: str) -> Address | None:
    """What this person bound there."""
    query = select(Address).where(Address.user_id == user_id, Address.channel == channel)
    return db.session.scalar(query)


def all_of(who: Who) -> list[Address]:
    return list(db.session.scalars(who.all(Address)))


def token_for(channel: str) -> str | None:
    provider = CHANNELS[channel].provider
    return tokens.current(provider) if provider else None


def send(channel: str, value: str, message: Message, token: str | None) -> Result:
    """At once, without a transaction."""
    if CHANNELS[channel].provider and token is None:
        return Result(Outcome.REFRESH_TOKEN, "no_token", "还没有取到访问令牌")
    return CHANNELS[channel].send(current_app.config["HONGLING"], value, message, token)
