"""The edge: one declaration per endpoint, one transaction per request, one shape of answer.

Order of work: session looked up in a short closed read → body read and judged by its schema →
BEGIN IMMEDIATE at the first statement of the view → commit → answer. GET never writes.
"""

import functools
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app, jsonify, request
from flask_login import current_user
from flask_smorest import Blueprint
from marshmallow import Schema

from . import clock, records
from .access import P, Who
from .crypto import sha256
from .db import db, looking, reading
from .docs import describe
from .errors import Busy, Invalid, Problem, SignInFirst, TooLarge, WrongContentType, WrongPerson
from .schemas import Receipt, load, made, parse

PUBLIC = "public"  # said by name, listed in one test
MAX_JSON = 64 * 1024
RACES = 5  # how often a request looks again after losing a race for its own id

View = Callable[..., Any]


@dataclass(frozen=True)
class Body:
    """Raw bytes of a request: what the photos room takes instead of a schema."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """One record as it came in, alone or in a batch."""

    id: uuid.UUID
    raw: bytes
    if_match: str | None
    sent_at: datetime | None


@dataclass(frozen=True)
class Door:
    """The way of one kind of record into the house, whichever request carried it."""

    view: View
    allow: P
    model: Any
    takes: type[Schema]
    gives: type[Schema]

    def enter(self, who: Who, sent: Sent) -> tuple[dict[str, Any], int]:
        """Replay, correct or store; the receipt and its status. The caller commits."""
        who = who.using(self.allow)
        received_at = clock.now()
        told = records.Told(
            id=sent.id,
            person_id=who.actor.id,
            digest=sha256(sent.raw),
            sent_at=sent.sent_at,
            received_at=received_at,
        )
        # Before the schema: what was stored once is acknowledged for ever, whatever came since.
        with looking():
            try:
                row = records.look(self.model, told, sent.if_match)
            except Problem:
                who.insist()
                raise
            if row is not None:
                return self._receipt(row, told, replayed=True), 200
        who.insist()  # a view may look for rows by other permissions only
        data = parse(self.takes, sent.raw)
        if told.before is not None and records.look(self.model, told, sent.if_match, lock=True):
            raise records.Raced  # the row to correct, now to be changed, is already as we want it
        data = told.read(data)
        row = self._kept(who, told, data, sent)
        db.session.flush()
        status = 202 if row.held_reason else 200 if told.before is not None else 201
        return self._receipt(row, told, replayed=False), status

    def _kept(self, who: Who, told: records.Told, data: dict[str, Any], sent: Sent) -> Any:
        """What another try of the same record changed in the meantime is no reason to refuse it."""
        try:
            return self.view(who, told, data)
        except Problem:
            twin = records.look(self.model, told, sent.if_match) if told.before is None else None
            if twin is not None and twin.received_at != told.received_at:  # not our own, half done
                raise records.Raced from None
            raise

    def _receipt(self, row: Any, told: records.Told, *, replayed: bool) -> dict[str, Any]:
        answer = records.receipt(row, digest=told.digest, now=told.received_at, replayed=replayed)
        return made(self.gives).dump(answer)


class Api(Blueprint):
    """A blueprint whose routes cannot be written without saying who may use them (`allow`)."""

    def __init__(self, name: str, import_name: str):
        super().__init__(name, import_name, url_prefix="/api", description=_what(import_name))

    def get(
        self,
        rule: str,
        *,
        allow: P | str,
        gives: type[Schema] | str,
        query: type[Schema] | None = None,
    ) -> Callable[[View], View]:
        """`gives` is a schema, or the media type of what the view returns as a Response."""

        def wrap(view: View) -> View:
            @functools.wraps(view)
            def run(**ids: Any) -> Response:
                with reading():
                    who = _who(allow)
                    told = {"query": load(query, request.args)} if query else {}
                    result = view(who, **ids, **told)
                    if isinstance(gives, str):
                        return result
                    return _unless_known(jsonify(made(gives).dump(result)))

            return self._declare("GET", rule, run, view, allow=allow, gives=gives, query=query)

        return wrap

    def write(
        self,
        method: str,
        rule: str,
        *,
        allow: P | str,
        takes: type[Schema] | Body | None = None,
        gives: type[Schema] | None = None,
        status: tuple[int, ...] = (200,),
        most: int = MAX_JSON,
    ) -> Callable[[View], View]:
        """An unsafe route that is no record. Where it has several statuses the view returns
        (result, status)."""

        def wrap(view: View) -> View:
            @functools.wraps(view)
            def run(**ids: Any) -> Response:
                who = _who(allow)
                if isinstance(takes, Body):
                    ids["raw"] = _read(takes.kinds, current_app.config["MAX_CONTENT_LENGTH"])
                elif takes:
                    ids["data"] = parse(takes, _read(("application/json",), most))
                result = _kept(view, who, ids)
                result, code = result if isinstance(result, tuple) else (result, status[0])
                answer = jsonify(made(gives).dump(result)) if gives else Response(status=204)
                db.session.commit()
                answer.status_code = code if gives else 204
                return answer

            return self._declare(
                method, rule, run, view, allow=allow, takes=takes, gives=gives, status=status
            )

        return wrap

    def put_record(
        self, rule: str, *, allow: P, model: Any, takes: type[Schema], gives: type[Schema] = Receipt
    ) -> Callable[[View], View]:
        """PUT under the phone's id. The view gets (who, told, data) and returns the row."""

        def wrap(view: View) -> View:
            door = Door(view, allow, model, takes, gives)

            @functools.wraps(view)
            def run(id: uuid.UUID) -> Response:
                who = _who(allow)
                raw = _read(("application/json",), MAX_JSON)
                sent = Sent(id, raw, unquoted(request.headers.get("If-Match")), sent_at())
                for _ in range(RACES):
                    try:
                        body, status = door.enter(who, sent)
                        answer = jsonify(body)
                        db.session.commit()
                        answer.status_code = status
                        return answer
                    except records.Raced:
                        db.session.rollback()
                raise Busy

            run.door = door  # type: ignore[attr-defined]
            return self._declare(
                "PUT", rule, run, view, allow=allow, takes=takes, gives=gives, record=True
            )

        return wrap

    def _declare(self, method: str, rule: str, run: Any, view: View, **said: Any) -> View:
        run.permission = said["allow"]
        run = describe(self, run, method, public=said["allow"] == PUBLIC, **said)
        self.route(rule, methods=[method], endpoint=f"{method.lower()}_{view.__name__}")(run)
        return view


