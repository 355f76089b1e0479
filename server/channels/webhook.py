"""短信或政务消息: a signed POST to the city's own gateway (SMS, the province's messenger). The
gateway proves by errcode 0 that it took the message; it drops a second one with the same key."""

import json
from collections.abc import Mapping
from typing import Any

from server.core import clock, crypto, outside

from .channel import Channel, Message, Outcome, Result
from .web_push import retry_after

FINAL = {"no_such_recipient": Outcome.DROP_RECIPIENT}


def missing(settings: Mapping[str, Any]) -> list[str]:
    return [name for name in ("webhook_url", "webhook_secret") if not settings[name]]


def signature(secret: str, moment: int, body: bytes) -> str:
    """HMAC-SHA256 over "<seconds>.<body>": neither can be changed, and an old one is refused."""
    mac = crypto.sign(secret.encode(), f"{moment}.".encode() + body).hex()
    return f"t={moment},v1={mac}"


def send(settings: Mapping[str, Any], address: str, message: Message, token: str | None) -> Result:
    told = {
        "to": address,
        "title": message.title,
        "body": message.body,
        "url": settings["url"] + message.link,
        "key": message.key,
        "expires_at": message.expires_at.isoformat(),
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    moment = int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": message.key,
        "Hongling-Signature": signature(settings["webhook_secret"], moment, body),
    }
    try:
        answer = outside.call("POST", settings["webhook_url"], body=body, headers=headers)
    except outside.Unreachable as error:
        return Result(Outcome.RETRY, "unreachable", str(error), lost=error.lost)
    return _judge(answer)


def _judge(answer: outside.Answer) -> Result:
    code, found = str(answer.status), answer.json()
    if answer.status in (401, 403):
        return Result(Outcome.CONFIG_ERROR, code, "网关不认签名")
    if answer.status in (429, 503):
        return Result(Outcome.RETRY, code, retry_after=retry_after(answer))
    if answer.status >= 300 or not isinstance(found, dict) or "errcode" not in found:
        return Result(Outcome.RETRY, code, "网关没有按约定答复")
    if found["errcode"] == 0:
        return Result(Outcome.OK, "0")
    outcome = FINAL.get(str(found["errcode"]), Outcome.RETRY)
    return Result(outcome, str(found["errcode"]), str(found.get("errmsg", "")))


CHANNEL = Channel(
    name="webhook",
    words="短信或政务消息",
    takes_key=True,
    provider=None,
    missing=missing,
    send=send,
)
