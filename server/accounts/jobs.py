"""What the worker does for accounts: forgets phones that nobody has heard of for long."""

from datetime import timedelta

from sqlalchemy import delete

from server.core import clock
from server.core.db import db
from server.core.jobs import job
from server.core.settings import rules as numbers

from .models import Device


@job("devices.sweep", every=timedelta(days=1))
def sweep() -> None:
    kept = timedelta(days=numbers()["devices"]["kept_days"])
    old = delete(Device).where(Device.reported_at < clock.now() - kept)
    db.session.connection().execute(old)
