"""Providers' access tokens: kept sealed, read by everybody, renewed by the worker alone. Requests
never fetch one: two that did would end each other's."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import or_, select, update

from server.core import clock, crypto
from server.core.db import db, insert_once
from server.core.jobs import SLACK

from .models import AccessToken

EARLY = timedelta(minutes=5)  # both the old and the new one hold for so long
LEASE = timedelta(minutes=1)
PATIENCE = timedelta(seconds=30)  # after a failure

Fetch = Callable[[Mapping[str, Any]], tuple[str, int] | None]


class Provider(NamedTuple):
    """`fetch(settings)`: a new token and its seconds, or None when that failed."""

    ready: Callable[[Mapping[str, Any]], bool]
    fetch: Fetch


PROVIDERS: dict[str, Provider] = {}


def current(provider: str) -> str | None:
    good = (AccessToken.provider == provider, AccessToken.expires_at > clock.now())
    box = db.session.scalar(select(AccessToken.sealed).where(*good))
    return crypto.unseal(box, about=f"token {provider}") if box else None


def stale(provider: str | None, seen: str | None) -> None:
    """The provider refused `seen`. One that was renewed meanwhile stays."""
    if provider and seen and current(provider) == seen:
        _set(provider, expires_at=clock.now())


def renew() -> Iterator[None]:
    """For each that is missing, stale or ends soon: claim, fetch without a transaction, keep."""
    settings = current_app.config["HONGLING"]
    for name, provider in PROVIDERS.items():
        if not provider.ready(settings) or not _claim(name):
            continue
        yield
        fetched = provider.fetch(settings)
        if fetched:
            token, seconds = fetched
            until = clock.now() + timedelta(seconds=seconds)
            box = crypto.seal(token, about=f"token {name}")
            _set(name, sealed=box, expires_at=until, claimed_until=None)
        else:
            _set(name, claimed_until=clock.now() + PATIENCE)
        yield


def _claim(provider: str) -> bool:
    now = clock.now()
    insert_once(AccessToken, provider=provider)
    until, ends = AccessToken.claimed_until, AccessToken.expires_at
    mine = update(AccessToken).where(
        AccessToken.provider == provider,
        or_(until.is_(None), until < now, until > now + LEASE + SLACK),
        or_(ends.is_(None), ends <= now + EARLY),
    )
    taken = db.session.connection().execute(mine.values(claimed_until=now + LEASE))
    return taken.rowcount == 1


def state() -> dict[str, datetime | None]:
    """Until when each holds, for whoever runs the machine."""
    rows = db.session.execute(select(AccessToken.provider, AccessToken.expires_at))
    return {row.provider: row.expires_at for row in rows}


def _set(provider: str, **values: Any) -> None:
    row = update(AccessToken).where(AccessToken.provider == provider)
    db.session.execute(row.values(**values))
