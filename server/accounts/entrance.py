"""The ways in: by password, by a one-time code, or by an account elsewhere that the person bound.
All end in the same session and the same answer."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import after_this_request, current_app
from sqlalchemy import select

from server.core import areas, clock, crypto
from server.core.access import Who
from server.core.db import db, reading
from server.core.errors import Invalid, StaleCode

from . import rules, service, sessions
from .models import ActivationCode, User

# Set by the postings room, which stands below: where a person serves now, or None.
PostOf = Callable[[uuid.UUID], Any]
post_of: list[PostOf] = []


def by_password(who: Who, *, username: str, password: str, device: str) -> service.SignedIn:
    """The hash is tried before the write begins: it takes 150 ms."""
    username = username.strip().lower()
    with reading():
        user = db.session.scalar(select(User).where(User.username == username))
    good = crypto.verify_password(user.password_hash if user else None, password)
    return service.sign_in(
        who, user, good=good, username=username, device=device, address=sessions.address()
    )


def by_activation(who: Who, *, code: str, password: str, device: str) -> service.SignedIn:
    """The owner of the code chooses the password."""
    code = code.strip()
    with reading():
        user = db.session.scalar(
            select(User)
            .join(ActivationCode, ActivationCode.user_id == User.id)
            .where(
                ActivationCode.code_hash == crypto.sha256(code),
                ActivationCode.used_at.is_(None),
                ActivationCode.expires_at > clock.now(),
                User.disabled_at.is_(None),
            )
        )
    if user is None:
        raise StaleCode
    fresh = hashed(user, password, field="password")
    user = db.session.get_one(User, user.id)
    return service.activate(who, user, code=code, password_hash=fresh, device=device)


def welcome(signed_in: service.SignedIn, device: str) -> dict[str, Any]:
    answering(lambda answer: sessions.give(answer, signed_in, device))
    return person(signed_in.user, sessions.actor_of(signed_in.user).roles)


def answering(change: Any) -> None:
    @after_this_request
    def changed(answer: Any) -> Any:
        if answer.status_code < 400:
            change(answer)
        return answer


def hashed(user: User, password: str, *, field: str) -> str:
    fault = rules.password_fault(password, username=user.username, name=user.name)
    if fault:
        raise Invalid(fault, fields={field: [fault]})
    return crypto.hash_password(password)


def person(user: User, roles: Any) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "roles": sorted(roles),
        "area": {"path": user.area_path, "name": areas.names().get(user.area_path, "")},
        "posting": next((post for of in post_of if (post := of(user.id))), None),
        "server_time": clock.now(),
        "version": current_app.config["VERSION"],
    }
