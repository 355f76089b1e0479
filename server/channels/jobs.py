"""What the worker does for channels: it alone renews tokens, and sweeps used-up exchanges."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import delete

from server.core import clock
from server.core.db import db
from server.core.jobs import job

from . import tokens
from .models import Exchange


@job("tokens.renew", every=timedelta(seconds=15))
def renew_tokens() -> Iterator[None]:
    yield from tokens.renew()


@job("exchanges.sweep", every=timedelta(hours=1))
def sweep_exchanges() -> None:
    """A code serves for a minute."""
    old = delete(Exchange).where(Exchange.at < clock.now() - timedelta(minutes=5))
    db.session.execute(old)
