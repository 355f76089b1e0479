"""Lists: a stable order, a cursor that survives inserts, and never one query per row."""

import base64
import binascii
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, tuple_

from .db import UTCDateTime, db
from .errors import NotFound


def page(
    query: Select[Any], *, order: Any, id: Any, limit: int, cursor: str | None = None
) -> dict[str, Any]:
    """`order` (a text or time column) then `id`; times run newest first, texts from A to Z. The
    items are rows of a model, or of columns that hold both keys under their own names."""
    newest = isinstance(order.type, UTCDateTime)
    if cursor:
        value, last_id = _read(cursor, newest=newest)
        here = tuple_(order, id)
        last = tuple_(literal(value, order.type), literal(last_id, id.type))
        query = query.where(here < last if newest else here > last)
    by = (order.desc(), id.desc()) if newest else (order, id)
    found = db.session.execute(query.order_by(*by).limit(limit + 1))
    several = len(query.column_descriptions) > 1
    rows: list[Any] = list(found if several else found.scalars().unique())
    items, more = rows[:limit], len(rows) > limit
    return {"items": items, "next": _write(items[-1], order.key, id.key) if more else None}


def _write(row: Any, order: str, id: str) -> str:
    value = getattr(row, order)
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(f"{text}|{getattr(row, id).hex}".encode()).decode()


def _read(cursor: str, *, newest: bool) -> tuple[Any, uuid.UUID]:
    try:
        value, _, id = base64.urlsafe_b64decode(cursor.encode()).decode().rpartition("|")
        moment = datetime.fromisoformat(value) if newest else value
        if newest and moment.tzinfo is None:  # type: ignore[union-attr]
            raise ValueError(cursor)
        return moment, uuid.UUID(id)
    except (ValueError, binascii.Error):
        raise NotFound("翻页位置不对，请从头开始") from None
