"""The nightly sweep: what no row names leaves the disk, what is wanted never does."""

import os
import time
from threading import Event

import pytest

from server.core import clock, files
from server.core.db import db
from server.core.jobs import JOBS, JobTurn
from server.photos import jobs
from server.photos.models import Photo
from server.worker import turn
from tests.build import picture
from tests.people import LANSHAN, known


@pytest.fixture
def folder(app, tmp_path):
    """An empty shelf: other tests leave pictures on the house's own."""
    told = app.config["HONGLING"]
    app.config["HONGLING"] = told | {"data": tmp_path}
    (tmp_path / "photos").mkdir()
    yield tmp_path / "photos"
    app.config["HONGLING"] = told


@pytest.fixture
def store(app, folder):
    def make(colour, *, days=2):
        with app.app_context():
            digest = files.store(files.develop(picture(size=(40, 30), colour=colour))).digest
        then = time.time() - days * 86400
        for path in folder.glob(f"*/{digest}-*.jpg"):
            os.utime(path, (then, then))
        return digest

    return make


@pytest.fixture
def name(keep):
    def make(digest):
        now = clock.now()
        keep(
            Photo(
                owner_id=known("an"), area_path=LANSHAN, record_kind="visit", record_id=known("v"),
                digest="0" * 64, bytes=1, stage="before", position=0, state="stored", listed_at=now,
                kept_digest=digest,
            )
        )  # fmt: skip

    return make


def sweep(app):
    with app.app_context():
        db.session.execute(db.delete(JobTurn))
        db.session.commit()
    turn(app, JOBS["photos.sweep"], Event())


def kept(folder):
    return {path.stem[:64] for path in folder.glob("*/*.jpg")}


@pytest.mark.engines
def test_only_what_no_row_names_and_nobody_touched_for_a_day_goes(app, folder, store, name):
    wanted, orphan, fresh = store("red"), store("green"), store("blue", days=0)
    name(wanted)
    sweep(app)
    assert kept(folder) == {wanted, fresh}
    assert len(list(folder.glob(f"*/{wanted}-*.jpg"))) == 2
    assert not list(folder.glob(f"*/{orphan}*"))


def test_what_a_killed_writer_left_goes_too(app, folder, store):
    store("red", days=0)
    left = next(folder.glob("*")) / "tmpabc"
    left.write_bytes(b"half")
    sweep(app)
    assert left.exists()
    os.utime(left, (0, 0))
    sweep(app)
    assert not left.exists()


def test_a_picture_stored_again_meanwhile_stays(app, folder, store, monkeypatch):
    """Its row is not there yet when the sweep looks, but the file was touched."""
    digest = store("red")
    look = jobs.reading

    def stored_again():
        files.store(files.develop(picture(size=(40, 30), colour="red")))
        return look()

    monkeypatch.setattr(jobs, "reading", stored_again)
    sweep(app)
    assert kept(folder) == {digest}


def test_many_go_in_batches(app, folder, store, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    for n in range(7):
        store((n * 30, 0, 0))
    assert len(kept(folder)) == 7
    sweep(app)
    assert kept(folder) == set()
