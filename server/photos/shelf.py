"""What the rooms below use: list the photos of a record, show them, and lend their own reach."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, not_, or_, select

from server.core import batch, files, records
from server.core.access import P, Who
from server.core.db import db, insert_once, scope_of
from server.core.errors import IdTaken

from .models import Photo

Hidden = Callable[[Who], ColumnElement[bool]]

# Record kind → its model, the permission by which it is read, and those of which a reader does not
# see the pictures. A photo has no reach of its own.
_kinds: dict[str, tuple[Any, P, Hidden]] = {}


def register(kind: str, model: Any, permission: P, *, hidden: Hidden = lambda who: false()) -> None:
    _kinds[kind] = (model, permission, hidden)


def within_reach(who: Who) -> Select[Photo]:
    """Photos whose record this person may read."""
    ways = [
        and_(
            Photo.record_kind == kind,
            Photo.record_id.in_(
                select(model.id).where(who.using(permission).reach(model), not_(hidden(who)))
            ),
        )
        for kind, (model, permission, hidden) in _kinds.items()
    ]
    return select(Photo).where(or_(*ways))


def await_photos(kind: str, record: Any, listed: list[dict[str, Any]], *, at: Any) -> None:
    """One awaited row a listed photo, under the record's units and its sender, who has the photo.
    A correction may drop some; of those, the rows go and the files stay until the nightly sweep."""
    ids = [photo["id"] for photo in listed]
    if len(set(ids)) < len(ids):
        raise IdTaken("同一张照片列了两次")
    if not ids and not getattr(record, "audit_detail", None):
        return
    db.session.execute(delete(Photo).where(Photo.record_id == record.id, Photo.id.not_in(ids)))
    scope = scope_of(record) | {"owner_id": records.author_of(record)}
    for position, photo in enumerate(listed):
        known = {"record_kind": kind, "record_id": record.id, "state": "awaited", "listed_at": at}
        fresh = insert_once(Photo, **scope, **known, **photo, position=position)
        if not fresh and not _same(photo, record.id):
            raise IdTaken("照片编号已被占用，请重新选择照片")


def _same(photo: dict[str, Any], record_id: uuid.UUID) -> bool:
    row = db.session.get_one(Photo, photo["id"])
    return (row.record_id, row.digest) == (record_id, photo["digest"])


def photos_of(record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Photo]]:
    """By record, in the order they were listed; one query however many records."""
    found = defaultdict(list)
    query = select(Photo).where(Photo.record_id.in_(list(record_ids))).order_by(Photo.position)
    for photo in db.session.scalars(query):
        found[photo.record_id].append(photo)
    return found


def lacking(model: Any) -> ColumnElement[bool]:
    """Records of which a photo is still on a phone."""
    return exists().where(Photo.record_id == model.id, Photo.state == "awaited")


def states(record_id: uuid.UUID) -> list[dict[str, Any]]:
    return [
        {"id": photo.id, "digest": photo.digest, "state": photo.state}
        for photo in photos_of([record_id])[record_id]
    ]


def stored(person_id: uuid.UUID, ids: list[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """The digests, as this person's phone sent them, of those that have arrived and are here."""
    mine = (Photo.id.in_(ids), Photo.owner_id == person_id)
    return {
        photo.id: {photo.digest}
        for photo in db.session.scalars(select(Photo).where(*mine))
        if is_here(photo)
    }


def is_here(photo: Photo) -> bool:
    """A disk that came back without the picture's file is made whole by the phone, as all else."""
    return photo.state == "stored" and files.has(photo.kept_digest or "")


records.photo_states.append(states)
batch.others["photos"] = stored
