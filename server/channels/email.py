"""邮件: plain text over SMTP. A mail server knows no key: a second mail is a second mail."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from server.core import clock, outside

from .channel import Channel, Message, Outcome, Result


def missing(settings: Mapping[str, Any]) -> list[str]:
    names = ["smtp_host", "smtp_from"] + (["smtp_password"] if settings["smtp_user"] else [])
    return [name for name in names if not settings[name]]


def send(settings: Mapping[str, Any], address: str, message: Message, token: str | None) -> Result:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.title, settings["smtp_from"], address
    mail["Date"] = formatdate(clock.now().timestamp(), localtime=False)
    mail["Message-ID"] = f"<{message.key}@hongling>"
    mail.set_content(f"{message.body}\n\n{settings['url']}{message.link}\n")
    account = {name: settings[f"smtp_{name}"] for name in ("host", "port", "user", "password")}
    try:
        said = outside.mail(mail, **account)
    except outside.Unreachable as error:
        return Result(Outcome.RETRY, "unreachable", str(error), lost=error.lost)
    return _judge(said)


def _judge(said: outside.Mailed) -> Result:
    """4xx may pass, 5xx will not (RFC 5321); a refused recipient is not the city's fault."""
    if said.code == 250:
        return Result(Outcome.OK, "250")
    if said.code < 500:
        return Result(Outcome.RETRY, str(said.code), "邮件服务器暂时没有收下")
    if said.at == "sign_in":
        return Result(Outcome.CONFIG_ERROR, str(said.code), "邮箱账号或密码不对")
    if said.at == "recipient":
        return Result(Outcome.DROP_RECIPIENT, str(said.code), "收件人被拒")
    return Result(Outcome.CONFIG_ERROR, str(said.code), "邮件服务器拒收")


CHANNEL = Channel(
    name="email",
    words="邮件",
    takes_key=False,
    provider=None,
    missing=missing,
    send=send,
)
