import uuid

from server.core import clock
from server.core.access import Who
from server.core.audit import audited
from server.core.db import db
from server.core.errors import StateConflict

from . import addresses
from .models import Address
from .registry import CHANNELS


@audited("address.log")
def log_address(who: Who, id: uuid.UUID, *, channel: str, value: str, label: str) -> Address:
    """Known before: switched on again. A browser that another person used on this phone is the new
    person's: nobody hears another's reminders."""
    known = addresses.find(channel, value)
    if known and known.user_id != who.actor.id:
        if channel != "web_push":
            raise StateConflict("这个地址已由另一位同志登记")
        db.session.delete(known)
        db.session.flush()
        known = None
    row = known or Address(id=id, user_id=who.actor.id, channel=channel, created_at=clock.now())
    row.sealed, row.hashed = addresses.sealed(row.id, value), addresses.hashed(channel, value)
    row.label, row.on, row.broken = label, True, None
    db.session.add(row)
    return row


@audited("address.switch")
def switch_address(who: Who, address: Address, *, on: bool) -> Address:
    """Switching on again also tries one that stopped working."""
    address.on = on
    address.broken = None if on else address.broken
    return address


@audited("address.drop")
def drop_address(who: Who, address: Address) -> Address:
    db.session.delete(address)
    return address


@audited("address.bind")
def bind(who: Who, user_id: uuid.UUID, *, channel: str, external: str) -> Address:
    """Once: one account there for one account here. Whoever wants another one drops this first."""
    known = addresses.find(channel, external)
    if known and known.user_id == user_id:
        return known
    words = CHANNELS[channel].words
    if known:
        raise StateConflict(f"这个{words}账号已绑定另一位同志，请联系管理员")
    if addresses.of(user_id, channel):
        raise StateConflict(f"您的账号已绑定另一个{words}账号，请先在提醒设置里解除")
    row = Address(id=uuid.uuid4(), user_id=user_id, channel=channel, created_at=clock.now())
    row.sealed, row.hashed = addresses.sealed(row.id, external), addresses.hashed(channel, external)
    row.label, row.on, row.broken = words, True, None
    row.audit_detail = {"person": str(user_id), "channel": channel}  # type: ignore[attr-defined]
    db.session.add(row)
    return row
