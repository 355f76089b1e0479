"""No room on the server's disk: writes say so and wait, reads go on, and when there is room again
nothing has to be restarted and nothing that was acknowledged is missing."""

import errno
import json
import os
import sqlite3
import subprocess
from contextlib import closing

import pytest
from flask_migrate import upgrade
from sqlalchemy import event

from server.accounts.models import Session
from server.app import create_app
from server.core import clock, crypto
from server.core.db import db
from server.core.turnstile import Turnstile
from server.photos.models import Photo
from server.visits.models import Visit
from tests.build import listed, new_id, picture, put, visit
from tests.conftest import SECRET, Client
from tests.people import everyone, known
from tests.phone import Phone

MEGABYTE = 1024 * 1024


def is_full(answer):
    return (
        (answer.status_code, answer.json["type"], answer.json["retry"])
        == (507, "storage_full", "later")
        and int(answer.headers["Retry-After"]) > 0
        and "空间" in answer.json["title"]
    )


@pytest.fixture
def small_disk(tmp_path):
    """A disk of sixteen megabytes, where the machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ("-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder))
    done = subprocess.run(["mount", *options], capture_output=True, check=False)  # noqa: S603, S607
    if done.returncode:
        pytest.skip("this machine lets nobody mount a small disk: the other tests stand in for it")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607


@pytest.fixture
def an(small_disk):
    """An's phone before a house whose data lies on the small disk."""
    app = create_app({"HONGLING_DATA": str(small_disk / "data"), "HONGLING_SECRET": SECRET})
    app.test_client_class = Client
    with app.app_context():
        upgrade()
        now = clock.now()
        signed_in = {"user_id": known("an"), "created_at": now, "token_hash": crypto.sha256("t")}
        db.session.add_all(everyone())
        db.session.commit()
        db.session.add(Session(expires_at=now.replace(year=now.year + 1, day=1), **signed_in))
        db.session.commit()
        db.session.remove()
    client = app.test_client()
    client.set_cookie("hl", "t")
    client.person = str(known("an"))
    yield Phone(client)
    with app.app_context():
        db.engine.dispose()


def fill(folder, *, leave):
    """A file that takes all room but `leave` bytes."""
    disk = os.statvfs(folder)
    with (folder / "ballast").open("ab") as file:
        file.write(b"\0" * max(0, disk.f_bavail * disk.f_frsize - leave))


def files_in(folder):
    return {path for path in folder.rglob("*") if path.is_file()}


def test_on_a_real_full_disk(small_disk, an):
    photo, raw = listed(picture(size=(900, 900))), picture(size=(900, 900))
    seen = f"/api/visits/{new_id()}"
    assert put(an, seen, visit(photos=[photo])).status_code == 201
    photos = small_disk / "data" / "photos"
    fill(small_disk, leave=256 * 1024)
    answers = [put(an, f"/api/visits/{new_id()}", visit(said="长" * 1900)) for _ in range(200)]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert refused
    assert all(map(is_full, refused)), {answer.status_code for answer in refused}
    fill(small_disk, leave=0)
    said = [json.dumps(visit(said="长" * 1900)) for _ in range(8)]
    items = [{"method": "PUT", "path": f"/api/visits/{new_id()}", "body": body} for body in said]
    assert is_full(an.client.post("/api/batch", json={"items": items}))
    before = files_in(photos)
    assert is_full(an.send_photo(photo, raw))
    assert files_in(photos) == before
    for path in (seen, "/api/visits", "/api/health", "/api/session"):
        assert an.get(path).status_code == 200

    (small_disk / "ballast").unlink()
    assert put(an, f"/api/visits/{new_id()}", visit()).status_code == 201
    assert an.send_photo(photo, raw).status_code == 201
    assert an.lacking() == set()
    with closing(sqlite3.connect(small_disk / "data" / "hongling.db")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        visits = sum("/visits/" in path for path in an.sent)
        assert file.execute("SELECT count(*) FROM visit").fetchone() == (visits,)


def test_a_database_that_may_not_grow(app, as_, rows):
    """The same by SQLite's own limit, for machines without a small disk."""
    an = Phone(as_("an"))

    def limit(raw, *_):
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages}")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", limit)
    try:
        answers = [put(an, f"/api/visits/{new_id()}", visit(said="长" * 1900)) for _ in range(99)]
        kept = [answer for answer in answers if answer.status_code == 201]
        assert all(is_full(answer) for answer in answers if answer not in kept)
        assert len(kept) < len(answers)
        assert as_("an").get("/api/visits").status_code == 200
    finally:
        event.remove(engine, "checkout", limit)
        engine.dispose()
    assert put(an, f"/api/visits/{new_id()}", visit()).status_code == 201
    assert an.lacking() == set()
    assert len(rows(Visit)) == len(an.sent)


@pytest.mark.parametrize(("call", "colour"), [("fsync", "teal"), ("replace", "olive")])
def test_a_picture_that_did_not_fit_leaves_nothing_behind(
    app, as_, rows, monkeypatch, call, colour
):
    an, raw = Phone(as_("an")), picture(colour=colour)
    photo = listed(raw)
    put(an, f"/api/visits/{new_id()}", visit(photos=[photo]))
    photos = app.config["HONGLING"]["data"] / "photos"
    before = files_in(photos)

    def no_room(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, call, no_room)
        assert is_full(an.send_photo(photo, raw))
    assert files_in(photos) == before
    assert [row.state for row in rows(Photo)] == ["awaited"]
    assert an.send_photo(photo, raw).status_code == 201
    assert an.get(f"/api/photos/{photo['id']}").status_code == 200


def test_a_line_that_could_not_be_joined_is_open_for_the_next(tmp_path):
    gate = Turnstile(tmp_path / "gone" / "turn")
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            gate.enter()
    (tmp_path / "gone").mkdir()
    gate.enter()
    gate.leave()
