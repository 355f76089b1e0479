"""The demo city, generated once on each database: the article's numbers, invented people, chains
that hold, and a lively day for everyone in the cast."""

import contextlib
import stat
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from sqlalchemy import func, select

from server.accounts.models import User
from server.app import create_app
from server.core import areas, clock, crypto
from server.core.audit import AuditLine
from server.core.db import db
from server.demo import people, posts, units
from server.demo.city import City
from server.demo.people import CAST, REAL
from server.issues.models import Issue, IssueAction, IssueContact
from server.meetings import keys, rules
from server.meetings.models import Attendance, Checkin, Meeting
from server.organizations.models import HostUnit, SendingUnit, TemporaryBranch
from server.photos.models import Photo
from server.postings.models import Posting
from server.reminders.models import Reminder
from server.visits.models import Visit
from tests.build import new_id, put, record
from tests.conftest import SECRET, Client
from tests.postgres import fresh_database, postgres_server

PASSWORD = "demo-password-of-the-tests"
# The communities that the article names.
REAL_PLACES = ("京韵园", "兴冠园", "万通")
pytestmark = pytest.mark.engines


def built(data, engine, stack):
    environ = {
        "HONGLING_DATA": str(data),
        "HONGLING_SECRET": SECRET,
        "HONGLING_DEMO_PASSWORD": PASSWORD,
    }
    if engine == "postgresql":
        environ["DATABASE_URL"] = stack.enter_context(
            fresh_database(stack.enter_context(postgres_server()))
        )
    app = create_app(environ)
    app.test_client_class = Client
    return app


@pytest.fixture(scope="module")
def city(engine, tmp_path_factory):
    with contextlib.ExitStack() as stack:
        app = built(tmp_path_factory.mktemp(f"demo-{engine}"), engine, stack)
        answer = app.test_cli_runner().invoke(args=["demo-data"])
        assert answer.exit_code == 0, answer.output
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def ask(city):
    """Reads rows or values; nothing stays open."""

    def scalars(query):
        with city.app_context():
            return list(db.session.scalars(query))

    return scalars


@pytest.fixture
def signed_in(city):
    def sign_in(username):
        client = city.test_client()
        r = client.post("/api/session", json={"username": username, "password": PASSWORD})
        assert r.status_code == 200, r.json
        client.person = r.json["id"]
        return client

    return sign_in


def items(client, path):
    return client.get(f"/api/{path}").json["items"]


def test_the_city_has_the_article_s_size(ask):
    active = select(Posting).where(Posting.ended_on.is_(None))
    postings = ask(active)
    assert len(postings) == 507
    on_post = {row.owner_id for row in postings}
    ranks = [user.rank_tier for user in ask(select(User)) if user.id in on_post]
    assert (ranks.count("county"), ranks.count("section"), ranks.count(None)) == (44, 339, 124)
    communities = {row.id for row in ask(select(HostUnit)) if row.kind == "community"}
    assert len(communities) == 325
    assert len({row.host_unit_id for row in postings} & communities) == 219
    assert {row.area_path for row in postings} == set(areas.names()) - {areas.CITY}


def test_units_and_branches_are_those_of_a_city(ask):
    branches = ask(select(TemporaryBranch))
    assert sorted(row.level for row in branches) == ["city"] + ["county"] * 15
    categories = {row.category for row in ask(select(SendingUnit))}
    assert categories == {"party_mass", "government", "institution", "enterprise"}
    leads = [user for user in ask(select(User)) if "branch_lead" in user.roles]
    assert len({lead.branch_id for lead in leads}) == len(leads) == len(branches)
    names = [row.name for row in ask(select(HostUnit))]
    assert len(names) == len(set(names))


def test_only_the_cast_has_a_password_and_it_is_the_one_told(city, ask):
    users = ask(select(User))
    assert {user.username for user in users if user.password_hash} == set(CAST)
    names = {user.username: user.name for user in users if user.username in CAST}
    assert names == {username: name for username, (name, _) in CAST.items()}
    with city.app_context():
        [hashed] = {user.password_hash for user in users if user.password_hash}
        assert crypto.verify_password(hashed, PASSWORD)
    kept = city.config["HONGLING"]["data"] / "demo-password"
    assert kept.read_text() == PASSWORD
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("username", CAST)
def test_each_of_the_cast_signs_in_with_their_roles(signed_in, username):
    me = signed_in(username).get("/api/session").json
    assert (me["name"], set(me["roles"])) == (CAST[username][0], set(CAST[username][1]))


