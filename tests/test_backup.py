"""The drill: a backup while everybody writes, a disaster, a restore; then the phones, which still
hold what they sent, make it whole."""

import shutil
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
import time_machine

from server.accounts.models import Session
from server.core import audit
from server.core.audit import AuditLine
from server.core.db import db
from server.issues.models import IssueContact
from server.meetings.models import Attendance, Checkin
from server.photos.models import Photo
from server.visits.models import Visit
from tests.build import contact, issue, new_id, picture, put, record, step, visit
from tests.meetings.hall import Hall
from tests.people import known
from tests.phone import Phone


@pytest.fixture
def sign_in(app, as_):
    """A restore ended all sessions: everyone signs in again."""

    def again(name):
        with app.app_context():
            db.session.execute(db.delete(Session).where(Session.user_id == known(name)))
            db.session.commit()
        return as_(name)

    return again


def broken_chains(app):
    with app.app_context():
        areas = db.session.scalars(db.select(AuditLine.area).distinct()).all()
        assert areas
        return [area for area in areas if audit.verify(area) is not None]


@pytest.mark.engines
def test_the_drill(app, as_, operator, sign_in, rows, tmp_path):
    before, after = Phone(as_("an")), Phone(as_("an"))
    busy = [Phone(as_("an")) for _ in range(3)]
    for n in range(5):
        before.note(picture(size=(64, 64 + n)))
    stop = Event()

    def write(phone):
        while not stop.is_set():
            phone.note(picture(size=(48, 48 + len(phone.sent))))

    threads = [Thread(target=write, args=(phone,)) for phone in busy]
    [thread.start() for thread in threads]
    try:
        operator("backup", tmp_path)
    finally:
        stop.set()
        [thread.join() for thread in threads]
    for n in range(5):
        after.note(picture(size=(80, 80 + n)))
    pictures = app.config["HONGLING"]["data"] / "photos"
    shutil.rmtree(pictures)
    pictures.mkdir()

    operator("restore", tmp_path, "--replace")
    assert as_("an").get("/api/session").status_code == 401
    came_back = {f"/api/visits/{row.id}" for row in rows(Visit)}
    came_back |= {f"/api/photos/{row.id}" for row in rows(Photo) if row.state == "stored"}
    phones = [before, *busy, after]
    for phone in phones:
        phone.client = sign_in("an")
        assert phone.lacking() == set(phone.sent) - came_back
    assert before.lacking() == set()
    assert after.lacking() == set(after.sent)
    for phone in phones:
        phone.send_again()
        assert phone.lacking() == set()
        for path, sent in phone.sent.items():
            answer = phone.get(path)
            assert answer.status_code == 200, path
            assert "/visits/" not in path or answer.json["digest"] == sent.digest
    everything = sum(len(phone.sent) for phone in phones)
    assert len(rows(Visit)) + len(rows(Photo)) == everything
    assert broken_chains(app) == []


@pytest.mark.engines
def test_a_whole_evening_after_the_backup_comes_back_from_the_phones(
    app, as_, operator, sign_in, rows, tmp_path
):
    """An issue with its resident's contact, a step, a correction, a void, and a meeting: what the
    screen showed that evening is still a good code."""
    operator("backup", tmp_path)
    an, ding = Phone(as_("an")), Phone(as_("ding"))
    path, seen = f"/api/issues/{new_id()}", f"/api/visits/{new_id()}"
    put(an, path, issue(contact=contact()))
    put(an, f"/api/issue-actions/{new_id()}", step(path[-36:]))
    put(an, seen, visit())
    put(an, seen, visit(said="改了"), If_Match=f'"{an.sent[seen].digest}"')
    put(an, f"{seen}/void", record(reason="记错了"))
    hall = Hall({"an": an, "ding": ding}.__getitem__).open()
    hall.scan("an")
    assert hall.seats() == {"安宁": ("present", "scan")}

    operator("restore", tmp_path, "--replace")
    assert (rows(Visit), rows(Attendance), rows(IssueContact)) == ([], [], [])
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=20)):
        for phone, name in ((ding, "ding"), (an, "an")):
            phone.client = sign_in(name)
            assert phone.lacking() == set(phone.sent)
            phone.send_again()
            assert phone.lacking() == set()
        assert hall.seats() == {"安宁": ("provisional", "scan")}
    shown = an.get(path).json
    assert (shown["state"], shown["has_contact"]) == ("in_progress", True)
    shown = an.get(seen).json
    assert (shown["said"], shown["voided"]) == ("改了", True)
    assert broken_chains(app) == []


@pytest.mark.engines
def test_a_check_in_by_a_claim_that_the_disk_took_waits_for_the_host(
    as_, operator, sign_in, rows, tmp_path
):
    an, ding = Phone(as_("an")), Phone(as_("ding"))
    hall = Hall({"an": an, "ding": ding}.__getitem__).open()
    operator("backup", tmp_path)
    code = hall.code()
    claim = as_("an").post("/api/claims", json={"code": code}).json["claim"]
    assert hall.scan("an", code=code, claim=claim).status_code == 201
    operator("restore", tmp_path, "--replace")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=20)):
        an.client = sign_in("an")
        an.send_again()
    (checkin,) = rows(Checkin)
    assert (checkin.owner_id, checkin.firm) == (known("an"), False)


@pytest.mark.engines
def test_a_correction_made_after_the_backup_comes_over_the_version_in_it(
    as_, operator, sign_in, tmp_path
):
    an, path = Phone(as_("an")), f"/api/visits/{new_id()}"
    put(an, path, visit())
    operator("backup", tmp_path)
    put(an, path, visit(said="改了"), If_Match=f'"{an.sent[path].digest}"')
    operator("restore", tmp_path, "--replace")
    an.client = sign_in("an")
    assert an.lacking() == {path}
    an.send_again()
    assert an.get(path).json["digest"] == an.sent[path].digest
