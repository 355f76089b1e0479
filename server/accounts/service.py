"""Signing in and out, and what the administrator does for others."""

import uuid
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from server.core import clock, crypto, limits
from server.core.access import Role, Who
from server.core.audit import audited
from server.core.db import db, insert_once
from server.core.errors import (
    DigestDiffers,
    IdTaken,
    Locked,
    StaleCode,
    StateConflict,
    WrongPassword,
)
from server.core.ids import new_id, new_token

from . import rules
from .models import ActivationCode, KnownDevice, Session, User

ACTIVATION_DAYS = 3


class SignedIn:
    """A fresh session: the audit line's subject, and the token that exists nowhere else."""

    def __init__(self, user: User, session: Session, token: str):
        self.id, self.area_path = user.id, user.area_path
        self.user, self.session, self.token = user, session, token


@audited("session.open")
def sign_in(
    who: Who, user: User | None, *, good: bool, username: str, device: str, address: str
) -> SignedIn:
    """`good`: whether the password fits, found out before the write began (it takes 150 ms).
    A wrong one is counted, and the count outlives the refusal (WrongPassword.keeps)."""
    _refuse_locked(user, username, device, address)
    if user is None or user.disabled_at or not good:
        for place in (device, address):
            limits.note("password", username, place)
        raise WrongPassword
    for place in (device, address):
        limits.forget("password", username, place)
    return _open(user, device)


@audited("session.open")
def sign_in_elsewhere(who: Who, user: User, *, device: str) -> SignedIn:
    """`user` was proven by a provider that they bound to their account themselves."""
    return _open(user, device)


@audited("session.close")
def sign_out(who: Who) -> Session:
    session = db.session.get_one(Session, who.actor.session_id)
    session.ended_at = clock.now()
    return session


@audited("session.renew")
def renew(who: Who) -> Session:
    """Rolls a field session forward; a desk's twelve hours are not prolonged."""
    session = db.session.get_one(Session, who.actor.session_id)
    if rules.session_length(who.actor.roles) == rules.ROLLING:
        session.expires_at = clock.now() + rules.ROLLING
    return session


@audited("password.change")
def change_password(who: Who, user: User, *, password_hash: str) -> User:
    user.password_hash = password_hash
    _end_sessions(user.id, but=who.actor.session_id)
    return user


@audited("account.activate")
def activate(who: Who, user: User, *, code: str, password_hash: str, device: str) -> SignedIn:
    """The owner of the code chooses the password and is signed in."""
    claimed = (
        update(ActivationCode)
        .where(ActivationCode.code_hash == crypto.sha256(code), ActivationCode.used_at.is_(None))
        .values(used_at=clock.now())
    )
    if db.session.connection().execute(claimed).rowcount != 1:
        raise StaleCode
    user.password_hash = password_hash
    _end_sessions(user.id)
    return _open(user, device)


@audited("account.log")
def log_account(
    who: Who, id: uuid.UUID, *, if_match: str | None, disabled: bool, **facts: Any
) -> User:
    """Make an account, or change one: If-Match names the version the administrator saw."""
    facts["area_path"] = facts["area_path"] or "/3713/"
    user = who.find(User, id)
    if user is None:
        if db.session.get(User, id):
            raise IdTaken
        _refuse_taken(facts["username"], id)
        user = User(id=id, created_at=clock.now(), password_hash=None, **facts)
        db.session.add(user)
    else:
        if if_match != user.etag:
            raise DigestDiffers("账号已被别人改动，请刷新后重试", digest=user.etag)
        _refuse_taken(facts["username"], id)
        for name, value in facts.items():
            setattr(user, name, value)
        _end_sessions(user.id)
    user.disabled_at = (user.disabled_at or clock.now()) if disabled else None
    return user


@audited("post.take")
def take_post(who: Who, user: User, **units: Any) -> User:
    """A posting gives the role of secretary and the reach of its units, until it ends. Whoever led
    another branch does not lead this one."""
    before = set(user.roles)
    roles = {*before, Role.SECRETARY.value}
    if user.branch_id != units["branch_id"]:
        roles.discard(Role.BRANCH_LEAD.value)
    for name, value in units.items():
        setattr(user, name, value)
    user.serves_until = None
    if roles != before:
        user.roles = sorted(roles)
        _end_sessions(user.id)
    return user


@audited("post.leave")
def leave_post(who: Who, user: User, *, serves_until: date) -> User:
    """Until that day the phone may send what it still holds; then the role lapses by itself."""
    user.serves_until = serves_until
    return user


@audited("activation_code.issue")
def issue_activation_code(who: Who, user: User, *, id: uuid.UUID) -> ActivationCode:
    """A new code; earlier unused ones of this account die. `row.code` is known only now."""
    now = clock.now()
    db.session.execute(
        update(ActivationCode)
        .where(ActivationCode.user_id == user.id, ActivationCode.used_at.is_(None))
        .values(used_at=now)
    )
    code = new_token()[:26]
    row = ActivationCode(
        id=id,
        user_id=user.id,
        code_hash=crypto.sha256(code),
        expires_at=now + timedelta(days=ACTIVATION_DAYS),
    )
    db.session.add(row)
    row.code = code  # type: ignore[attr-defined]
    return row


def _open(user: User, device: str) -> SignedIn:
    now, token = clock.now(), new_token()
    session = Session(
        token_hash=crypto.sha256(token),
        user_id=user.id,
        created_at=now,
        expires_at=now + rules.session_length(frozenset(user.roles)),
    )
    db.session.add(session)
    insert_once(KnownDevice, id=new_id(), user_id=user.id, device_hash=crypto.sha256(device))
    return SignedIn(user, session, token)


def _end_sessions(user_id: uuid.UUID, *, but: uuid.UUID | None = None) -> None:
    open_ones = update(Session).where(Session.user_id == user_id, Session.ended_at.is_(None))
    if but:
        open_ones = open_ones.where(Session.id != but)
    db.session.execute(open_ones.values(ended_at=clock.now()))


def _refuse_locked(user: User | None, username: str, device: str, address: str) -> None:
    known = user is not None and db.session.scalar(
        select(KnownDevice.id).where(
            KnownDevice.user_id == user.id, KnownDevice.device_hash == crypto.sha256(device)
        )
    )
    if rules.is_locked(
        by_browser=limits.count("password", username, device, within=rules.LOCKED_FOR),
        by_address=limits.count("password", username, address, within=rules.LOCKED_FOR),
        known_device=bool(known),
    ):
        raise Locked(headers={"Retry-After": str(int(rules.LOCKED_FOR.total_seconds()))})


def _refuse_taken(username: str, id: uuid.UUID) -> None:
    if db.session.scalar(select(User.id).where(User.username == username, User.id != id)):
        raise StateConflict("账号已有人使用", fields={"username": ["账号已有人使用"]})
