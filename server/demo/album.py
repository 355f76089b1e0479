"""A few dozen pictures, developed and stored as any photo is, and hung under many records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from server.core import crypto, files
from server.core.files import Picture
from server.photos import service
from server.photos.models import Photo

from . import pictures
from .city import City, Row, add, log, new_id, scope


@dataclass
class Print:
    """One picture: the digest and size of what a phone would have sent, and what is kept of it."""

    digest: str
    bytes: int
    kept: Picture


Album = dict[str, list[Print]]  # by scene


def develop() -> Album:
    return {scene: [_print(raw) for raw in pictures.draw(scene)] for scene in pictures.SCENES}


def hang(
    city: City,
    chance: Random,
    album: Album,
    kind: str,
    record: Row,
    wanted: Iterable[tuple[str, str]],
) -> None:
    """`wanted`: (scene, stage) of each photo, in order; they arrive one after another."""
    for position, (scene, stage) in enumerate(wanted):
        shown = chance.choice(album[scene])
        arrived = min(record["received_at"] + timedelta(seconds=4 * position + 3), city.now)
        photo = add(
            city,
            Photo,
            id=new_id(chance),
            record_kind=kind,
            record_id=record["id"],
            digest=shown.digest,
            bytes=shown.bytes,
            stage=stage,
            position=position,
            state="stored",
            listed_at=record["received_at"],
            kept_digest=shown.kept.digest,
            width=shown.kept.width,
            height=shown.kept.height,
            stored_at=arrived,
            **scope(record),
        )
        detail = {"record": str(record["id"]), "digest": shown.digest}
        log(city, service.store_photo, photo, by=record["owner_id"], at=arrived, detail=detail)


def _print(raw: bytes) -> Print:
    return Print(crypto.sha256(raw), len(raw), files.store(files.develop(raw)))
