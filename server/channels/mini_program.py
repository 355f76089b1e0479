"""微信小程序: subscription messages, each allowed by the person before (MessageGrant), and who
somebody is there (code2session). A second message is shown a second time."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from server.core import outside
from server.core.clock import SHANGHAI

from .channel import Channel, Message, Outcome, Result
from .wecom import judge

THING_CHARS = 20
CLASSES = {
    40001: Outcome.REFRESH_TOKEN,
    40014: Outcome.REFRESH_TOKEN,
    42001: Outcome.REFRESH_TOKEN,
    40003: Outcome.DROP_RECIPIENT,
    43101: Outcome.DROP_RECIPIENT,
    40037: Outcome.CONFIG_ERROR,
    41030: Outcome.CONFIG_ERROR,
    47003: Outcome.CONFIG_ERROR,
    40013: Outcome.CONFIG_ERROR,
    40125: Outcome.CONFIG_ERROR,
    40164: Outcome.CONFIG_ERROR,
    45009: Outcome.RETRY,
    45011: Outcome.RETRY,
    -1: Outcome.RETRY,
}
TOO_OFTEN = {45009: timedelta(minutes=1), 45011: timedelta(minutes=1)}
# Of a sign-in code: used up, wrong, or of a person whom the provider does not trust.
BAD_CODE = {40029: "bad_code", 40163: "bad_code", 40226: "blocked"}


def can_sign_in(settings: Mapping[str, Any]) -> bool:
    return bool(settings["mini_program_app_id"] and settings["mini_program_secret"])


def missing(settings: Mapping[str, Any]) -> list[str]:
    names = ("mini_program_app_id", "mini_program_secret", "mini_program_template")
    return [name for name in names if not settings[name]]


def fetch_token(settings: Mapping[str, Any]) -> tuple[str, int] | None:
    """stable_token: a new one does not end the old one's life."""
    told = {
        "grant_type": "client_credential",
        "appid": settings["mini_program_app_id"],
        "secret": settings["mini_program_secret"],
        "force_refresh": False,
    }
    try:
        url = f"{settings['wechat_url']}/cgi-bin/stable_token"
        found = outside.post_json(url, told).json()
    except outside.Unreachable:
        return None
    if not isinstance(found, dict) or found.get("errcode", 0) != 0 or "access_token" not in found:
        return None
    return str(found["access_token"]), int(found["expires_in"])


def send(settings: Mapping[str, Any], address: str, message: Message, token: str | None) -> Result:
    title = settings["mini_program_title_field"]
    data = {title: {"value": clip(message.title, THING_CHARS)}}
    if settings["mini_program_time_field"]:
        when = message.event_at.astimezone(SHANGHAI)
        data[settings["mini_program_time_field"]] = {"value": f"{when:%Y年%-m月%-d日 %H:%M}"}
    told = {
        "touser": address,
        "template_id": settings["mini_program_template"],
        "page": f"pages/index/index?to={quote(message.link)}",
        "data": data,
        "lang": "zh_CN",
    }
    send_url = f"{settings['wechat_url']}/cgi-bin/message/subscribe/send"
    try:
        found = outside.post_json(f"{send_url}?access_token={quote(token or '')}", told).json()
    except outside.Unreachable as error:
        return Result(Outcome.RETRY, "unreachable", str(error), lost=error.lost)
    return judge(found, CLASSES, TOO_OFTEN)


def openid_of(settings: Mapping[str, Any], code: str) -> str | Result:
    """code2session. errcode may be absent when it went well; the session key is thrown away."""
    told = {
        "appid": settings["mini_program_app_id"],
        "secret": settings["mini_program_secret"],
        "js_code": code,
        "grant_type": "authorization_code",
    }
    try:
        url = f"{settings['wechat_url']}/sns/jscode2session?{urlencode(told)}"
        found = outside.call("GET", url).json()
    except outside.Unreachable as error:
        return Result(Outcome.RETRY, "unreachable", str(error), lost=error.lost)
    if isinstance(found, dict) and found.get("errcode", 0) == 0 and found.get("openid"):
        return str(found["openid"])
    code_said = found.get("errcode") if isinstance(found, dict) else None
    if code_said in BAD_CODE:
        return Result(Outcome.DROP_RECIPIENT, BAD_CODE[code_said], "登录码已失效")
    return judge(found or None, CLASSES, TOO_OFTEN)


def clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


CHANNEL = Channel(
    name="mini_program",
    words="微信小程序",
    takes_key=False,
    provider="mini_program",
    missing=missing,
    send=send,
)
