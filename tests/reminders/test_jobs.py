"""The scan, run as the worker runs it: on time, once, whatever the clock and a second worker do."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
import time_machine

from server.core.db import db
from server.core.jobs import JOBS, Job, JobTurn
from server.issues.models import Issue
from server.reminders import finders, jobs
from server.reminders.finders import Due
from server.reminders.models import Reminder
from server.worker import turn
from tests.build import issue, new_id, put, step
from tests.people import known

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)  # 10:00 in Linyi; five working days: the 27th
THURSDAY_NINE = datetime(2026, 11, 26, 1, tzinfo=UTC)
SCAN = JOBS["reminders.scan"]


def scan(app):
    """A turn that is always ours."""
    with app.app_context():
        db.session.execute(db.delete(JobTurn))
        db.session.commit()
    turn(app, SCAN, Event())


pytestmark = pytest.mark.usefixtures("no_duties")


@pytest.fixture
def clock():
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def path(as_, clock):
    path = f"/api/issues/{new_id()}"
    assert put(as_("an"), path, issue(what="夜里没处停车")).status_code == 201
    return path


@pytest.fixture
def crowd(monkeypatch):
    """A finder of many, instead of the house's own."""

    def make(count):
        people = [known(f"person {n}") for n in range(count)]
        event = FRIDAY + timedelta(hours=3)

        def find(until, since):
            for person in people:
                if since < FRIDAY <= until:
                    yield Due(
                        person, known("meeting"), FRIDAY, event, "例会", "三楼", "/meetings/1"
                    )

        monkeypatch.setattr(finders, "FINDERS", {"meeting_hour_before": find})
        monkeypatch.setattr(jobs, "FINDERS", finders.FINDERS)

    return make


@pytest.mark.engines
def test_an_issue_is_in_the_inbox_one_working_day_before_its_deadline(app, as_, path, clock, rows):
    clock.move_to(THURSDAY_NINE - timedelta(seconds=1))
    scan(app)  # written with the day, for its digest, and not shown yet
    assert as_("an").get("/api/reminders").json["items"] == []
    clock.move_to(THURSDAY_NINE)
    scan(app)
    scan(app)
    inbox = as_("an").get("/api/reminders").json
    assert inbox["unseen"] == 1
    assert [
        {k: item[k] for k in ("kind", "title", "body", "link", "expired", "seen")}
        for item in inbox["items"]
    ] == [
        {
            "kind": "issue_due",
            "title": "11月27日 17:30 前办结",
            "body": "夜里没处停车",
            "link": path.removeprefix("/api"),
            "expired": False,
            "seen": False,
        }
    ]
    assert rows(Reminder)[0].bell_at == THURSDAY_NINE
    assert as_("ding").get("/api/reminders").json == {"items": [], "next": None, "unseen": 0}


@pytest.mark.engines
@pytest.mark.parametrize(
    ("down", "expired"), [(timedelta(hours=5), False), (timedelta(days=3), True)]
)
def test_what_fell_due_while_the_worker_was_down_is_still_written(
    app, as_, path, clock, down, expired
):
    clock.move_to(THURSDAY_NINE + down)
    scan(app)
    inbox = as_("an").get("/api/reminders").json
    assert [item["expired"] for item in inbox["items"]] == [expired]
    assert inbox["unseen"] == (not expired)
    assert datetime.fromisoformat(inbox["items"][0]["at"]) == THURSDAY_NINE


@pytest.mark.engines
def test_a_jump_of_the_clock_gives_each_reminder_exactly_once(app, path, clock, rows):
    for moment in (THURSDAY_NINE, FRIDAY, THURSDAY_NINE + timedelta(days=30), THURSDAY_NINE):
        clock.move_to(moment)
        scan(app)
    assert [row.expires_at > THURSDAY_NINE for row in rows(Reminder)] == [True]


@pytest.mark.engines
def test_a_moved_deadline_is_another_reminder_and_the_old_one_expires(app, as_, path, clock, rows):
    clock.move_to(THURSDAY_NINE)
    scan(app)
    with app.app_context():
        row = db.session.scalars(db.select(Issue)).one()
        row.due_on, row.due_at = row.due_on + timedelta(days=3), row.due_at + timedelta(days=3)
        db.session.commit()
    clock.move_to(THURSDAY_NINE + timedelta(minutes=1))
    scan(app)
    inbox = as_("an").get("/api/reminders").json
    assert ([item["expired"] for item in inbox["items"]], inbox["unseen"]) == ([True], 0)
    clock.move_to(THURSDAY_NINE + timedelta(days=1))
    scan(app)
    assert [i["expired"] for i in as_("an").get("/api/reminders").json["items"]] == [False, True]


