import json
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from server.accounts.models import Session, User
from server.core import clock
from server.core.audit import AuditLine
from server.core.db import db
from server.core.settings import rules
from server.postings import handover
from server.postings.models import Posting, PostingEnd
from tests.build import new_id, posting, posting_end, put, today, visit
from tests.people import CITY, LANSHAN, LUOZHUANG, known
from tests.people import posting as posting_row

SENT = "ouyang"  # 欧阳明, whom most tests send


@pytest.fixture
def path():
    return f"/api/postings/{new_id()}"


@pytest.fixture
def end_path():
    return f"/api/posting-ends/{new_id()}"


@pytest.fixture
def newcomer(keep):
    """Somebody whose account the administrator made, waiting in 兰山区 to be sent."""

    def make(name="欧阳明", key=SENT, area=LANSHAN, **facts):
        told = {
            "username": f"u{known(key).hex[:8]}",
            "roles": ["secretary"],
            "created_at": clock.now(),
        }
        keep(User(id=known(key), name=name, area_path=area, **(told | facts)))
        return str(known(key))

    return make


@pytest.fixture
def left_open(monkeypatch):
    """A room below that holds `n` open things for every posting and notes whom they went to."""
    went = []

    def open_things(n):
        monkeypatch.setattr(handover, "_rooms", [])
        handover.register(
            count=lambda posting: n,
            hand_over=lambda who, posting, successor, told: (
                went.append((posting.id, successor.id)) or n
            ),
        )
        return went

    return open_things


def person(app, name):
    with app.app_context():
        return db.session.get(User, known(name))


def actions(rows):
    return [line.action for line in rows(AuditLine)]


@pytest.mark.engines
def test_the_city_sends_a_person_whose_account_then_reaches_the_post(
    as_, app, path, rows, newcomer
):
    sent = newcomer(area=CITY, roles=["host_officer"])
    r = put(as_("hu"), path, posting(secretary_id=sent))
    assert (r.status_code, r.json["state"]) == (201, "stored"), r.json
    [row] = [row for row in rows(Posting) if str(row.id) == r.json["id"]]
    assert (row.owner_id, row.author_id, row.area_path) == (known(SENT), known("hu"), LANSHAN)
    user = person(app, SENT)
    assert set(user.roles) == {"host_officer", "secretary"}
    assert (user.branch_id, user.host_unit_id) == (known("branch"), known("xinghua"))
    assert (user.sending_unit_id, user.area_path) == (known("bureau"), LANSHAN)
    assert actions(rows) == ["post.take", "posting.log"]


@pytest.mark.engines
def test_the_same_bytes_again_write_nothing(as_, path, rows, newcomer):
    body = json.dumps(posting(secretary_id=newcomer()))
    first, again = put(as_("hu"), path, body), put(as_("hu"), path, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["replayed"] is True
    assert actions(rows) == ["post.take", "posting.log"]


def test_a_person_sent_for_the_first_time_can_note_a_visit(as_, path, newcomer):
    sent = newcomer(roles=["secretary"])
    r = put(as_("hu"), path, posting(secretary_id=sent))
    noted = visit(posting_id=r.json["id"])
    assert put(as_(SENT), f"/api/visits/{new_id()}", noted).status_code == 201


@pytest.mark.engines
def test_who_serves_somewhere_cannot_be_sent_again(as_, path, rows):
    r = put(as_("hu"), path, posting(secretary_id=str(known("an"))))
    assert (r.status_code, r.json["type"]) == (409, "state")
    assert r.json["title"] == "安宁同志正在杏花社区任职，请先结束那次选派"
    assert len(rows(Posting)) == 3
    assert rows(AuditLine) == []


@pytest.mark.parametrize("name", ["fang", "hu", "zong"])
def test_who_sends_or_runs_the_machine_is_not_sent(as_, path, name):
    r = put(as_("hu"), path, posting(secretary_id=str(known(name))))
    assert (r.status_code, "管理职责" in r.json["title"]) == (409, True)


def test_a_disabled_account_is_not_sent(as_, path, newcomer):
    r = put(as_("hu"), path, posting(secretary_id=newcomer(disabled_at=clock.now())))
    assert (r.status_code, "已停用" in r.json["title"]) == (409, True)


def test_a_county_sends_within_itself(as_, path, newcomer, keep, rows):
    from server.organizations.models import SendingUnit

    keep(SendingUnit(id=known("own"), name="区试行局", category="government", area_path=LANSHAN))
    ours = {"sending_unit_id": str(known("own")), "dispatch_level": "county"}
    r = put(as_("fang"), path, posting(secretary_id=newcomer(), **ours))
    assert r.status_code == 201, r.json


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"secretary_id": str(known("bai"))}, "这位同志"),
        ({"host_unit_id": str(known("songtao"))}, "任职单位"),
        ({"sending_unit_id": str(known("bureau"))}, "派出单位"),
        ({"branch_id": str(known("other-branch"))}, "临时党支部"),
    ],
)
def test_what_is_out_of_a_county_s_reach_does_not_exist(as_, path, newcomer, keep, changes, what):
    from server.organizations.models import SendingUnit

    keep(SendingUnit(id=known("own"), name="区试行局", category="government", area_path=LANSHAN))
    ours = posting(secretary_id=newcomer(), sending_unit_id=str(known("own")))
    r = put(as_("fang"), path, ours | changes)
    assert (r.status_code, r.json["type"]) == (404, "not_found")
    assert what in r.json["title"]


