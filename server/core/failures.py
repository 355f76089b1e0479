"""Every failure leaves in one shape, problem+json with a Chinese title; never a stack trace."""

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, json, request
from flask_smorest import Api as Spec
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from . import errors
from .db import db
from .errors import Problem
from .settings import LOOPBACK, is_loopback

log = logging.getLogger(__name__)
BY_STATUS = {
    400: errors.NotJson,
    404: errors.NotFound,
    405: errors.Method,
    413: errors.TooLarge,
    415: errors.WrongContentType,
    429: errors.TooMany,
}


class ProblemSpec(Spec):
    """flask-smorest's own handler would answer in English and drop `Allow` from a 405."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def handle_http_exception(self, error: HTTPException) -> Any:
        return answer_http(error)


def answer(problem: Problem) -> Response:
    db.session.rollback()
    body = json.dumps(problem.body())
    return Response(body, problem.status, problem.headers, content_type="application/problem+json")


def answer_http(error: HTTPException) -> Response:
    problem = BY_STATUS.get(error.code or 500, errors.Broken)()
    if error.code == 405:
        problem.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ["GET"])
    if (error.code or 500) < 500 and problem.status != error.code:
        problem = errors.NotFound()
    return answer(problem)


def problem_of(error: Exception) -> Problem:
    """What a person is told of any failure; what nobody foresaw is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError):
        return errors.Invalid(fields=error.messages)
    words = str(getattr(error, "orig", error)).lower()
    if "full" in words or "no space" in words:  # SQLite, PostgreSQL, the file system
        return errors.StorageFull(headers={"Retry-After": "20"})
    if isinstance(error, IntegrityError):
        return errors.StateConflict("与服务器上已有的记录冲突，请刷新后重试")
    if isinstance(error, OperationalError):
        log.warning("database: %s", error.orig)
        return errors.Busy(headers={"Retry-After": "2"})
    log.exception("unexpected", exc_info=error)
    return errors.Broken()


def answer_any(error: Exception) -> Response:
    return answer(problem_of(error))


def refuse_strangers() -> Response | None:
    """Another host gets a page that says which address to use; another origin may not write."""
    url = current_app.config["HONGLING"]["url"]
    ours = urlsplit(url)
    named = urlsplit(f"//{request.host}").hostname or ""
    if named != ours.hostname and not (is_loopback(url) and named in LOOPBACK):
        return _wrong_host(url)
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return answer(errors.ForeignOrigin())
    origin = request.headers.get("Origin")
    if origin and not _same_origin(origin, url):
        return answer(errors.ForeignOrigin())
    return None


def _same_origin(origin: str, url: str) -> bool:
    theirs, ours = urlsplit(origin), urlsplit(url)
    if (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc):
        return True
    try:
        ports = (theirs.port, theirs.scheme) == (ours.port, ours.scheme)
    except ValueError:
        return False
    return is_loopback(url) and (theirs.hostname or "") in LOOPBACK and ports


def _wrong_host(url: str) -> Response:
    if request.path.startswith("/api/"):
        return answer(errors.WrongHost(f"请使用正式网址 {url} 打开"))
    page = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>红领通</title>'
        f'<p>请使用正式网址打开：<a href="{url}">{url}</a></p></html>'
    )
    return Response(page, 421, content_type="text/html; charset=utf-8")


def init_app(app: Flask) -> None:
    app.before_request(refuse_strangers)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_any)