def test_a_resolved_issue_needs_no_reminder_and_an_opened_one_gets_it_back(
    app, as_, path, clock, rows
):
    def act(state):
        body = step(path[-36:], state=state, made_at=datetime.now(UTC).isoformat())
        assert put(as_("an"), f"/api/issue-actions/{new_id()}", body).status_code == 201

    clock.move_to(THURSDAY_NINE)
    scan(app)
    for state, unseen in (("resolved", 0), ("in_progress", 1)):
        act(state)
        scan(app)
        assert as_("an").get("/api/reminders").json["unseen"] == unseen
    assert len(rows(Reminder)) == 1


@pytest.mark.engines
def test_two_workers_at_once_write_each_reminder_once(app, clock, crowd, rows):
    crowd(120)
    clock.move_to(FRIDAY + timedelta(minutes=1))
    start = Barrier(4)
    # Four names are four turns: all scan at once, as after a lease that ran out too early.
    twins = [Job(f"scan {n}", SCAN.every, SCAN.lease, SCAN.run) for n in range(4)]

    def work(job):
        start.wait()
        turn(app, job, Event())

    threads = [Thread(target=work, args=(job,)) for job in twins]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(rows(Reminder)) == len({row.person_id for row in rows(Reminder)}) == 120


@pytest.mark.engines
def test_a_worker_killed_in_the_middle_leaves_the_rest_to_the_next(
    app, clock, crowd, rows, monkeypatch
):
    crowd(120)
    clock.move_to(FRIDAY + timedelta(minutes=1))
    write, written = jobs.insert_once, []

    def dying(model, **values):
        if len(written) == 70:
            raise KeyboardInterrupt  # no except clause of ours may catch it
        written.append(values)
        return write(model, **values)

    monkeypatch.setattr(jobs, "insert_once", dying)
    with pytest.raises(KeyboardInterrupt):
        scan(app)
    assert len(rows(Reminder)) == 50  # the batch that was committed
    monkeypatch.setattr(jobs, "insert_once", write)
    turn(app, SCAN, Event())
    assert len(rows(Reminder)) == 50  # the lease of the dead worker still runs
    clock.shift(SCAN.lease + timedelta(seconds=1))
    turn(app, SCAN, Event())
    assert len(rows(Reminder)) == len({row.person_id for row in rows(Reminder)}) == 120


def test_a_bell_before_the_weekend_has_its_row_but_the_inbox_waits(app, as_, clock, monkeypatch):
    """A meeting on Monday: the day-before reminder is Sunday's, its bell rings on Friday."""
    monday = datetime(2026, 11, 23, 6, tzinfo=UTC)
    sunday = monday - timedelta(days=1)

    def find(until, since):
        if since < sunday <= until:
            yield Due(known("an"), known("m"), sunday, monday, "例会", "三楼", "/meetings/1")

    monkeypatch.setattr(jobs, "FINDERS", {"meeting_day_before": find})
    friday_evening = datetime(2026, 11, 20, 11, 59, tzinfo=UTC)
    friday = datetime(2026, 11, 19, 16, tzinfo=UTC)  # begins in Linyi: its digest may gather it
    for moment, there, shown in (
        (friday - timedelta(minutes=1), 0, 0),
        (friday, 1, 0),
        (friday_evening, 1, 0),
        (sunday - timedelta(minutes=1), 1, 0),
        (sunday, 1, 1),
    ):
        clock.move_to(moment)
        scan(app)
        with app.app_context():
            found = db.session.scalars(db.select(Reminder)).all()
        assert [row.bell_at for row in found] == [friday_evening] * there
        assert len(as_("an").get("/api/reminders").json["items"]) == shown


def test_a_scan_asks_the_same_number_of_questions_however_many_are_due(app, clock, crowd):
    def questions(count):
        crowd(count)
        made = []
        with app.app_context():
            note = lambda *args: made.append(args[2])  # noqa: E731
            db.event.listen(db.engine, "before_cursor_execute", note)
            [None for _ in jobs.scan()]
            db.session.rollback()
            db.event.remove(db.engine, "before_cursor_execute", note)
        return len([line for line in made if line.startswith("SELECT")])

    clock.move_to(FRIDAY + timedelta(minutes=1))
    assert questions(1) == questions(60) == 2
