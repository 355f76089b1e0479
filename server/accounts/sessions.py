"""From a cookie to an Actor, and back: the only place that knows the cookies."""

from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask_login import LoginManager
from sqlalchemy import bindparam, select

from server.core import clock, crypto
from server.core.access import Actor, Role
from server.core.db import db, reading
from server.core.ids import new_token

from . import rules
from .models import Session, User
from .service import SignedIn

DEVICE_COOKIE_SECONDS = 400 * 24 * 3600
# Asked by every request, so it is put together once and reads columns instead of making objects.
SIGNED_IN = (
    select(
        Session.id.label("session_id"),
        User.id,
        User.name,
        User.roles,
        User.serves_until,
        User.area_path,
        User.branch_id,
        User.host_unit_id,
        User.sending_unit_id,
    )
    .join(User, User.id == Session.user_id)
    .where(
        Session.token_hash == bindparam("token_hash"),
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now"),
        User.disabled_at.is_(None),
    )
)


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(_load)


def _load(request: Request) -> Actor | None:
    """One short read on a connection of its own, closed before anything else happens."""
    token = request.cookies.get(_name("hl"))
    if not token:
        return None
    with reading():
        told = {"token_hash": crypto.sha256(token), "now": clock.now()}
        found = db.session.connection().execute(SIGNED_IN, told).first()
    return actor_of(found, session_id=found.session_id) if found else None


def actor_of(user: Any, *, session_id: object = None) -> Actor:
    """`user`: a User, or a row with its columns."""
    roles = rules.roles_today(
        frozenset(user.roles), serves_until=user.serves_until, today=clock.today()
    )
    return Actor(
        id=user.id,
        name=user.name,
        roles=frozenset(Role(role) for role in roles),
        area_path=user.area_path,
        branch_id=user.branch_id,
        host_unit_id=user.host_unit_id,
        sending_unit_id=user.sending_unit_id,
        session_id=session_id,  # type: ignore[arg-type]
    )


def device() -> str:
    """This browser's own token, or a new one that `give` hands out."""
    return request.cookies.get(_name("hl-device")) or new_token()


def address() -> str:
    return request.remote_addr or ""


def give(answer: Response, signed_in: SignedIn, device: str) -> None:
    length = signed_in.session.expires_at - signed_in.session.created_at
    _set(answer, "hl", signed_in.token, int(length.total_seconds()))
    _set(answer, "hl-device", device, DEVICE_COOKIE_SECONDS)


def prolong(answer: Response) -> None:
    """The cookie lives as long as the row it names."""
    _set(answer, "hl", request.cookies[_name("hl")], int(rules.ROLLING.total_seconds()))


def take(answer: Response) -> None:
    _set(answer, "hl", "", 0)


def _set(answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        _name(name),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=_https(),
    )


def _name(name: str) -> str:
    """`__Host-` pins the cookie to this very host; browsers take that prefix only over https."""
    return f"__Host-{name}" if _https() else name


def _https() -> bool:
    return str(current_app.config["HONGLING"]["url"]).startswith("https:")
