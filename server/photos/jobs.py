"""What the worker does for photos: pictures that no row names any more leave the disk at night."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from sqlalchemy import select

from server.core import clock, files
from server.core.db import db, reading
from server.core.jobs import job

from .models import Photo

BATCH = 200
# A picture is on disk before its row is: what is younger may be about to be named.
GRACE = timedelta(days=1)


@job("photos.sweep", every=timedelta(days=1), lease=timedelta(hours=1))
def sweep() -> Iterator[None]:
    since = clock.now() - GRACE
    digests = files.untouched(since)
    while some := list(islice(digests, BATCH)):
        with reading():
            named = set(
                db.session.scalars(select(Photo.kept_digest).where(Photo.kept_digest.in_(some)))
            )
        for digest in some:
            if digest not in named:
                files.remove(digest, untouched_since=since)
        yield
