"""What the day is, the city decides: neither the zone of the server's machine nor the clock of a
phone moves a deadline, an official time or the end of a day."""

import time
from datetime import UTC, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
import time_machine

from server.core.db import db
from server.core.jobs import JOBS, JobTurn
from server.issues.models import Issue
from server.reminders.models import Reminder
from server.visits.models import Visit
from server.worker import turn
from tests.build import issue, new_id, posting_end, put, visit
from tests.people import known

ZONES = ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"]
# Ten seconds before a day ends or begins in Linyi, where a wrong zone would show.
MOMENTS = {
    "new year's eve": "2026-12-31T23:59:50+08:00",
    "new year": "2027-01-01T00:00:10+08:00",
    "28 february of a leap year": "2028-02-28T23:59:50+08:00",
    "29 february": "2028-02-29T23:59:50+08:00",
    "the end of a short month": "2027-02-28T23:59:50+08:00",
    "the end of a month": "2026-11-30T23:59:50+08:00",
    "a morning": "2026-11-23T07:59:50+08:00",
}


def standing_in(zone, moment):
    """Then, on a machine in that zone: a destination with a ZoneInfo sets the process's TZ."""
    return time_machine.travel(moment.astimezone(ZoneInfo(zone)), tick=False)


def a_day(app, as_, rows, zone):
    """What a person and the worker do at this moment, as far as time can be seen in it."""
    an = as_("an")
    noted, logged = (f"/api/{nouns}/{new_id()}" for nouns in ("visits", "issues"))
    labels = put(an, noted, visit()).json["labels"], put(an, logged, issue()).json["labels"]
    tomorrow = (datetime.now(UTC) + timedelta(hours=32)).date().isoformat()
    early = put(as_("hu"), f"/api/posting-ends/{new_id()}", posting_end(ended_on=tomorrow))
    due = {k: an.get(logged).json[k] for k in ("made_at", "due_on", "due_at", "due_words")}
    with app.app_context():
        db.session.execute(db.delete(JobTurn))
        db.session.commit()
    with standing_in(zone, datetime.fromisoformat(due["due_at"]) - timedelta(hours=1)):
        turn(app, JOBS["reminders.scan"], Event())
        inbox = an.get("/api/reminders").json["items"]
    told = [
        (one["title"], one["at"]) for one in inbox if one["link"] == logged.removeprefix("/api")
    ]
    bells = [row.bell_at for row in rows(Reminder) if f"/api{row.link}" == logged]
    return labels, due, early.status_code, early.json["title"], told, bells


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_machines_zone_changes_nothing(app, as_, rows, moment):
    seen, clocks = [], set()
    for zone in ZONES:
        with standing_in(zone, datetime.fromisoformat(MOMENTS[moment])):
            clocks.add(time.strftime("%d %H:%M"))
            seen.append(a_day(app, as_, rows, zone))
    assert len(clocks) == len(ZONES), "the machine did not move"
    assert len(seen[0][4]) == len(seen[0][5]) == 1
    assert all(one == seen[0] for one in seen)


@pytest.mark.engines
@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=-1), timedelta(days=365)])
def test_a_phones_wrong_clock_does_not_move_the_official_time(as_, rows, off):
    now = datetime(2026, 11, 30, 15, 59, 50, tzinfo=UTC)  # 23:59:50 in Linyi
    with time_machine.travel(now, tick=False):
        told = {"made_at": (now + off).isoformat()}
        for path, body in (("visits", visit(**told)), ("issues", issue(**told))):
            headers = {"Hongling_Sent_At": (now + off).isoformat()}
            r = put(as_("an"), f"/api/{path}/{new_id()}", body, **headers)
            assert (r.status_code, r.json["labels"]) == (201, ["clock_wrong"])
    assert [row.made_at for row in rows(Visit)] == [now]
    assert [(row.made_at, row.due_on.isoformat()) for row in rows(Issue)] == [(now, "2026-12-07")]
    assert rows(Visit)[0].owner_id == known("an")
