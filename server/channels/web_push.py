"""本机推送: Web Push (RFC 8030). The browser's push service takes the sealed message; by `Topic`
and key a phone shows a repeated one once."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from server.core import clock, outside, webpush
from server.core.settings import is_loopback
from server.core.settings import rules as numbers

from .channel import Channel, Message, Outcome, Result

MOST_SECONDS = 24 * 3600


def is_known_service(endpoint: str, settings: Mapping[str, Any]) -> bool:
    """A phone names the address: only push services may be written to, never a host of ours."""
    where = urlsplit(endpoint)
    if is_loopback(endpoint):
        return not settings["production"]
    host = where.hostname or ""
    known: list[str] = numbers()["push"]["services"]
    return where.scheme == "https" and any(host == x or host.endswith(f".{x}") for x in known)


def is_a_service_of(address: str, settings: Mapping[str, Any]) -> bool:
    return is_known_service(json.loads(address)["endpoint"], settings)


def contact_of(settings: Mapping[str, Any]) -> str:
    told = str(settings["push_contact"] or settings["url"])
    return told if told.startswith(("mailto:", "https:")) else "mailto:hongling@localhost"


def send(settings: Mapping[str, Any], address: str, message: Message, token: str | None) -> Result:
    subscription = json.loads(address)
    endpoint = subscription["endpoint"]
    if not is_known_service(endpoint, settings):
        return Result(Outcome.DROP_RECIPIENT, "unknown_service", "不是认识的推送服务")
    said = {name: getattr(message, name) for name in ("title", "body", "link", "key")}
    left = int((message.expires_at - clock.now()).total_seconds())
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, min(left, MOST_SECONDS))),
        "Urgency": "high",
        "Topic": message.key,
        "Authorization": webpush.authorization(
            settings["data"] / "keys", endpoint, contact_of(settings)
        ),
    }
    try:
        box = webpush.sealed(subscription, json.dumps(said, ensure_ascii=False).encode())
    except Exception:
        return Result(Outcome.DROP_RECIPIENT, "bad_keys", "订阅的密钥不对")
    try:
        answer = outside.call("POST", endpoint, body=box, headers=headers)
    except outside.Unreachable as error:
        return Result(Outcome.RETRY, "unreachable", str(error), lost=error.lost)
    return _judge(answer)


def _judge(answer: outside.Answer) -> Result:
    code = str(answer.status)
    if answer.status in (200, 201, 202):
        return Result(Outcome.OK, code)
    if answer.status in (404, 410):
        return Result(Outcome.DROP_RECIPIENT, code, "订阅已失效")
    if answer.status in (401, 403, 400):
        return Result(Outcome.CONFIG_ERROR, code, "推送服务不认本站的签名")
    if answer.status == 413:
        return Result(Outcome.CONFIG_ERROR, code, "消息太长")
    return Result(Outcome.RETRY, code, retry_after=retry_after(answer))


def retry_after(answer: outside.Answer) -> timedelta | None:
    """In seconds; a date, which some services send, is not worth reading: we wait our own time."""
    told = answer.headers.get("retry-after", "")
    return timedelta(seconds=min(int(told), MOST_SECONDS)) if told.isdigit() else None


CHANNEL = Channel(
    name="web_push",
    words="本机推送",
    takes_key=True,
    provider=None,
    missing=lambda settings: [],
    send=send,
)