@pytest.mark.parametrize("name", ["an", "ding", "ji", "he", "zong"])
def test_only_an_organizer_sends(as_, path, name, newcomer, rows):
    sent = newcomer()
    assert put(as_(name), path, posting(secretary_id=sent)).status_code == 404
    assert len(rows(Posting)) == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dispatch_level": "village"}, "dispatch_level"),
        ({"cohort": ""}, "cohort"),
        ({"cohort": "批" * 21}, "cohort"),
        ({"start_on": "2026-02-30"}, "start_on"),
        ({"end_on": "2026-08-31"}, "end_on"),
        ({"secretary_id": "an"}, "secretary_id"),
        ({"points": 5}, "points"),
        ({"branch_id": str(known("other-branch"))}, "branch_id"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(as_, path, newcomer, changes, field):
    r = put(as_("hu"), path, posting(secretary_id=newcomer()) | changes)
    assert (r.status_code, r.json["type"]) == (422, "invalid")
    [sentence] = r.json["fields"][field]
    assert any("一" <= c <= "鿿" for c in sentence)


@pytest.mark.engines
def test_a_correction_moves_the_account_along(as_, app, path, newcomer, keep, rows):
    from server.organizations.models import TemporaryBranch

    keep(TemporaryBranch(id=known("second"), name="第二支部", level="city", area_path=LANSHAN))
    body = posting(secretary_id=newcomer())
    first = put(as_("hu"), path, body)
    mended = body | {"branch_id": str(known("second")), "cohort": "第四批"}
    r = put(as_("hu"), path, mended, If_Match=f'"{first.json["digest"]}"')
    assert (r.status_code, r.json["replayed"]) == (200, False), r.json
    shown = as_("hu").get(path).json
    assert (shown["branch"]["name"], shown["cohort"]) == ("第二支部", "第四批")
    assert shown["etag"] == r.json["digest"]
    assert person(app, SENT).branch_id == known("second")
    assert actions(rows)[2:] == ["post.take", "posting.correct"]


@pytest.mark.parametrize(
    "changes", [{"host_unit_id": str(known("liuyin"))}, {"secretary_id": "another"}]
)
def test_another_person_or_place_is_another_posting(as_, path, newcomer, changes):
    body = posting(secretary_id=newcomer())
    other = newcomer("司徒静", key="situ")
    changes = {name: other if told == "another" else told for name, told in changes.items()}
    first = put(as_("hu"), path, body)
    r = put(as_("hu"), path, body | changes, If_Match=f'"{first.json["digest"]}"')
    assert (r.status_code, r.json["type"]) == (409, "state")


def test_an_ended_posting_is_not_corrected(as_, path, end_path, newcomer):
    body = posting(secretary_id=newcomer())
    first = put(as_("hu"), path, body)
    ended = put(as_("hu"), end_path, posting_end(posting_id=first.json["id"]))
    assert ended.status_code == 201, ended.json
    r = put(as_("hu"), path, body | {"cohort": "第四批"}, If_Match=f'"{first.json["digest"]}"')
    assert (r.status_code, "已经结束" in r.json["title"]) == (409, True)


@pytest.mark.engines
def test_the_end_of_a_posting_ends_the_posting_and_not_the_account(as_, app, end_path, rows):
    r = put(as_("fang"), end_path, posting_end(reason="recall"))
    assert (r.status_code, r.json["state"]) == (201, "stored"), r.json
    [end] = rows(PostingEnd)
    assert (end.reason, end.handed_over, end.owner_id) == ("recall", 0, known("an"))
    days = rules()["posting"]["send_days_after_end"]
    user = person(app, "an")
    assert user.serves_until == date.fromisoformat(today()) + timedelta(days=days)
    assert "secretary" in user.roles
    [ended] = as_("an").get("/api/postings").json["items"]
    assert (ended["state"], ended["ended_on"]) == ("ended", today())
    within = visit(made_at=(clock.now() - timedelta(days=2)).isoformat())
    sent = put(as_("an"), f"/api/visits/{new_id()}", within)
    assert (sent.status_code, "after_posting" in sent.json["labels"]) == (201, True)
    assert actions(rows)[:2] == ["post.leave", "posting.end"]


@pytest.mark.engines
def test_thirty_days_after_the_end_the_role_lapses(as_, app, end_path, keep):
    with app.app_context():
        db.session.get(Posting, known("posting-an")).start_on = date(2020, 1, 1)
        db.session.commit()
    days = rules()["posting"]["send_days_after_end"]
    last = date.fromisoformat(today()) - timedelta(days=days)
    r = put(as_("fang"), end_path, posting_end(ended_on=last.isoformat()))
    assert put(as_("an"), f"/api/visits/{new_id()}", visit()).status_code == 202
    mended = posting_end(ended_on=(last - timedelta(days=1)).isoformat())
    assert put(as_("fang"), end_path, mended, If_Match=f'"{r.json["digest"]}"').status_code == 200
    assert put(as_("an"), f"/api/visits/{new_id()}", visit()).status_code == 404


@pytest.mark.engines
def test_open_issues_without_a_successor_keep_the_posting_open(as_, end_path, left_open, rows):
    went = left_open(4)
    r = put(as_("fang"), end_path, posting_end())
    assert (r.status_code, r.json["type"]) == (409, "state")
    assert r.json["title"] == "还有 4 件民情没有办结，请先选定接任的同志"
    assert (went, rows(PostingEnd), rows(AuditLine)) == ([], [], [])


@pytest.mark.engines
def test_open_issues_go_to_the_successor_in_the_same_transaction(as_, end_path, left_open, rows):
    went = left_open(4)
    body = posting_end(successor_posting_id=str(known("posting-ding")))
    r = put(as_("fang"), end_path, body)
    assert r.status_code == 201, r.json
    assert went == [(known("posting-an"), known("posting-ding"))]
    [end] = rows(PostingEnd)
    assert (end.handed_over, end.successor_posting_id) == (4, known("posting-ding"))
    line = rows(AuditLine)[-1]
    assert (line.action, line.detail["handed_over"]) == ("posting.end", 4)


@pytest.mark.parametrize("successor", ["posting-an", "posting-before"])
def test_a_successor_serves_and_is_somebody_else(as_, end_path, keep, successor):
    gone = posting_row(
        "posting-before", owner="ji", host="xinghua", sender="bureau", branch="branch", area=LANSHAN
    )
    gone.ended_on = date(2026, 5, 1)
    keep(gone)
    r = put(as_("fang"), end_path, posting_end(successor_posting_id=str(known(successor))))
    assert (r.status_code, "须在岗" in r.json["title"]) == (409, True)


def test_a_successor_out_of_reach_does_not_exist(as_, end_path):
    r = put(as_("fang"), end_path, posting_end(successor_posting_id=str(known("posting-bai"))))
    assert (r.status_code, "接任" in r.json["title"]) == (404, True)


@pytest.mark.engines
def test_a_posting_ends_once(as_, end_path):
    put(as_("fang"), end_path, posting_end())
    r = put(as_("hu"), f"/api/posting-ends/{new_id()}", posting_end())
    assert (r.status_code, "已于" in r.json["title"]) == (409, True)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"ended_on": "2026-02-28"}, "早于任职日期"),
        (
            {"ended_on": (date.fromisoformat(today()) + timedelta(days=1)).isoformat()},
            "不能晚于今天",
        ),
    ],
)
def test_the_day_of_an_end_must_be_possible(as_, end_path, changes, word):
    r = put(as_("fang"), end_path, posting_end() | changes)
    assert (r.status_code, word in r.json["fields"]["ended_on"][0]) == (422, True)


