import uuid
from datetime import timedelta
from typing import Any

from flask import current_app

from server.accounts import entrance, sessions
from server.accounts import service as accounts
from server.core import clock, limits, webpush
from server.core.access import P, Who
from server.core.db import insert_once, reading
from server.core.errors import Invalid, StateConflict
from server.core.http import PUBLIC, Api

from . import addresses, entering, grants, mini_program, service, tokens, web_push, wecom
from .channel import Message, Outcome
from .models import Address, MessageGrant
from .registry import CHANNELS
from .schemas import (
    AddressIn,
    AddressOut,
    AddressPage,
    BindingIn,
    ChannelPage,
    CodeIn,
    Entered,
    GrantIn,
    OnIn,
    TrialIn,
    TrialOut,
    Ways,
    WaysQuery,
)

bp = Api("channels", __name__)
TRIALS, WITHIN = 5, timedelta(minutes=10)
SENTENCES = {
    Outcome.OK: "已经发出，请看一看收到没有",
    Outcome.RETRY: "对方暂时没有答复，稍后会自动再试；现在请过一会儿再试",
    Outcome.REFRESH_TOKEN: "正在更新访问凭据，请一分钟后再试",
    Outcome.DROP_RECIPIENT: "对方说这个地址已不能用，请重新开启",
    Outcome.CONFIG_ERROR: "本市的设置有问题，请告诉系统管理员",
}


@bp.get("/channels", allow=P.OWN, gives=ChannelPage)
def channels(who: Who) -> dict[str, Any]:
    told = current_app.config["HONGLING"]
    items = [
        {
            "channel": name,
            "words": channel.words,
            "ready": channel.ready(told),
            "vapid_key": webpush.public_key(told["data"] / "keys") if name == "web_push" else None,
            "template_id": told["mini_program_template"] or None
            if name == "mini_program"
            else None,
        }
        for name, channel in CHANNELS.items()
    ]
    return {"items": items, "next": None}


@bp.get("/addresses", allow=P.OWN, gives=AddressPage)
def own_addresses(who: Who) -> dict[str, Any]:
    """Where the person asked to be reached, in the order in which that is tried."""
    order = list(CHANNELS)
    rows = addresses.all_of(who)
    rows.sort(key=lambda row: (order.index(row.channel), row.created_at))
    return {"items": [_shown(row) for row in rows], "next": None}


@bp.write(
    "PUT", "/addresses/<uuid:id>", allow=P.OWN, takes=AddressIn, gives=AddressOut, status=(200,)
)
def put_address(who: Who, id: uuid.UUID, data: dict[str, Any]) -> dict[str, Any]:
    """The answer names the row, which may be one that was there before."""
    told = current_app.config["HONGLING"]
    if data["channel"] == "web_push" and not web_push.is_a_service_of(data["value"], told):
        raise Invalid(fields={"value": ["不认识这个浏览器的推送服务"]})
    if not CHANNELS[data["channel"]].ready(told):
        raise StateConflict("本市还没有开通这种提醒方式")
    return _shown(service.log_address(who, id, **data))


@bp.write("PUT", "/addresses/<uuid:id>/on", allow=P.OWN, takes=OnIn)
def switch_address(who: Who, id: uuid.UUID, data: dict[str, bool]) -> None:
    service.switch_address(who, who.fetch(Address, id), **data)


@bp.write("DELETE", "/addresses/<uuid:id>", allow=P.OWN)
def drop_address(who: Who, id: uuid.UUID) -> None:
    service.drop_address(who, who.fetch(Address, id))


