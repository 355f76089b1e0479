"""Who somebody is elsewhere, by a one-time code of that provider; and the ticket that keeps it for
the minutes in which they find their password."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from server.accounts.models import User
from server.core import clock, crypto, limits
from server.core.db import db, insert_once, reading
from server.core.errors import Problem, TooMany

from . import addresses, mini_program, tokens, wecom
from .channel import Outcome, Result
from .models import Exchange

TWICE = timedelta(seconds=60)  # browsers send a code a second time when one goes back
TICKET = timedelta(minutes=10)
ABOUT = "binding ticket"
MINUTE, A_MINUTE = timedelta(minutes=1), 30  # each guess of a code asks a provider


class NotSetUp(Problem):
    status, code, title = 404, "not_set_up", "本市还没有开通这种登录方式，请用账号和密码登录"


class CodeUsed(Problem):
    status, code, title, keeps = 409, "code_used", "登录码已失效，请重新进入", True


class ProviderAway(Problem):
    status, code, retry = 503, "provider_away", "later"
    title, keeps = "对方服务器暂时没有答复，请稍后再试，或用账号和密码登录", True


class TicketOver(Problem):
    status, code, title = 409, "ticket_over", "绑定时间已过，请重新进入"


def who_is(channel: str, code: str, *, address: str) -> str:
    """Asked once a code; within a minute the same code gives the same answer. Nothing is held while
    the provider takes its time."""
    about = f"exchange {channel} {crypto.sha256(code)}"
    key = crypto.sha256(f"{channel}|{code}")
    with reading():
        fresh = (Exchange.code_hash == key, Exchange.at > clock.now() - TWICE)
        box = db.session.scalar(select(Exchange.sealed).where(*fresh))
        tired = limits.count("elsewhere", address, within=MINUTE) >= A_MINUTE
    if box:
        return crypto.unseal(box, about=about)
    if tired:
        raise TooMany
    found = ASK[channel](code)
    limits.note("elsewhere", address)
    if isinstance(found, Result):
        raise CodeUsed if found.outcome is Outcome.DROP_RECIPIENT else ProviderAway
    insert_once(Exchange, code_hash=key, sealed=crypto.seal(found, about=about), at=clock.now())
    return found


def known_as(channel: str, external: str) -> User | None:
    """Who bound that account; a disabled person is nobody."""
    address = addresses.find(channel, external)
    user = db.session.get(User, address.user_id) if address else None
    return user if user and not user.disabled_at else None


def ticket(channel: str, external: str) -> str:
    until = (clock.now() + TICKET).isoformat()
    return crypto.seal(json.dumps([channel, external, until]), about=ABOUT)


def read_ticket(text: str) -> tuple[str, str]:
    """Channel and account there."""
    try:
        channel, external, until = json.loads(crypto.unseal(text, about=ABOUT))
    except (crypto.Unopenable, ValueError):
        raise TicketOver from None
    if datetime.fromisoformat(until) < clock.now():
        raise TicketOver
    return channel, external


def _by_wecom(code: str) -> str | Result:
    settings = current_app.config["HONGLING"]
    if wecom.missing(settings):
        raise NotSetUp
    with reading():
        token = tokens.current("wecom")
    found = wecom.user_of(settings, token, code) if token else Result(Outcome.RETRY, "no_token")
    if isinstance(found, Result) and found.outcome is Outcome.REFRESH_TOKEN:
        tokens.stale("wecom", token)  # the worker fetches another
    return found


def _by_mini_program(code: str) -> str | Result:
    settings = current_app.config["HONGLING"]
    if not mini_program.can_sign_in(settings):
        raise NotSetUp
    return mini_program.openid_of(settings, code)


ASK: dict[str, Callable[[str], str | Result]] = {
    "wecom": _by_wecom,
    "mini_program": _by_mini_program,
}