@pytest.mark.engines
def test_a_wrong_day_of_an_end_is_put_right(as_, app, end_path):
    first = put(as_("fang"), end_path, posting_end())
    body = posting_end(ended_on="2026-09-30", note="日期写错")
    r = put(as_("fang"), end_path, body, If_Match=f'"{first.json["digest"]}"')
    assert r.status_code == 200, r.json
    [end] = as_("fang").get("/api/posting-ends").json["items"]
    assert (end["ended_on"], end["note"]) == ("2026-09-30", "日期写错")
    assert as_("fang").get(f"/api/postings/{known('posting-an')}").json["ended_on"] == "2026-09-30"
    assert person(app, "an").serves_until == date(2026, 10, 30)


def test_what_was_handed_over_stays_with_who_has_it(as_, end_path):
    first = put(as_("fang"), end_path, posting_end())
    body = posting_end(successor_posting_id=str(known("posting-ding")))
    r = put(as_("fang"), end_path, body, If_Match=f'"{first.json["digest"]}"')
    assert (r.status_code, "已经接手" in r.json["title"]) == (409, True)


@pytest.mark.parametrize("name", ["an", "ding", "ji", "he", "gao", "zong"])
def test_no_one_else_ends_a_posting(as_, end_path, name, rows):
    assert put(as_(name), end_path, posting_end()).status_code == 404
    assert rows(PostingEnd) == []