def _who(allow: P | str) -> Who:
    policy = current_app.extensions["policy"]
    if allow == PUBLIC:
        return Who(None, P.OWN, policy)  # type: ignore[arg-type]
    if not current_user.is_authenticated:
        raise SignInFirst
    actor = current_user._get_current_object()
    if request.method not in ("GET", "HEAD") and request.headers.get("Hongling-Person") != str(
        actor.id
    ):
        raise WrongPerson
    return Who(actor, P(allow), policy)


def _kept(view: View, who: Who, told: dict[str, Any]) -> Any:
    try:
        return view(who, **told)
    except Problem as problem:
        if problem.keeps:
            db.session.commit()
        raise


def _read(kinds: tuple[str, ...], most: int) -> bytes:
    if request.mimetype not in kinds:
        raise WrongContentType
    if (request.content_length or 0) > most:
        raise TooLarge
    request.max_content_length = most
    return request.get_data(cache=False)


def unquoted(header: str | None) -> str | None:
    return header.strip().strip('"') if header else None


def sent_at() -> datetime | None:
    told = request.headers.get("Hongling-Sent-At")
    if told is None:
        return None
    try:
        sent = datetime.fromisoformat(told)
        return sent.astimezone(clock.UTC) if sent.tzinfo else None
    except (ValueError, OverflowError):
        raise Invalid(fields={"Hongling-Sent-At": ["时间格式不对，应带时区"]}) from None


def _unless_known(answer: Response) -> Response:
    """304 when the phone already has these very bytes."""
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32], weak=True)
    answer.make_conditional(request)
    return answer


def _what(import_name: str) -> str:
    doc = __import__(import_name.rpartition(".")[0], fromlist=["_"]).__doc__ or ""
    return doc.strip().split("\n")[0]