def test_every_chain_of_audit_lines_holds(city, ask):
    lines = ask(select(AuditLine).order_by(AuditLine.area, AuditLine.seq))
    for _, chain in groupby(lines, key=lambda line: line.area):
        times = [line.at for line in chain]
        assert times == sorted(times)
    answer = city.test_cli_runner().invoke(args=["verify-audit"])
    assert (answer.exit_code, answer.output.count("完整")) == (0, 16)


@pytest.mark.parametrize(
    ("model", "action"),
    [
        (User, "account.log"),
        (Posting, "posting.log"),
        (Visit, "visit.log"),
        (Issue, "issue.log"),
        (IssueAction, "issue.act"),
        (Photo, "photo.store"),
        (Meeting, "meeting.call"),
        (Checkin, "checkin.record"),
    ],
)
def test_everything_has_its_audit_line(ask, model, action):
    told = set(ask(select(AuditLine.subject_id).where(AuditLine.action == action)))
    assert told == set(ask(select(model.id)))


def test_nobody_and_no_place_of_the_article_appears(ask):
    columns = (
        User.name, HostUnit.name, SendingUnit.name, TemporaryBranch.name,
        Visit.whom, Visit.said, Issue.what, Issue.more, IssueAction.note, Meeting.title,
    )  # fmt: skip
    for column in columns:
        text = "\n".join(ask(select(column)))
        assert text
        for word in (*REAL, *REAL_PLACES, "{", "}"):
            assert word not in text, (column, word)


def test_residents_contacts_are_sealed(ask):
    for contact in ask(select(IssueContact))[:50]:
        for sealed in (contact.name, contact.phone, contact.door):
            assert sealed.startswith("aes:")


def test_times_are_those_of_the_last_ninety_days_and_not_of_tomorrow(ask):
    now = clock.now()
    for column in (Visit.made_at, Issue.made_at, IssueAction.received_at, Checkin.at):
        first, last = min(ask(select(column))), max(ask(select(column)))
        assert now - timedelta(days=92) < first < last <= now
    hours = [at.astimezone(clock.SHANGHAI).hour for at in ask(select(Visit.made_at))]
    in_office = sum(8 <= hour < 18 for hour in hours)
    assert in_office / len(hours) > 0.8


def test_issues_stand_in_every_state_with_pictures(ask):
    assert set(ask(select(Issue.state))) == {"registered", "in_progress", "resolved"}
    for issue_id, state in [(i.id, i.state) for i in ask(select(Issue))[:200]]:
        steps = ask(
            select(IssueAction.state)
            .where(IssueAction.issue_id == issue_id)
            .order_by(IssueAction.made_at)
        )
        assert [*(["registered"] if not steps else []), *steps][-1] == state
    kinds = set(ask(select(Photo.record_kind)))
    assert kinds == {"visit", "issue", "issue_action", "fulfilment"}
    assert 20 <= len(set(ask(select(Photo.kept_digest)))) <= 60


def test_attendance_is_what_the_events_come_to(city, ask):
    events = {}
    for row in ask(select(Checkin)):
        event = rules.Event(
            row.id, row.way, row.at, row.firm, row.held_reason is not None, tuple(row.labels)
        )
        events.setdefault((row.meeting_id, row.owner_id), []).append(event)
    seats = {key: rules.project(told) for key, told in events.items()}
    kept = {
        (row.meeting_id, row.person_id): rules.Seat(row.state, row.way, row.at, tuple(row.labels))
        for row in ask(select(Attendance))
    }
    assert kept == {key: seat for key, seat in seats.items() if seat}