def test_who_led_one_branch_does_not_lead_the_next(as_, app, path, end_path):
    put(as_("hu"), end_path, posting_end(posting_id=str(known("posting-ding"))))
    there = {
        "host_unit_id": str(known("songtao")),
        "branch_id": str(known("other-branch")),
    }
    r = put(as_("hu"), path, posting(secretary_id=str(known("ding")), **there))
    assert r.status_code == 201, r.json
    user = person(app, "ding")
    assert (user.roles, user.serves_until, user.area_path) == (["secretary"], None, LUOZHUANG)


def test_a_new_role_ends_the_open_sessions(as_, path, newcomer, rows):
    sent = newcomer(roles=["host_officer"])
    them = as_(SENT)
    assert them.get("/api/session").status_code == 200
    put(as_("hu"), path, posting(secretary_id=sent))
    assert them.get("/api/session").status_code == 401
    assert [row.user_id for row in rows(Session) if row.ended_at] == [known(SENT)]


@pytest.mark.engines
@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("an", {"an"}),
        ("ding", {"an", "ding"}),
        ("ji", {"an", "ding"}),
        ("he", {"an"}),
        ("fang", {"an", "ding"}),
        ("hu", {"an", "ding", "bai"}),
        ("bai", {"bai"}),
        ("gao", {"bai"}),
        ("zong", set()),
    ],
)
def test_each_reads_the_postings_that_are_theirs(as_, name, sees):
    items = as_(name).get("/api/postings").json["items"]
    assert {item["id"] for item in items} == {str(known(f"posting-{who}")) for who in sees}
    for who in ("an", "ding", "bai"):
        r = as_(name).get(f"/api/postings/{known(f'posting-{who}')}")
        assert r.status_code == (200 if who in sees else 404)


def test_a_posting_shows_names_and_no_more(as_):
    shown = as_("he").get(f"/api/postings/{known('posting-an')}").json
    assert shown["secretary"] == {"id": str(known("an")), "name": "安宁"}
    assert shown["host_unit"] == {
        "id": str(known("xinghua")),
        "name": "杏花社区",
        "kind": "community",
    }
    assert (shown["sending_unit"]["name"], shown["state"]) == ("市试验局", "active")


