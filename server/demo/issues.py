"""民情 in every state, from this morning's to last season's, each with the steps that led there."""

import uuid
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

from server.core import crypto, workdays
from server.core.clock import SHANGHAI
from server.core.settings import rules as numbers
from server.issues import service
from server.issues.models import ContactReveal, Issue, IssueAction, IssueContact
from server.issues.rules import Deadline, State, deadline
from server.visits.models import Visit

from . import days
from .album import Album, hang
from .city import City, Row, add, dice, log, record, scope, weighted, words
from .posts import Post
from .visits import spot, waiting

GROUPS = {
    "community": {
        "01": 16, "02": 14, "03": 18, "04": 12, "05": 12, "06": 8,
        "07": 6, "08": 8, "09": 4, "11": 4, "99": 2,
    },
    "enterprise": {"10": 48, "11": 10, "06": 12, "03": 8, "04": 6, "05": 6, "09": 8, "99": 2},
}  # fmt: skip
SCENES = {
    "01": "bins", "0102": "corridor", "02": "leak", "0203": "corridor", "03": "parking",
    "0302": "corridor", "0304": "road", "04": "leak", "05": "lamp", "0502": "road",
    "0503": "greens", "06": "corridor", "07": "homes", "08": "steps", "09": "office",
    "10": "works", "1004": "road", "11": "room", "99": "office",
}  # fmt: skip
# How far issues have come, by their age in days.
AGES: tuple[tuple[int, dict[str, int]], ...] = (
    (2, {"registered": 60, "in_progress": 40}),
    (6, {"registered": 12, "in_progress": 55, "resolved": 33}),
    (10, {"registered": 3, "in_progress": 22, "resolved": 75}),
    (999, {"in_progress": 3, "resolved": 94, "reopened": 3}),
)
STEPS: dict[str, tuple[State | None, ...]] = {
    "registered": (),
    "in_progress": (State.IN_PROGRESS,),
    "resolved": (State.IN_PROGRESS, State.RESOLVED),
    "reopened": (State.IN_PROGRESS, State.RESOLVED, State.IN_PROGRESS, State.RESOLVED),
}
FROM_VISIT, WITH_PHOTO, WITH_CONTACT, ON_AGENDA, REVEALED = 0.5, 0.45, 0.35, 0.06, 0.04
HOUR, LONGEST = timedelta(hours=1), timedelta(days=7)  # most steps are taken within


class Matter(NamedTuple):
    """One issue to be: when, what about, how far it has come."""

    made_at: datetime
    category: str
    came_to: str
    agenda: bool
    visit_id: uuid.UUID | None = None
    photos: int = 0
    contact: bool = False


def build(city: City, posts: list[Post], album: Album) -> None:
    chance = dice("issues")
    visits: dict[uuid.UUID, list[Row]] = {}
    for visit in city.rows[Visit]:
        if visit["voided_at"] is None:
            visits.setdefault(visit["owner_id"], []).append(visit)
    for post in posts:
        n = min(14, max(0, round(chance.lognormvariate(1.0, 0.6))))
        for moment in days.moments(city.now, n, chance):
            matter = _matter(city, chance, post, moment, visits.get(post.person["id"], []))
            _issue(city, chance, album, post, matter)
        if post.person["username"] == "an":
            for matter in matters_of_an(city.now):
                _issue(city, chance, album, post, matter)


def matters_of_an(now: datetime) -> list[Matter]:
    """What fills her day: one overdue, one due next, the fresh, the solved, one for the branch."""
    soon = next_due(now)
    late = days.workdays_ago(now, 8)
    return [
        Matter(days.at(late, 9, 40), "0501", "in_progress", False, photos=2, contact=True),
        Matter(_made_for(soon), "0301", "in_progress", True, photos=3, contact=True),
        Matter(_made_for(workdays.add_workdays(soon, 2)), "0801", "in_progress", False),
        Matter(
            days.lately(now, timedelta(hours=3)),
            "0102",
            "registered",
            False,
            photos=1,
            contact=True,
        ),
        Matter(days.at(days.workdays_ago(now, 12), 15, 5), "0502", "resolved", False, photos=2),
        Matter(days.at(days.workdays_ago(now, 20), 10, 20), "0503", "resolved", False, photos=2),
        Matter(days.at(days.workdays_ago(now, 31), 9, 15), "0202", "reopened", False, photos=1),
    ]


def next_due(now: datetime) -> date:
    """The last working day of whose deadline the worker has reminded already."""
    today, hour = days.day_of(now), time.fromisoformat(numbers()["issue"]["remind_at"])
    following = workdays.add_workdays(today, 1)
    reminded = datetime.combine(workdays.previous_workday(following), hour, SHANGHAI)
    return following if reminded <= now else today


def _made_for(due_on: date) -> datetime:
    """When an issue was made that is due on that day."""
    day = days.workdays_before(due_on, numbers()["issue"]["deadline_workdays"])
    return days.at(day, 8, 45)