@bp.write("PUT", "/trials/<uuid:id>", allow=P.OWN, takes=TrialIn, gives=TrialOut)
def try_address(who: Who, id: uuid.UUID, data: dict[str, Any]) -> dict[str, Any]:
    """A message to oneself, sent while nothing is held; some are enough."""
    with reading():
        address = who.fetch(Address, data["address_id"])
        value, token = addresses.opened(address), addresses.token_for(address.channel)
        grant = grants.next_of(who.actor.id) if address.channel == "mini_program" else None
        tired = limits.count("trial", str(who.actor.id), within=WITHIN) >= TRIALS
    if tired:
        raise StateConflict("试得太多了，请过十分钟再试")
    if address.channel == "mini_program" and grant is None:
        raise StateConflict("小程序每允许一次只能发一条，请先在小程序里点允许提醒")
    result = addresses.send(address.channel, value, _trial(id), token)
    limits.note("trial", str(who.actor.id))
    if result.outcome is Outcome.REFRESH_TOKEN:
        tokens.stale(CHANNELS[address.channel].provider, token)
    if grant and result.outcome is Outcome.OK:
        grants.use(grant)
    elif not grant and result.outcome is Outcome.DROP_RECIPIENT:
        addresses.note_broken(address.id, SENTENCES[result.outcome])
    return {"outcome": result.outcome, "sentence": SENTENCES[result.outcome]}


@bp.write("PUT", "/message-grants/<uuid:id>", allow=P.OWN, takes=GrantIn)
def put_grant(who: Who, id: uuid.UUID, data: dict[str, Any]) -> None:
    """The person allowed one message in the mini program; the same id again is the same one."""
    told = {"id": id, "user_id": who.actor.id, "given_at": clock.now(), "used_at": None}
    insert_once(MessageGrant, **told, **data)


@bp.get("/sign-in-ways", allow=PUBLIC, query=WaysQuery, gives=Ways)
def ways(who: Who, query: dict[str, str]) -> dict[str, Any]:
    """`state` comes back with the code, so that the page knows that it asked itself."""
    told = current_app.config["HONGLING"]
    back = f"{told['url']}/wecom"
    url = wecom.sign_in_url(told, back=back, state=query["state"])
    return {
        "wecom_url": None if wecom.missing(told) else url,
        "mini_program": mini_program.can_sign_in(told),
    }


@bp.write("POST", "/wecom-sessions", allow=PUBLIC, takes=CodeIn, gives=Entered)
def by_wecom(who: Who, data: dict[str, str]) -> dict[str, Any]:
    return _enter(who, "wecom", data["code"])


@bp.write("POST", "/mini-program-sessions", allow=PUBLIC, takes=CodeIn, gives=Entered)
def by_mini_program(who: Who, data: dict[str, str]) -> dict[str, Any]:
    return _enter(who, "mini_program", data["code"])


@bp.write("POST", "/bindings", allow=PUBLIC, takes=BindingIn, gives=Entered)
def bind(who: Who, data: dict[str, str]) -> dict[str, Any]:
    """Proves who somebody is here, and from then on the account there opens the door."""
    channel, external = entering.read_ticket(data["ticket"])
    device, password = sessions.device(), data["password"]
    if code := data.get("activation_code"):
        entered = entrance.by_activation(who, code=code, password=password, device=device)
    else:
        told = {"username": data["username"], "password": password}
        entered = entrance.by_password(who, device=device, **told)
    service.bind(who, entered.user.id, channel=channel, external=external)
    return {"person": entrance.welcome(entered, device), "ticket": None}


def _enter(who: Who, channel: str, code: str) -> dict[str, Any]:
    external = entering.who_is(channel, code, address=sessions.address())
    user = entering.known_as(channel, external)
    if user is None:
        return {"person": None, "ticket": entering.ticket(channel, external)}
    device = sessions.device()
    entered = accounts.sign_in_elsewhere(who, user, device=device)
    return {"person": entrance.welcome(entered, device), "ticket": None}


def _trial(id: uuid.UUID) -> Message:
    ends = clock.now() + timedelta(hours=1)
    return Message(
        "红领通提醒试发", "收到这条，说明提醒能送到您这里", "/reminders", id.hex, ends, ends
    )


def _shown(address: Address) -> dict[str, Any]:
    return vars(address) | {"words": CHANNELS[address.channel].words}