def test_postings_are_found_by_name_and_state(as_, end_path):
    put(as_("hu"), end_path, posting_end())
    hu = as_("hu")

    def found(query):
        return {
            item["secretary"]["name"] for item in hu.get(f"/api/postings?{query}").json["items"]
        }

    assert found("q=杏花") == {"安宁"}
    assert found("q=区试验办") == {"白桦"}
    assert found("state=ended") == {"安宁"}
    assert found("state=active") == {"丁一", "白桦"}
    assert found("q=%25") == set()


@pytest.mark.parametrize("name", ["an", "ding", "ji", "he", "zong", "gao"])
def test_why_a_posting_ended_is_for_its_organizers_only(as_, end_path, name):
    put(as_("fang"), end_path, posting_end(reason="recall"))
    assert as_("fang").get(end_path).json["reason"] == "recall"
    assert as_(name).get("/api/posting-ends").json["items"] == []
    assert as_(name).get(end_path).status_code == 404


@pytest.mark.engines
@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("an", ["安宁"]),
        ("ding", ["丁一", "安宁"]),
        ("ji", ["丁一", "安宁"]),
        ("he", ["安宁"]),
        ("fang", ["丁一", "安宁"]),
        ("hu", ["丁一", "安宁", "白桦"]),
        ("gao", ["白桦"]),
        ("zong", []),
    ],
)
def test_people_are_the_secretaries_within_reach(as_, name, sees):
    items = as_(name).get("/api/people").json["items"]
    assert sorted(item["name"] for item in items) == sees


def test_a_person_shows_the_post_held_now(as_, end_path, newcomer):
    newcomer()
    fang = as_("fang")
    [an] = fang.get("/api/people?q=安").json["items"]
    assert (an["branch"]["name"], an["host_unit"]["name"]) == ("兰山区第一临时党支部", "杏花社区")
    assert an["posting_id"] == str(known("posting-an"))
    put(fang, end_path, posting_end())
    [an] = fang.get("/api/people?q=安").json["items"]
    assert (an["posting_id"], an["branch"], an["host_unit"]) == (None, None, None)
    [waiting] = fang.get("/api/people?q=欧阳").json["items"]
    assert (waiting["posting_id"], waiting["area_path"]) == (None, LANSHAN)


def test_branches_count_who_serves_now(as_, end_path):
    [branch] = as_("fang").get("/api/branches").json["items"]
    assert (branch["name"], branch["level"], branch["members"]) == (
        "兰山区第一临时党支部",
        "city",
        2,
    )
    put(as_("fang"), end_path, posting_end())
    assert as_("an").get("/api/branches").json["items"][0]["members"] == 1
    assert as_("he").get("/api/branches").json["items"] == []
    assert len(as_("hu").get("/api/branches").json["items"]) == 2


def test_host_units_say_how_many_serve_and_where_they_stand(as_, end_path):
    items = as_("fang").get("/api/host-units").json["items"]
    assert {item["name"]: item["secretaries"] for item in items} == {"杏花社区": 1, "柳荫社区": 1}
    assert items[0]["place"]["datum"] == "wgs84"
    put(as_("fang"), end_path, posting_end())

    def found(who, query):
        answer = as_(who).get(f"/api/host-units?{query}").json
        return [item["name"] for item in answer["items"]]

    assert found("fang", "covered=true") == ["柳荫社区"]
    assert found("fang", "covered=false") == ["杏花社区"]
    assert found("hu", "kind=enterprise") == ["松涛机械公司"]
    assert found("he", "q=社区") == ["杏花社区"]
    assert found("ji", "q=社区") == []


@pytest.mark.parametrize("path", ["people", "postings", "branches", "host-units", "posting-ends"])
def test_a_longer_list_makes_no_more_queries(as_, app, keep, path):
    """One query for the session, a fixed number for the list."""

    def queries():
        made = []
        client = as_("hu")
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *told: made.append(told[2]))
        assert client.get(f"/api/{path}").status_code == 200
        return len([line for line in made if line.startswith("SELECT")])

    before = queries()
    for n in range(5):
        name = f"人{n}"
        keep(
            User(
                id=known(name),
                username=f"u{n}",
                name=name,
                roles=["secretary"],
                created_at=clock.now(),
                area_path=LANSHAN,
            )
        )
        keep(
            posting_row(
                f"posting-{name}",
                owner=name,
                host="liuyin",
                sender="bureau",
                branch="branch",
                area=LANSHAN,
            )
        )
    assert queries() <= before + 0
