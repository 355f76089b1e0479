"""What a person chooses for themself: which kinds ring, what comes later, and a calendar."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from tests.build import new_id, put
from tests.meetings.hall import meeting
from tests.reminders.ringing import NOON, Heard, address, listen, remind, work


def chosen(client):
    items = client.get("/api/reminder-choices").json["items"]
    return {item["kind"]: item["rings"] for item in items}


def test_meetings_ring_unless_switched_off_and_the_rest_only_when_chosen(as_):
    an = as_("an")
    assert chosen(an) == {
        "meeting_hour_before": True,
        "meeting_day_before": True,
        "issue_due": False,
        "revisit": False,
        "duty_due": False,
        "duty_overdue": False,
    }
    assert an.put("/api/reminder-choices/issue_due", json={"rings": True}).status_code == 204
    assert an.put("/api/reminder-choices/meeting_day_before", json={"rings": False}).status_code
    assert (chosen(an)["issue_due"], chosen(an)["meeting_day_before"]) == (True, False)
    assert chosen(as_("ding"))["issue_due"] is False


@pytest.mark.parametrize("kind", ["held_decided", "nothing"])
def test_a_kind_that_never_rings_cannot_be_chosen(as_, kind):
    r = as_("an").put(f"/api/reminder-choices/{kind}", json={"rings": True})
    assert (r.status_code, r.json["title"]) == (404, "没有这一类提醒")


@pytest.mark.engines
def test_a_snoozed_reminder_is_out_of_sight_until_then_and_rings_again(
    app, as_, keep, clock, monkeypatch
):
    heard = Heard("webhook")
    listen(monkeypatch, heard)
    address(app, "webhook", "13800000000")
    row = remind()
    keep(row)
    work(app)
    an, path = as_("an"), f"/api/reminders/{row.id}/snooze"
    until = NOON + timedelta(hours=1)
    assert an.put(path, json={"until": until.isoformat()}).status_code == 204
    inbox = an.get("/api/reminders").json
    assert (inbox["unseen"], inbox["items"][0]["snoozed_until"]) == (0, "2026-11-25T05:00:00+00:00")
    work(app)
    assert len(heard.sent) == 1
    clock.move_to(until)
    work(app)
    work(app)
    assert len(heard.sent) == 2
    inbox = an.get("/api/reminders").json
    assert (inbox["unseen"], inbox["items"][0]["snoozed_until"]) == (1, None)


@pytest.mark.parametrize(
    ("hours", "status", "sentence"),
    [
        (-1, 422, "请选一个以后的时间"),
        (27, 409, "到那时事情已经过了，请选早一点的时间"),
    ],
)
def test_a_moment_that_cannot_be_gets_a_sentence(as_, keep, clock, hours, status, sentence):
    row = remind()
    keep(row)
    until = (NOON + timedelta(hours=hours)).isoformat()
    r = as_("an").put(f"/api/reminders/{row.id}/snooze", json={"until": until})
    assert r.status_code == status
    assert sentence in r.get_data(as_text=True)


def test_nobody_snoozes_another_ones_reminder(as_, keep, clock):
    row = remind()
    keep(row)
    until = (NOON + timedelta(hours=1)).isoformat()
    r = as_("ding").put(f"/api/reminders/{row.id}/snooze", json={"until": until})
    assert r.status_code == 404


@pytest.mark.engines
def test_a_calendar_program_finds_the_own_dates_at_a_secret_address(app, as_, clock):
    an = as_("an")
    assert an.get("/api/calendar-feed").json == {"url": None}
    begins = NOON + timedelta(days=1)
    ends = begins + timedelta(hours=2)
    called = meeting(starts_at=begins.isoformat(), ends_at=ends.isoformat())
    assert put(as_("ding"), f"/api/meetings/{new_id()}", called).status_code == 201
    url = an.put("/api/calendar-feed").json["url"]
    assert an.get("/api/calendar-feed").json == {"url": url}
    path = url[url.index("/api/") :]
    stranger = app.test_client()
    r = stranger.get(path)
    assert (r.status_code, r.mimetype) == (200, "text/calendar")
    (event,) = icalendar.Calendar.from_ical(r.data).walk("VEVENT")
    assert (str(event["summary"]), event.start.astimezone(UTC)) == (
        "十一月月例会",
        datetime(2026, 11, 26, 4, tzinfo=UTC),
    )
    assert event.end - event.start == timedelta(hours=2)
    assert all(event[name] for name in ("uid", "dtstamp"))
    assert stranger.get(path).data == r.data
    assert all(len(line) <= 75 for line in r.data.split(b"\r\n"))


@pytest.mark.engines
def test_a_renewed_or_dropped_address_opens_nothing(app, as_, clock):
    an, stranger = as_("an"), app.test_client()
    first = an.put("/api/calendar-feed").json["url"]
    second = an.put("/api/calendar-feed").json["url"]
    assert stranger.get(first[first.index("/api/") :]).status_code == 404
    assert stranger.get(second[second.index("/api/") :]).status_code == 200
    assert an.delete("/api/calendar-feed").status_code == 204
    assert stranger.get(second[second.index("/api/") :]).status_code == 404
