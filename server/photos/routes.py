import uuid
from typing import Any

from flask import Response, request

from server.core import clock, files
from server.core.access import P, Who
from server.core.crypto import sha256
from server.core.db import db, reading
from server.core.errors import NotFound, PhotoDamaged, PhotoDigest, PhotoUnlisted
from server.core.http import Api, Body
from server.core.pages import page
from server.core.records import fetch_row
from server.core.schemas import Receipt

from . import service, shelf
from .models import Photo
from .rules import told_digest
from .schemas import PhotoPage, PhotoQuery, SizeQuery

bp = Api("photos", __name__)
KINDS = Body(("image/jpeg", "image/png", "image/webp"))


@bp.write(
    "PUT", "/photos/<uuid:id>", allow=P.PHOTO_SEND, takes=KINDS, gives=Receipt, status=(200, 201)
)
def put_photo(who: Who, id: uuid.UUID, raw: bytes) -> Any:
    """The bytes of a photo that a record listed. The picture is rebuilt and synced to disk before
    the write begins, so that no slow decode holds the city up."""
    digest = sha256(raw)
    if told_digest(request.headers.get("Content-Digest")) != digest:
        raise PhotoDamaged
    with reading():
        photo = _listed(who, id)
    if photo.digest != digest:
        raise PhotoDigest
    if shelf.is_here(photo):
        return _receipt(photo, replayed=True), 200
    picture = files.store(files.develop(raw))
    photo = _listed(who, id)
    if photo.kept_digest == picture.digest:  # another try of the same photo was quicker
        return _receipt(photo, replayed=True), 200
    return _receipt(service.store_photo(who, photo, picture), replayed=False), 201


@bp.get("/photos", allow=P.PHOTO_READ, query=PhotoQuery, gives=PhotoPage)
def photos(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = shelf.within_reach(who)
    if record_id := query.pop("record_id", None):
        rows = rows.where(Photo.record_id == record_id)
    return page(rows, order=Photo.listed_at, id=Photo.id, **query)


@bp.get("/photos/<uuid:id>", allow=P.PHOTO_READ, query=SizeQuery, gives="image/jpeg")
def photo(who: Who, id: uuid.UUID, query: dict[str, str]) -> Response:
    """For whoever may read the record, checked each time; the picture itself never changes."""
    row = fetch_row(shelf.within_reach(who).where(Photo.id == id))
    body = files.read(row.kept_digest, int(query["size"])) if row.kept_digest else None
    if body is None:
        raise NotFound("照片还没有送达")
    answer = Response(body, content_type="image/jpeg")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(f"{row.kept_digest[:32]}-{query['size']}")
    answer.make_conditional(request)
    return answer


def _listed(who: Who, id: uuid.UUID) -> Photo:
    photo = who.find(Photo, id)
    if photo is None:
        raise PhotoUnlisted
    db.session.refresh(photo)
    return photo


def _receipt(photo: Photo, *, replayed: bool) -> dict[str, Any]:
    return {
        "id": photo.id,
        "digest": photo.digest,
        "state": "stored",
        "held_reason": None,
        "labels": [],
        "photos": [],
        "received_at": photo.stored_at,
        "server_time": clock.now(),
        "replayed": replayed,
    }
