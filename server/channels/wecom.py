"""企业微信: application messages, and who somebody is there. errcode decides, never HTTP 200; an
answer of 0 may still have reached nobody (invaliduser)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from server.core import clock, outside

from .channel import Channel, Message, Outcome, Result

# developer.work.weixin.qq.com: message/send; title and description are counted in bytes.
TITLE_BYTES, BODY_BYTES = 128, 512
SAME_SECONDS = 4 * 3600
BUSY_MINUTES = (0, 30)  # the provider asks not to send at these
CLASSES = {
    40014: Outcome.REFRESH_TOKEN,
    42001: Outcome.REFRESH_TOKEN,
    41001: Outcome.REFRESH_TOKEN,
    81013: Outcome.DROP_RECIPIENT,
    60111: Outcome.DROP_RECIPIENT,
    40001: Outcome.CONFIG_ERROR,
    40013: Outcome.CONFIG_ERROR,
    60020: Outcome.CONFIG_ERROR,
    301002: Outcome.CONFIG_ERROR,
    45009: Outcome.RETRY,
    40029: Outcome.DROP_RECIPIENT,  # a sign-in code that is over
    50001: Outcome.CONFIG_ERROR,
    -1: Outcome.RETRY,
}
TOO_OFTEN = {45009: timedelta(minutes=1)}


def missing(settings: Mapping[str, Any]) -> list[str]:
    names = ("wecom_corp_id", "wecom_agent_id", "wecom_secret")
    return [name for name in names if not settings[name]]


def fetch_token(settings: Mapping[str, Any]) -> tuple[str, int] | None:
    told = {"corpid": settings["wecom_corp_id"], "corpsecret": settings["wecom_secret"]}
    found = _get(settings, "gettoken", told)
    if not isinstance(found, dict) or found.get("errcode") != 0:
        return None
    return str(found["access_token"]), int(found["expires_in"])


def send(settings: Mapping[str, Any], address: str, message: Message, token: str | None) -> Result:
    if clock.now().minute in BUSY_MINUTES:
        wait = timedelta(seconds=60 - clock.now().second)
        return Result(Outcome.RETRY, "busy_minute", "避开整点和半点", wait)
    told = {
        "touser": address.lower(),
        "msgtype": "textcard",
        "agentid": int(settings["wecom_agent_id"]),
        "textcard": {
            "title": clip(message.title, TITLE_BYTES),
            "description": clip(message.body or message.title, BODY_BYTES),
            # The same words rung again are another bell; tried again they are the same one.
            "url": f"{settings['url']}{message.link}?b={message.key}",
            "btntxt": "查看",
        },
        "enable_duplicate_check": 1,
        "duplicate_check_interval": SAME_SECONDS,
    }
    url = f"{settings['wecom_url']}/cgi-bin/message/send?access_token={quote(token or '')}"
    try:
        found = outside.post_json(url, told).json()
    except outside.Unreachable as error:
        return Result(Outcome.RETRY, "unreachable", str(error), lost=error.lost)
    return judge(found, CLASSES, TOO_OFTEN, dropped=_reached_nobody)


def user_of(settings: Mapping[str, Any], token: str, code: str) -> str | Result:
    """Who came back from the sign-in page; both shapes of the answer are in use."""
    found = _get(settings, "auth/getuserinfo", {"access_token": token, "code": code})
    if not isinstance(found, dict) or found.get("errcode") != 0:
        return judge(found, CLASSES, TOO_OFTEN)
    who = found.get("userid") or found.get("UserId")
    if not who:
        return Result(Outcome.DROP_RECIPIENT, "not_a_member", "不是本企业的成员")
    return str(who).lower()


def sign_in_url(settings: Mapping[str, Any], *, back: str, state: str) -> str:
    asked = {
        "appid": settings["wecom_corp_id"],
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
        "agentid": settings["wecom_agent_id"],
    }
    page = f"{settings['wecom_sign_in_url']}/connect/oauth2/authorize"
    return f"{page}?{urlencode(asked)}#wechat_redirect"


def judge(
    found: Any,
    classes: Mapping[int, Outcome],
    waits: Mapping[int, timedelta] = {},
    *,
    dropped: Any = lambda found: False,
) -> Result:
    """By errcode; what nobody described is tried again, for it may pass. `detail` keeps the code's
    words, which hold a request id and no secret."""
    if not isinstance(found, dict):
        return Result(Outcome.RETRY, "not_json", "答复不是 JSON")
    code = found.get("errcode", 0)
    if code == 0:
        ok = not dropped(found)
        return Result(Outcome.OK, "0") if ok else Result(Outcome.DROP_RECIPIENT, "0", "收件人无效")
    outcome = classes.get(code, Outcome.RETRY)
    return Result(outcome, str(code), str(found.get("errmsg", ""))[:200], waits.get(code))


def clip(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, never half a letter."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "…"


def _reached_nobody(found: dict[str, Any]) -> bool:
    return bool(found.get("invaliduser") or found.get("unlicenseduser"))


def _get(settings: Mapping[str, Any], what: str, told: dict[str, Any]) -> Any:
    try:
        url = f"{settings['wecom_url']}/cgi-bin/{what}?{urlencode(told)}"
        return outside.call("GET", url).json()
    except outside.Unreachable:
        return {"errcode": -1, "errmsg": "unreachable"}


CHANNEL = Channel(
    name="wecom",
    words="企业微信",
    takes_key=True,
    provider="wecom",
    missing=missing,
    send=send,
)
