"""What the branches did together: monthly meetings, tours and forums, one open at this moment, one
tomorrow; who came, in every way there is of saying so."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from server.core import workdays
from server.meetings import service
from server.meetings.models import (
    Attendance,
    Checkin,
    Display,
    Meeting,
    MeetingAction,
    RosterEntry,
)
from server.meetings.rules import LETTERS, NOT_EXPECTED, Event, project
from server.organizations.models import TemporaryBranch

from . import days
from .city import City, Row, add, dice, log, new_id, record, scope, weighted, words
from .posts import Post, lead_of, members

MINUTE = timedelta(minutes=1)
COMES, TAKEN_BACK = 0.91, 0.08
# scan_offline: without network, then confirmed by the lead's tick.
WAYS = {"scan": 64, "tick": 24, "host_scan": 7, "scan_offline": 5}
OPEN_FOR = timedelta(minutes=25)  # how long ago the open meeting began
LENGTH = timedelta(hours=2)
SOMETIMES = {"quarterly_observation": 0.6, "property_joint": 0.5, "owners_forum": 0.3}


class Plan(NamedTuple):
    kind: str
    starts_at: datetime
    state: str


class Sign(NamedTuple):
    """One way in which one person was said to be there."""

    way: str
    at: datetime
    screen: str | None = None
    firm: bool = True
    held_reason: str | None = None


def build(city: City, posts: list[Post]) -> None:
    chance = dice("meetings")
    areas = {branch["id"]: branch["area_path"] for branch in city.rows[TemporaryBranch]}
    for branch_id, branch in members(posts).items():
        lead = lead_of(branch)
        hosts_cast = lead.person["username"] == "ding"
        for plan in [*_plans(city.now, chance), *(_of_the_cast(city.now) if hosts_cast else [])]:
            meeting = _call(city, chance, lead, areas[branch_id], plan)
            if plan.state in ("open", "closed"):
                _hold(city, chance, meeting, lead, branch)
            if plan.state == "open":
                _guest(city, chance, meeting, posts)
            if plan.state == "cancelled":
                _act(city, chance, meeting, "cancel", plan.starts_at - 3 * 60 * MINUTE)


def _plans(now: datetime, chance: Random) -> Iterator[Plan]:
    """A branch's last months and its next weeks."""
    for back in (3, 2, 1):
        day = _workday(days.months_ago(now, back) + timedelta(days=chance.randrange(7, 24)))
        if now - timedelta(days=days.DAYS) < days.at(day, 9) < now - LENGTH:
            yield Plan("monthly_branch", days.at(day, chance.choice((9, 14, 15))), "closed")
    for kind, share in SOMETIMES.items():
        if chance.random() < share:
            day = days.workdays_ago(now, chance.randrange(4, 50))
            state = "closed" if chance.random() < 0.95 else "cancelled"
            yield Plan(kind, days.at(day, chance.choice((9, 15)), 30), state)
    if chance.random() < 0.6:
        day = _workday(days.day_of(now) + timedelta(days=chance.randrange(3, 12)))
        yield Plan("monthly_branch", days.at(day, 14, 30), "planned")


def _of_the_cast(now: datetime) -> Iterator[Plan]:
    """One to scan into now, one to be reminded of."""
    begun = (now - OPEN_FOR).replace(second=0, microsecond=0)
    begun -= begun.minute % 5 * MINUTE
    yield Plan("monthly_branch", begun, "open")
    yield Plan("property_joint", days.at(days.day_of(now) + timedelta(days=1), 9, 30), "planned")


def _workday(day: date) -> date:
    """That day, or the working day before it."""
    return day if workdays.is_workday(day) else workdays.previous_workday(day)


