import io
import uuid
from typing import Any

import qrcode
import qrcode.image.svg
from flask import current_app, request
from sqlalchemy import or_

from server.core import areas, crypto
from server.core.access import P, Who
from server.core.db import db, reading
from server.core.errors import StateConflict
from server.core.http import PUBLIC, Api
from server.core.pages import page
from server.core.schemas import PageQuery

from . import devices, entrance, rules, service, sessions
from .entrance import answering, hashed, person, welcome
from .models import Device, User
from .schemas import (
    AccountIn,
    AccountOut,
    AccountPage,
    AccountQuery,
    Activation,
    ActivationCodeIn,
    ActivationCodeOut,
    DeviceIn,
    DevicePage,
    PasswordChange,
    PersonOut,
    SignIn,
)

bp = Api("accounts", __name__)


@bp.write("POST", "/session", allow=PUBLIC, takes=SignIn, gives=PersonOut)
def sign_in(who: Who, data: dict[str, str]) -> dict[str, Any]:
    device = sessions.device()
    return welcome(entrance.by_password(who, device=device, **data), device)


@bp.get("/session", allow=P.OWN, gives=PersonOut)
def session(who: Who) -> dict[str, Any]:
    """Also for someone whose term lapsed: they have no role, yet they are signed in."""
    return person(db.session.get_one(User, who.actor.id), who.actor.roles)


@bp.write("PUT", "/session", allow=P.OWN)
def renew(who: Who) -> None:
    """The phone asks once a day, so that a secretary never has to sign in again."""
    service.renew(who)
    if rules.session_length(who.actor.roles) == rules.ROLLING:
        answering(sessions.prolong)


@bp.write("DELETE", "/session", allow=P.OWN)
def sign_out(who: Who) -> None:
    service.sign_out(who)
    answering(sessions.take)


@bp.write("POST", "/activations", allow=PUBLIC, takes=Activation, gives=PersonOut)
def activate(who: Who, data: dict[str, str]) -> dict[str, Any]:
    device = sessions.device()
    return welcome(entrance.by_activation(who, device=device, **data), device)


@bp.write("PUT", "/password", allow=P.OWN, takes=PasswordChange)
def change_password(who: Who, data: dict[str, str]) -> None:
    with reading():
        user = db.session.get_one(User, who.actor.id)
    if not crypto.verify_password(user.password_hash, data["old"]):
        raise StateConflict("原密码不对", fields={"old": ["原密码不对"]})
    fresh = hashed(user, data["new"], field="new")
    service.change_password(who, db.session.get_one(User, user.id), password_hash=fresh)


@bp.get("/accounts", allow=P.ACCOUNT_MANAGE, query=AccountQuery, gives=AccountPage)
def accounts(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = who.all(User)
    if q := query.pop("q", None):
        rows = rows.where(
            or_(User.name.contains(q, autoescape=True), User.username.contains(q, autoescape=True))
        )
    found = page(rows, order=User.username, id=User.id, **query)
    return found | {"items": [_account(user) for user in found["items"]]}


@bp.get("/accounts/<uuid:id>", allow=P.ACCOUNT_MANAGE, gives=AccountOut)
def account(who: Who, id: uuid.UUID) -> dict[str, Any]:
    return _account(who.fetch(User, id))


@bp.write(
    "PUT",
    "/accounts/<uuid:id>",
    allow=P.ACCOUNT_MANAGE,
    takes=AccountIn,
    gives=AccountOut,
    status=(200, 201),
)
def log_account(who: Who, id: uuid.UUID, data: dict[str, Any]) -> Any:
    who.insist()  # a new account is no row within anybody's reach yet
    data["area_path"] = data["area_path"] or areas.CITY
    user = who.find(User, id)
    if user is not None and user.facts == data:
        return _account(user)
    if_match = (request.headers.get("If-Match") or "").strip('"')
    saved = service.log_account(who, id, if_match=if_match, **data)
    return _account(saved), 200 if user else 201


@bp.write(
    "PUT",
    "/activation-codes/<uuid:id>",
    allow=P.ACCOUNT_MANAGE,
    takes=ActivationCodeIn,
    gives=ActivationCodeOut,
    status=(201,),
)
def issue_activation_code(who: Who, id: uuid.UUID, data: dict[str, Any]) -> dict[str, Any]:
    """Shown once, on paper or on the administrator's screen."""
    row = service.issue_activation_code(who, who.fetch(User, data["account_id"]), id=id)
    url = f"{current_app.config['HONGLING']['url']}/a/{row.code}"
    return {"code": row.code, "url": url, "svg": qr_svg(url), "expires_at": row.expires_at}


@bp.write("PUT", "/devices/<uuid:id>", allow=P.OWN, takes=DeviceIn)
def put_device(who: Who, id: uuid.UUID, data: dict[str, Any]) -> None:
    """A phone says what it could not send yet. No audit line, and no trace once all is sent: when
    a person's phone was last heard of is nobody's business."""
    devices.report(who, id, **data)


@bp.get("/devices", allow=P.DEVICE_READ, query=PageQuery, gives=DevicePage)
def phones(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    """Phones with unsent work, by the name of whom to help; never by who was heard of last."""
    found = page(devices.with_names(who), order=User.name, id=Device.id, **query)
    items = [
        row._asdict() | {"person": {"id": row.user_id, "name": row.name}} for row in found["items"]
    ]
    return found | {"items": items}


def qr_svg(text: str) -> str:
    out = io.BytesIO()
    qrcode.make(text, image_factory=qrcode.image.svg.SvgPathFillImage, border=4).save(out)
    return out.getvalue().decode()


def _account(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "activated": user.password_hash is not None,
        "etag": user.etag,
        **user.facts,
    }
