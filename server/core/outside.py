"""The one door to the outside: HTTP and mail to providers. Bounded in time and size, follows no
redirect, and goes to https only, or to this machine itself."""

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .settings import is_loopback

TIMEOUT_SECONDS = 5
MOST_BYTES = 64 * 1024


class Unreachable(Exception):
    """No answer. `lost`: all of it went out, so it may have arrived."""

    def __init__(self, words: str, *, lost: bool = True):
        super().__init__(words)
        self.lost = lost


class Forbidden(Unreachable):
    """An address that nothing may be sent to."""


class Answer(NamedTuple):
    """`headers` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """What the body says, or nothing when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A provider that redirects is answered as it is: secrets stay with whom they are for."""


_direct = urllib.request.build_opener(_StayHere, urllib.request.ProxyHandler({}))
_by_proxy = urllib.request.build_opener(_StayHere)


def call(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> Answer:
    here = is_loopback(url)
    if urlsplit(url).scheme != "https" and not here:
        raise Forbidden("只发往 https 地址", lost=False)
    request = urllib.request.Request(url, body, dict(headers or {}), method=method)  # noqa: S310
    try:
        with (_direct if here else _by_proxy).open(request, timeout=timeout) as answer:
            return _read(answer.status, answer)
    except urllib.error.HTTPError as error:
        with error:
            return _read(error.code, error)
    except urllib.error.URLError as error:  # no connection was made, or it ended while we spoke
        raise Unreachable(type(error.reason).__name__, lost=False) from None
    except (OSError, ValueError) as error:
        raise Unreachable(type(error).__name__) from None


def post_json(url: str, told: Any, *, headers: Mapping[str, str] | None = None) -> Answer:
    body = json.dumps(told, ensure_ascii=False).encode()
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return call("POST", url, body=body, headers=kind | dict(headers or {}))


class Mailed(NamedTuple):
    """What the mail server said: its code, 250 when it took the mail, and `at` what it refused:
    recipient, sign_in, or the message."""

    code: int
    at: str = ""


def mail(message: EmailMessage, *, host: str, port: int, user: str, password: str) -> Mailed:
    """Over TLS, but for this machine itself."""
    said_all = False
    try:
        with _mail_server(host, port) as server:
            if user:
                server.login(user, password)
            said_all = True
            server.send_message(message)
            return Mailed(250)
    except smtplib.SMTPRecipientsRefused as error:
        return Mailed(next(iter(error.recipients.values()))[0], "recipient")
    except smtplib.SMTPAuthenticationError as error:
        return Mailed(error.smtp_code, "sign_in")
    except smtplib.SMTPResponseException as error:
        return Mailed(error.smtp_code, "message")
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(type(error).__name__, lost=said_all) from None


def _mail_server(host: str, port: int) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if port == 465:
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=secure)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    if not is_loopback(f"smtp://{host}"):
        server.starttls(context=secure)
    return server


def _read(status: int, answer: Any) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(status, headers, answer.read(MOST_BYTES))