def _call(city: City, chance: Random, lead: Post, area_path: str, plan: Plan) -> Row:
    told, on = words()["meetings"], days.day_of(plan.starts_at)
    title = chance.choice(told[plan.kind])
    meeting = record(
        city,
        Meeting,
        chance,
        by=lead.person["id"],
        made_at=min(plan.starts_at - timedelta(days=chance.randrange(3, 9)), city.now),
        kind=plan.kind,
        title=title.format(month=f"{on.month}月", quarter="一二三四"[(on.month - 1) // 3]),
        place_words=chance.choice(told["places"]),
        starts_at=plan.starts_at,
        ends_at=plan.starts_at + LENGTH,
        code=_letters(chance, 8),
        state=plan.state,
        **_here(scope(lead.posting), area_path),
    )
    log(city, service.call_meeting, meeting, by=lead.person["id"])
    return meeting


def _here(told: Row, area_path: str) -> Row:
    """A meeting belongs to the branch, to no host and no sending unit."""
    return told | {"host_unit_id": None, "sending_unit_id": None, "area_path": area_path}


def _letters(chance: Random, n: int) -> str:
    return "".join(chance.choices(LETTERS, k=n))


def _hold(city: City, chance: Random, meeting: Row, lead: Post, branch: list[Post]) -> None:
    meeting["opened_at"] = meeting["starts_at"] - 10 * MINUTE
    _act(city, chance, meeting, "open", meeting["opened_at"])
    screen = _screen(city, chance, meeting)
    for post in branch:
        person = post.person["id"]
        add(
            city,
            RosterEntry,
            id=new_id(chance),
            meeting_id=meeting["id"],
            **scope(meeting, owner_id=person, sending_unit_id=post.posting["sending_unit_id"]),
        )
        if _comes(chance, meeting, post):
            _sign_in(city, chance, meeting, post, screen)
    if meeting["state"] == "closed":
        meeting["ended_at"] = meeting["starts_at"] + timedelta(minutes=chance.randrange(70, 120))
        _act(city, chance, meeting, "close", meeting["ended_at"])


def _guest(city: City, chance: Random, meeting: Row, posts: list[Post]) -> None:
    """Somebody of another branch who scanned too: held, for the lead to decide."""
    guest = next(
        post
        for post in posts
        if post.posting["area_path"] == meeting["area_path"]
        and post.posting["branch_id"] != meeting["branch_id"]
    )
    at = meeting["starts_at"] - MINUTE
    _event(city, chance, meeting, guest, Sign("scan", at, held_reason=NOT_EXPECTED))


def _comes(chance: Random, meeting: Row, post: Post) -> bool:
    """At the open meeting an has yet to scan."""
    if meeting["state"] == "open":
        return post.person["username"] == "ding" or (
            post.person["username"] != "an" and chance.random() < 0.6
        )
    return chance.random() < COMES


def _act(city: City, chance: Random, meeting: Row, do: str, at: datetime) -> None:
    by = meeting["owner_id"]
    action = record(
        city, MeetingAction, chance, by=by, made_at=at, meeting_id=meeting["id"], do=do, at=at,
        **scope(meeting),
    )  # fmt: skip
    state = {"open": "open", "close": "closed", "cancel": "cancelled"}[do]
    detail = {"meeting": str(meeting["id"]), "do": do, "state": state}
    log(city, service.act, action, by=by, detail=detail)


def _screen(city: City, chance: Random, meeting: Row) -> str:
    by, letters = meeting["owner_id"], _letters(chance, 2)
    display = record(
        city,
        Display,
        chance,
        by=by,
        made_at=meeting["opened_at"] + MINUTE,
        meeting_id=meeting["id"],
        meeting_code=meeting["code"],
        display=letters,
        **scope(meeting),
    )
    log(city, service.give_display, display, by=by)
    return letters


def _sign_in(city: City, chance: Random, meeting: Row, post: Post, screen: str) -> None:
    """The events of one person, and the seat they come to."""
    way, at = weighted(chance, WAYS), _arrival(city, chance, meeting)
    signs = [Sign(way, at, screen)]
    if way == "scan_offline":
        signs = [Sign("scan", at, screen, firm=False), Sign("tick", at + 5 * MINUTE)]
    elif way == "tick" and chance.random() < TAKEN_BACK:
        signs += [Sign("undo", at + MINUTE), Sign("scan", at + 3 * MINUTE, screen)]
    events: list[Event] = []
    for sign in signs:
        events.append(_event(city, chance, meeting, post, sign, events))
    seat = project(events)
    if seat is not None:
        told = seat._asdict() | {"labels": list(seat.labels)}
        add(city, Attendance, meeting_id=meeting["id"], person_id=post.person["id"], **told)


def _arrival(city: City, chance: Random, meeting: Row) -> datetime:
    """Most come in the minutes before the start."""
    minutes = chance.triangular(1, 24, 9)
    return min(meeting["opened_at"] + minutes * MINUTE, city.now - 6 * MINUTE)


def _event(
    city: City,
    chance: Random,
    meeting: Row,
    post: Post,
    sign: Sign,
    earlier: list[Event] = [],  # noqa: B006
) -> Event:
    person: uuid.UUID = post.person["id"]
    by = person if sign.way == "scan" else meeting["owner_id"]
    undo = sign.way == "undo"
    checkin = record(
        city,
        Checkin,
        chance,
        by=by,
        made_at=sign.at,
        waited=timedelta(seconds=2 if sign.firm else 240),
        labels=[] if sign.firm else ["offline"],
        author_id=by,
        meeting_id=meeting["id"],
        way=sign.way,
        at=sign.at,
        firm=sign.firm,
        note=chance.choice(words()["meetings"]["undo"]) if undo else "",
        display=sign.screen if sign.way == "scan" else None,
        already=project(earlier) is not None and not undo,
        held_reason=sign.held_reason,
        **scope(meeting, owner_id=person, sending_unit_id=post.posting["sending_unit_id"]),
    )
    held = sign.held_reason is not None
    detail = {"meeting": str(meeting["id"]), "person": str(person), "way": sign.way, "held": held}
    log(city, service.check_in, checkin, by=by, detail=detail)
    event = Event(checkin["id"], sign.way, sign.at, sign.firm, held, tuple(checkin["labels"]))
    seat = project([*earlier, event])
    checkin["present_at"] = seat and seat.at
    return event
