"""A room full of phones, lost replies and two channels at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from server.accounts.models import User
from server.core import audit, clock
from server.meetings.models import Attendance, Checkin
from server.meetings.rules import Event, project
from tests.build import new_id, put, record
from tests.meetings.hall import Hall
from tests.people import LANSHAN, known, posting

MEMBERS = [f"member-{n}" for n in range(8)]
THREADS = 64


@pytest.fixture
def room(as_, keep):
    """Eight more members of the branch in an open meeting. Time runs: threads race in it."""
    post = {"host": "xinghua", "sender": "bureau", "branch": "branch", "area": LANSHAN}
    people = [
        User(
            id=known(name),
            username=name,
            name=f"成员{n}",
            roles=["secretary"],
            area_path=LANSHAN,
            branch_id=known("branch"),
            created_at=clock.now(),
        )
        for n, name in enumerate(MEMBERS)
    ]
    keep(*people)
    keep(*(posting(f"posting-{name}", owner=name, **post) for name in MEMBERS))
    return Hall(as_).open()


def rush(calls):
    with ThreadPoolExecutor(THREADS) as pool:
        return [done.result() for done in [pool.submit(call) for call in calls]]


def stored(rows):
    return {row.person_id: (row.state, row.way, row.at) for row in rows(Attendance)}


def come_to(rows):
    events = {}
    for row in rows(Checkin):
        event = Event(row.id, row.way, row.at, row.firm, row.held_reason is not None)
        events.setdefault(row.owner_id, []).append(event)
    seats = {id: project(found) for id, found in events.items()}
    return {id: seat[:3] for id, seat in seats.items() if seat}


@pytest.mark.engines
def test_64_phones_at_once_leave_one_seat_a_person_and_no_failure(room, app, rows):
    said = record(meeting_id=room.id, way="scan", code=room.code())
    ids = {name: new_id() for name in MEMBERS}

    def call(n):
        name = MEMBERS[n % len(MEMBERS)]
        client, lost_reply = room.as_(name), n < THREADS // 2
        return lambda: put(
            client,
            f"/api/checkins/{ids[name] if lost_reply else new_id()}",
            said if lost_reply else record(meeting_id=room.id, way="scan", code=room.code()),
        )

    answers = rush(call(n) for n in range(THREADS))
    assert {r.status_code for r in answers} == {200, 201}, [r.json for r in answers]
    seats = rows(Attendance)
    assert sorted(row.person_id for row in seats) == sorted(known(name) for name in MEMBERS)
    shared = [row for row in rows(Checkin) if str(row.id) in ids.values()]
    assert (len(shared), len(rows(Checkin))) == (len(ids), len(ids) + THREADS // 2)
    with app.app_context():
        assert audit.verify(LANSHAN) is None


@pytest.mark.engines
def test_whatever_the_interleaving_the_seats_are_what_the_events_come_to(room, rows):
    def call(n):
        name = MEMBERS[n % len(MEMBERS)]
        way = ("scan", "tick", "undo")[n % 3]
        shown = {"code": room.code()} if way == "scan" else {"person_id": str(known(name))}
        client = room.as_(name if way == "scan" else "ding")
        body = record(meeting_id=room.id, way=way, **shown)
        return lambda: put(client, f"/api/checkins/{new_id()}", body)

    answers = rush(call(n) for n in range(THREADS))
    assert {r.status_code for r in answers} == {201}
    assert stored(rows) == come_to(rows)


@pytest.mark.engines
def test_accepting_while_others_tick_and_undo_leaves_what_the_events_come_to(room, rows):
    held = {}
    for name in MEMBERS:
        answer = room.scan(name, waited=600, code=room.code(ago=1200))
        assert answer.status_code == 202
        held[name] = f"/api/checkins/{answer.json['id']}"
    ding = room.as_("ding")

    def call(n):
        name = MEMBERS[n % len(MEMBERS)]
        body = record(meeting_id=room.id, way=("tick", "undo")[n % 2], person_id=str(known(name)))
        path = f"/api/checkins/{new_id()}"
        if n < len(MEMBERS):
            body = record(path=held[name], verdict="accept", words="")
            path = f"/api/decisions/{new_id()}"
        return lambda: put(ding, path, body)

    answers = rush(call(n) for n in range(len(MEMBERS) * 3))
    assert {r.status_code for r in answers} == {201}, [r.json for r in answers]
    assert stored(rows) == come_to(rows)


@pytest.mark.engines
def test_a_scan_that_crosses_the_opening_on_its_way_counts(hall, engine, monkeypatch):
    """It looks while the meeting is planned; before its turn to write comes, it is open."""
    if engine == "sqlite":
        pytest.skip("one writer at a time: nothing can happen between look and turn")
    hall.plan()
    hall.screen()
    hold = audit.hold

    def crossed(row):
        monkeypatch.setattr(audit, "hold", hold)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(hall.do, "open").result().status_code == 201
        hold(row)

    monkeypatch.setattr(audit, "hold", crossed)
    assert hall.scan("an").status_code == 201
    assert hall.seats() == {"安宁": ("present", "scan")}