def _matter(city: City, chance: Random, post: Post, moment: datetime, visits: list[Row]) -> Matter:
    visit = chance.choice(visits) if visits and chance.random() < FROM_VISIT else None
    made_at = visit["made_at"] + timedelta(minutes=chance.randrange(3, 20)) if visit else moment
    made_at = min(made_at, city.now)
    group = weighted(chance, GROUPS[post.host["kind"]])
    kinds = sorted(code for code in words()["issues"][group] if code.isdigit())
    age = (city.now - made_at).days
    came_to = weighted(chance, next(shares for most, shares in AGES if age < most))
    return Matter(
        made_at,
        chance.choice(kinds),
        came_to,
        agenda=came_to != "registered" and chance.random() < ON_AGENDA,
        visit_id=visit["id"] if visit else None,
        photos=chance.randrange(1, 4) if chance.random() < WITH_PHOTO else 0,
        contact=chance.random() < WITH_CONTACT,
    )


def _issue(city: City, chance: Random, album: Album, post: Post, matter: Matter) -> None:
    told = words()["issues"][matter.category[:2]]
    steps, where = STEPS[matter.came_to], spot(chance)
    issue = record(
        city,
        Issue,
        chance,
        by=post.person["id"],
        made_at=matter.made_at,
        waited=timedelta(seconds=waiting(chance)),
        author_id=post.person["id"],
        posting_id=post.posting["id"],
        visit_id=matter.visit_id,
        category=matter.category,
        what=chance.choice(told[matter.category]).format(**where),
        more=chance.choice(words()["issues"]["more"]),
        place_words=chance.choice(told["places"]).format(**where),
        state=steps[-1] if steps else State.REGISTERED,
        agenda=matter.agenda,
        **_deadline(days.day_of(matter.made_at))._asdict(),
        **scope(post.posting),
    )
    log(city, service.log_issue, issue, by=post.person["id"])
    scene = _scene(matter.category)
    hang(city, chance, album, "issue", issue, [(scene, "before")] * matter.photos)
    if matter.contact:
        _contact(city, chance, issue)
    before = issue["received_at"]
    for i, state in enumerate(steps):
        put = matter.agenda and i == 0
        before = _step(city, chance, album, issue, state, before, len(steps) - i, put)


def _scene(category: str) -> str:
    return SCENES.get(category) or SCENES[category[:2]]


def _step(
    city: City,
    chance: Random,
    album: Album,
    issue: Row,
    state: State | None,
    before: datetime,
    left: int,
    put_on_agenda: bool,
) -> datetime:
    """One step taken some time after the one before; says when the server had it."""
    span = min(city.now - before, LONGEST) / left
    made_at = before + span * chance.uniform(0.15, 0.9)
    at_work = days.moment_on(days.day_of(made_at), chance)
    made_at = at_work if before < at_work < before + span else made_at
    by = issue["owner_id"]
    going = state == State.IN_PROGRESS
    notes = words()["issues"][issue["category"][:2]]["going" if going else "done"]
    action = record(
        city,
        IssueAction,
        chance,
        by=by,
        made_at=made_at,
        author_id=by,
        issue_id=issue["id"],
        note=chance.choice(notes).format(**spot(chance)),
        state=state,
        put_on_agenda=put_on_agenda,
        **scope(issue),
    )
    detail = {"issue": str(issue["id"]), "state": state}
    log(city, service.take_step, action, by=by, detail=detail)
    scene, stage = _scene(issue["category"]), "progress"
    if not going:
        scene, stage = (f"{scene}_done" if f"{scene}_done" in album else scene), "after"
    if chance.random() < (0.12 if going else 0.4):
        hang(city, chance, album, "issue_action", action, [(scene, stage)])
    return action["received_at"]


def _contact(city: City, chance: Random, issue: Row) -> None:
    """An invented resident, sealed as any; some secretaries have looked since."""
    names = words()["issues"]["contacts"]
    told = {
        "name": chance.choice(names),
        "phone": f"1390000{chance.randrange(10_000):04}",
        "door": "{n}号楼{m}单元{k}01".format(**spot(chance)),
    }
    contact = add(
        city,
        IssueContact,
        id=issue["id"],
        consent=True,
        consent_at=issue["made_at"],
        **{part: crypto.seal(told[part], about=service._about(issue["id"], part)) for part in told},
        **scope(issue),
    )
    if chance.random() > REVEALED:
        return
    by = issue["owner_id"]
    reveal = record(
        city,
        ContactReveal,
        chance,
        by=by,
        made_at=min(issue["received_at"] + 2 * HOUR, city.now),
        author_id=by,
        issue_id=contact["id"],
        reason=chance.choice(words()["issues"]["reveals"]),
        **scope(issue),
    )
    log(city, service.reveal_contact, reveal, by=by, detail={"issue": str(issue["id"])})


@cache
def _deadline(made_on: date) -> Deadline:
    issue = numbers()["issue"]
    return deadline(
        since=days.at(made_on, 12),
        workdays=issue["deadline_workdays"],
        closes=issue["office_closes"],
        zone=SHANGHAI,
        add_workdays=workdays.add_workdays,
        explain=workdays.explain,
    )
