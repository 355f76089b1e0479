import pytest
from sqlalchemy import event

from server.accounts.models import User
from server.core import clock
from server.core.db import db
from tests.build import posting_end, put
from tests.people import LANSHAN, known
from tests.people import posting as posting_row


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


@pytest.mark.parametrize(("name", "host"), [("an", "杏花社区"), ("ding", None), ("fang", None)])
def test_who_is_signed_in_is_told_where_they_serve(as_, end_path, name, host):
    """With it a phone can file before any other answer has come."""
    if name == "ding":
        ended = posting_end(posting_id=str(known("posting-ding")))
        assert put(as_("hu"), end_path, ended).status_code == 201
    told = as_(name).get("/api/session").json["posting"]
    assert (told and told["host_unit"]["name"]) == host
    assert not told or told["id"] == str(known("posting-an"))


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
    assert found(f"state=active&secretary_id={known('ding')}") == {"丁一"}
    assert found("q=%25") == set()


def test_a_lead_asks_for_the_own_posting_not_for_a_page_of_the_branch(as_):
    own = as_("ding").get(f"/api/postings?secretary_id={known('ding')}").json["items"]
    assert [item["secretary"]["name"] for item in own] == ["丁一"]
    assert as_("bai").get(f"/api/postings?secretary_id={known('ding')}").json["items"] == []


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