def test_an_has_a_lively_phone(signed_in):
    an = signed_in("an")
    meetings = {m["state"]: m for m in items(an, "meetings")}
    assert meetings["open"]["mine"] is None
    assert 20 < meetings["open"]["present"] < meetings["open"]["expected"]
    assert meetings["planned"]["starts_at"] > clock.now().isoformat()
    issues = items(an, "issues")
    assert {issue["state"] for issue in issues} == {"registered", "in_progress", "resolved"}
    assert any(issue["overdue"] for issue in issues)
    assert any(issue["agenda"] for issue in issues)
    soon = (clock.now() + timedelta(days=12)).isoformat()
    assert any(not i["overdue"] and i["due_at"] < soon for i in issues if i["state"] != "resolved")
    assert any(issue["photos"] for issue in issues)
    week_ago = (clock.now() - timedelta(days=7)).isoformat()
    assert len([v for v in items(an, "visits") if v["made_at"] > week_ago]) >= 4
    waiting = [r for r in items(an, "reminders") if not r["seen"] and not r["expired"]]
    assert "issue_due" in {r["kind"] for r in waiting}
    photo = next(issue for issue in issues if issue["photos"])["photos"][0]
    shown = an.get(f"/api/photos/{photo['id']}?size=320")
    assert (shown.status_code, shown.content_type) == (200, "image/jpeg")


def test_an_can_scan_the_screen_that_ding_shows(city, signed_in):
    ding, an = signed_in("ding"), signed_in("an")
    [meeting] = [m for m in items(ding, "meetings") if m["state"] == "open"]
    assert meeting["hosting"]
    given = put(ding, f"/api/displays/{new_id()}", record(meeting_id=meeting["id"])).json
    with city.app_context():
        slot = rules.slot_text(int(clock.now().timestamp()) // given["slot_seconds"])
        key = keys.screen_key(meeting["code"], given["display"])
        mac = rules.mac_text(crypto.sign(key, rules.message(meeting["code"], slot)))
    code = f"{meeting['code']}{slot}{given['display']}{mac}"
    r = put(
        an, f"/api/checkins/{new_id()}", record(meeting_id=meeting["id"], way="scan", code=code)
    )
    assert (r.status_code, r.json["state"]) == (201, "stored"), r.json
    board = ding.get(f"/api/meetings/{meeting['id']}/attendance").json
    assert "安宁" in {row["person"]["name"] for row in board["people"] if row["state"] == "present"}
    assert len(board["held"]) == 1


def test_an_can_open_a_resident_s_contact(signed_in):
    an = signed_in("an")
    issue = next(issue for issue in items(an, "issues") if issue["has_contact"])
    body = record(issue_id=issue["id"], reason="约上门时间")
    r = put(an, f"/api/contact-reveals/{new_id()}", body)
    assert r.json["contact"]["phone"].startswith("1390000")


def test_the_others_see_what_is_theirs(signed_in):
    hosts = {row["host_unit"]["name"] for row in items(signed_in("he"), "postings")}
    assert hosts == {"棠汀社区"}
    assert {"安宁", "丁一"} <= {row["name"] for row in items(signed_in("ji"), "people")}
    hu, fang, gao = signed_in("hu"), signed_in("fang"), signed_in("gao")
    assert len(items(hu, "branches")) == 16
    assert [row["area_path"] for row in items(fang, "branches")] == ["/3713/371302/"]
    assert {row["area_path"] for row in items(gao, "postings")} == {"/3713/371311/"}
    assert items(signed_in("zong"), "feedback")


def test_reminders_were_written_by_the_worker_s_own_scan(ask):
    assert {"issue_due", "meeting_hour_before"} <= set(ask(select(Reminder.kind)))
    assert None in ask(select(Reminder.seen_at))


def test_a_database_with_data_is_left_alone(city, ask):
    before = ask(select(func.count(User.id)))
    answer = city.test_cli_runner().invoke(args=["demo-data"])
    assert (answer.exit_code, "数据库里已有数据" in answer.output) == (1, True)
    assert ask(select(func.count(User.id))) == before


def test_the_same_seed_gives_the_same_names_whatever_the_day():
    def names(day):
        city = City(day)
        places = units.build(city)
        posts.build(city, places, people.build(city, places, "x"))
        return [
            [row["name"] for row in city.rows[model]]
            for model in (User, HostUnit, SendingUnit, TemporaryBranch)
        ]

    assert names(datetime(2026, 1, 12, tzinfo=UTC)) == names(datetime(2026, 7, 31, tzinfo=UTC))
