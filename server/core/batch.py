"""Many records in one request, and the question which of them the server lacks.

A batch is one transaction with a savepoint per item: the items pass the same doors as single
requests, one bad item costs only itself, and no verdict leaves before the commit.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from flask import current_app
from marshmallow import fields, validate
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from . import clock, records
from .access import P, Who
from .db import db, reading
from .errors import Busy, NotFound, StorageFull
from .failures import problem_of
from .http import RACES, Api, Door, Sent, sent_at, unquoted
from .schemas import ProblemOut, Receipt, Schema, load, one_of

MOST_ITEMS, MOST_BYTES = 50, 256 * 1024
MOST_ASKED, MOST_QUESTION = 2000, 512 * 1024
PATH = validate.Regexp(
    r"\A/api/[a-z-]{1,30}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(/void)?\Z",
    error="不是记录的地址",
)

# What is sent under an id of the phone's and is no record, by its nouns; the photos room, which
# stands below, adds its own. (person, ids) → the digests, as sent, of those that are here.
Kept = Callable[[uuid.UUID, list[uuid.UUID]], dict[uuid.UUID, set[str]]]
others: dict[str, Kept] = {}

bp = Api("batch", __name__)


class AsItIs(fields.Nested):
    """Described by a schema, but not judged as a part of the whole: a receipt may have fields of
    its own kind, and of many items each answers for itself."""

    def deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return value

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return nested_obj


class ItemIn(Schema):
    method = fields.String(required=True, validate=one_of("PUT"))
    path = fields.String(required=True, validate=PATH)
    if_match = fields.String(load_default=None, allow_none=True)
    body = fields.String(required=True)


class BatchIn(Schema):
    """`body` is the very string serialised at save: its digest is what the receipt names."""

    items = fields.List(
        AsItIs(ItemIn),
        required=True,
        validate=validate.Length(1, MOST_ITEMS, error=f"一次 1 至 {MOST_ITEMS} 条"),
    )


class ItemOut(Schema):
    status = fields.Integer(required=True)
    receipt = AsItIs(Receipt)
    problem = AsItIs(ProblemOut)


class BatchOut(Schema):
    results = fields.List(fields.Nested(ItemOut), required=True)


class HeldByPhone(Schema):
    path = fields.String(required=True, validate=PATH)
    digest = fields.String(required=True, validate=validate.Length(64, 64, error="格式不对"))


class ReconcileIn(Schema):
    items = fields.List(
        fields.Nested(HeldByPhone),
        required=True,
        validate=validate.Length(0, MOST_ASKED, error=f"一次最多 {MOST_ASKED} 条"),
    )


class ReconcileOut(Schema):
    """The paths whose record or photo is not here with that digest; the phone sends them again."""

    lacks = fields.List(fields.String(), required=True)
    server_time = fields.AwareDateTime(required=True)


@bp.write("POST", "/batch", allow=P.OWN, takes=BatchIn, gives=BatchOut, most=MOST_BYTES)
def batch(who: Who, data: dict[str, Any]) -> dict[str, Any]:
    return {"results": [_one(who, item) for item in data["items"]]}


@bp.write(
    "POST", "/reconcile", allow=P.OWN, takes=ReconcileIn, gives=ReconcileOut, most=MOST_QUESTION
)
def reconcile(who: Who, data: dict[str, Any]) -> dict[str, Any]:
    """Writes nothing; POST because the question is long. One query a kind of thing. What another
    person sent under the same id is not what this phone holds."""
    asked: dict[tuple[str, ...], list[tuple[Any, str, str]]] = defaultdict(list)
    for item in data["items"]:
        _, _, nouns, id, *more = item["path"].split("/")
        asked[nouns, *more].append((uuid.UUID(id), item["path"], item["digest"]))
    lacks = []
    with reading():
        for (nouns, *_), told in asked.items():
            ids = [id for id, _, _ in told]
            kept = others.get(nouns, _records(told[0][1]))(who.actor.id, ids)
            lacks += [path for id, path, digest in told if digest not in kept.get(id, ())]
    return {"lacks": list(dict.fromkeys(lacks)), "server_time": clock.now()}


def _records(path: str) -> Kept:
    try:
        model = _door(path)[0].model
    except NotFound:
        return lambda *_: {}

    def kept(person_id: uuid.UUID, ids: list[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
        mine = (model.id.in_(ids), records.sent_by(model, person_id))
        rows = db.session.execute(select(model.id, model.digest).where(*mine)).all()
        found = records.earlier([row.id for row in rows])
        for row in rows:
            found[row.id].add(row.digest)
        return found

    return kept


def _one(who: Who, told: Any) -> dict[str, Any]:
    try:
        item = load(ItemIn, told)
        door, id = _door(item["path"])
        raw = item["body"].encode("utf-8", "surrogatepass")
        sent = Sent(id, raw, unquoted(item["if_match"]), sent_at())
        receipt, status = _enter(who, door, sent)
    except Exception as error:
        problem = problem_of(error)
        if isinstance(problem, (Busy, StorageFull)):
            raise  # the transaction itself is broken: nothing of it was acknowledged
        return {"status": problem.status, "problem": problem.body()}
    return {"status": status, "receipt": receipt}


def _enter(who: Who, door: Door, sent: Sent) -> tuple[dict[str, Any], int]:
    for _ in range(RACES):
        try:
            with db.session.begin_nested():
                return door.enter(who, sent)
        except records.Raced:
            continue
    raise Busy


def _door(path: str) -> tuple[Door, Any]:
    try:
        endpoint, ids = current_app.url_map.bind("").match(path, method="PUT")
    except HTTPException:
        raise NotFound from None
    door = getattr(current_app.view_functions[endpoint], "door", None)
    if door is None:
        raise NotFound
    return door, ids["id"]
