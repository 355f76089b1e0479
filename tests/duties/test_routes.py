"""Duties as their people meet them; what is missing shows to its holder and to nobody's shame."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine

from server.core.audit import AuditLine
from server.core.settings import read_toml, rules
from server.duties.models import FulfilledPosting, Fulfilment
from tests.build import listed, new_id, picture, put, record
from tests.duties.desk import leader, note
from tests.people import known

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def path():
    return f"/api/fulfilments/{new_id()}"


def owed(client, duty="heart_talk"):
    items = client.get("/api/duties").json["items"]
    return {x["period"]: (x["done"], x["owed"], x["state"]) for x in items if x["duty"] == duty}


@pytest.mark.engines
def test_one_note_does_it_for_all_and_the_count_follows(as_, path, rows):
    ji = as_("ji")
    assert owed(ji)["2026Q4"] == (0, 2, "due")
    r = put(ji, path, note(leader_id=leader(as_)))
    assert (r.status_code, r.json["labels"]) == (201, [])
    assert owed(ji)["2026Q4"] == (2, 2, "done")
    again = put(ji, path, note(leader_id=str(known("personnel of bureau"))))
    assert again.status_code == 409  # other bytes under the same id
    actions = [line.action for line in rows(AuditLine)]
    assert actions == ["unit_leader.log", "fulfilment.note"]
    assert len(rows(FulfilledPosting)) == 2


@pytest.mark.engines
def test_the_same_bytes_again_write_nothing(as_, path, rows):
    body = json.dumps(note("hear_report"))
    assert [put(as_("ji"), path, body).status_code for _ in range(2)] == [201, 200]
    assert (len(rows(Fulfilment)), len(rows(AuditLine))) == (1, 1)


def test_what_was_over_before_the_city_began_is_owed_by_nobody(as_, monkeypatch):
    ji, hu = as_("ji"), as_("hu")
    assert set(owed(ji)) == {"2026Q3", "2026Q4"}
    monkeypatch.setitem(rules()["duties"], "since", date(2026, 10, 1))
    assert set(owed(ji)) == {"2026Q4"}
    cells = hu.get("/api/duty-board?year=2026").json["items"][1]["cells"]
    assert [cell["owed"] for cell in cells] == [0, 0, 0, 8]


def test_what_was_missed_before_stays_in_sight_until_it_is_made_up(as_, path):
    ji = as_("ji")
    assert owed(ji)["2026Q3"] == (0, 2, "overdue")
    put(ji, path, note(on="2026-09-10", leader_id=leader(as_)))
    assert "2026Q3" not in owed(ji)


def test_each_subject_is_named_to_its_holder(as_, path):
    ji = as_("ji")
    put(ji, path, note(whom=["an"], leader_id=leader(as_)))
    (talk,) = [x for x in ji.get("/api/duties").json["items"] if x["period"] == "2026Q4"]
    assert [(x["name"], x["done"], x["owed"]) for x in talk["subjects"]] == [
        ("丁一", 0, 1),
        ("安宁", 1, 1),
    ]
    assert (talk["due_on"], talk["by"]) == ("2026-12-31", ["personnel", "business"])


@pytest.mark.engines
def test_the_wrong_rank_is_kept_and_does_not_count(as_, path):
    ji = as_("ji")
    r = put(ji, path, note("onsite_office", leader_id=leader(as_)))
    assert (r.status_code, r.json["labels"]) == (201, ["wrong_rank"])
    assert owed(ji, "onsite_office")["2026"] == (0, 2, "due")
    assert ji.get(path).json["counts"] is False
    good = note("onsite_office", leader_id=leader(as_, "principal", name="夏至"))
    assert put(ji, f"/api/fulfilments/{new_id()}", good).json["labels"] == []
    assert owed(ji, "onsite_office")["2026"] == (2, 2, "done")


def test_a_day_outside_a_term_is_kept_labelled_and_does_not_count_for_it(as_, path):
    r = put(as_("ji"), path, note("hear_report", on="2026-02-20"))
    assert (r.status_code, r.json["labels"]) == (201, ["outside_term"])
    assert [one["counts"] for one in as_("ji").get(path).json["postings"]] == [False, False]


@pytest.mark.parametrize(
    ("changes", "status", "field", "sentence"),
    [
        ({"on": "2026-11-26"}, 422, "held_on", "还没有到这一天，办过以后再记"),
        ({"leader_id": None}, 422, "leader_id", "请选择是哪位同志"),
        ({"duty": "tea"}, 422, "duty", "没有这一项责任，或不由您记录"),
        ({"duty": "term_plan"}, 422, "duty", "没有这一项责任，或不由您记录"),
        ({"duty": "monthly_meeting"}, 422, "duty", "没有这一项责任，或不由您记录"),
        ({"whom": []}, 422, "posting_ids", "请选择 1 至 100 位书记"),
    ],
)
def test_what_cannot_be_noted_gets_a_sentence(as_, path, changes, status, field, sentence):
    body = note(**({"leader_id": leader(as_)} | changes))
    r = put(as_("ji"), path, body)
    assert r.status_code == status
    assert r.json["fields"][field] == [sentence] or sentence in str(r.json["fields"][field])


@pytest.mark.parametrize("name", ["an", "he", "zong", "bai"])
def test_whoever_holds_no_duty_can_note_none(as_, path, name):
    assert put(as_(name), path, note("hear_report")).status_code == 404


def test_nobody_notes_for_another_units_secretaries(as_, path):
    r = put(as_("ji"), path, note("hear_report", whom=["an", "bai"]))
    assert (r.status_code, r.json["title"]) == (404, "有的书记不在您的范围内，请刷新后重选")


@pytest.mark.engines
def test_what_was_said_stays_between_the_unit_and_the_organization_department(as_, path, rows):
    put(as_("ji"), path, note(leader_id=leader(as_)))
    for name in ("ji", "fang", "hu"):
        assert as_(name).get(path).json["notes"] == "谈了近期思想和家庭情况"
    for name in ("an", "ding", "he", "bai", "gao", "zong"):
        assert as_(name).get(path).status_code == 404, name
        assert as_(name).get("/api/fulfilments").json.get("items", []) == [], name
    assert "思想" not in rows(Fulfilment)[0].notes


def test_a_secretary_sees_that_it_was_held_and_when_and_nothing_else(as_, path):
    put(as_("ji"), path, note(whom=["an"], leader_id=leader(as_)))
    wrong = note("onsite_office", whom=["an"], leader_id=str(known("personnel of bureau")))
    put(as_("ji"), f"/api/fulfilments/{new_id()}", wrong)
    (one,) = as_("an").get("/api/fulfilled").json["items"]
    assert (one["title"], one["held_on"]) == ("谈心谈话", "2026-11-20")
    assert set(one) == {"id", "title", "held_on"}
    assert as_("ding").get("/api/fulfilled").json["items"] == []


def test_what_is_overdue_never_reaches_the_secretary(as_):
    """By no route at all."""
    assert owed(as_("ji"))["2026Q3"][2] == "overdue"
    an = as_("an")
    for route in ("/api/duties", "/api/duty-board", f"/api/duty-board/{known('bureau')}"):
        assert an.get(route).status_code == 404
    seen = "".join(an.get(route).get_data(as_text=True) for route in SECRETARYS)
    assert "overdue" not in seen
    assert "谈心谈话" not in seen


SECRETARYS = ("/api/fulfilled", "/api/postings", "/api/people", "/api/reminders", "/api/meetings")


def test_the_department_sees_units_by_name_in_counts(as_, path):
    put(as_("ji"), path, note(whom=["an"], leader_id=leader(as_)))
    told = as_("hu").get("/api/duty-board?year=2026").json
    assert [row["unit"]["name"] for row in told["items"]] == ["区试验办", "市试验局"]
    bureau = told["items"][1]
    assert bureau["postings"] == 2
    # Two postings since March: of Q1 31 of 90 days. Talks 2+2+2, reports and visits 4+4, on-site 2.
    assert [(c["owed"], c["done"], c["overdue"]) for c in bureau["cells"]] == [
        (0, 0, 0),
        (6, 0, 6),
        (2, 0, 2),
        (8, 1, 0),
    ]
    assert told["totals"][3]["owed"] == 12
    text = json.dumps(told, ensure_ascii=False)
    assert not any(name in text for name in ("安宁", "丁一", "白桦"))


def test_one_unit_by_duty_still_names_nobody(as_):
    told = as_("hu").get(f"/api/duty-board/{known('bureau')}?year=2026")
    duties = {one["duty"]: one["cells"] for one in told.json["duties"]}
    assert [(c["period"], c["owed"], c["overdue"]) for c in duties["heart_talk"]] == [
        ("2026Q2", 2, 2),
        ("2026Q3", 2, 2),
        ("2026Q4", 2, 0),
    ]
    assert "安宁" not in told.get_data(as_text=True)


def test_a_county_sees_its_own_units_and_no_others(as_):
    names = [row["unit"]["name"] for row in as_("fang").get("/api/duty-board").json["items"]]
    assert names == ["市试验局"]
    assert as_("gao").get(f"/api/duty-board/{known('bureau')}").status_code == 404
    for name in ("ji", "ding", "an", "he", "zong"):
        assert as_(name).get("/api/duty-board").status_code == 404


def test_the_branch_sees_its_meetings_and_plans(as_):
    items = as_("ding").get("/api/duties").json["items"]
    assert {x["duty"] for x in items} == {"monthly_meeting", "quarterly_observation", "term_plan"}
    (plan,) = [x for x in items if x["duty"] == "term_plan"]
    assert (plan["state"], plan["owed"], plan["can_note"]) == ("overdue", 2, True)
    r = put(as_("ding"), f"/api/fulfilments/{new_id()}", note("term_plan"))
    assert r.status_code == 201
    items = as_("ding").get("/api/duties").json["items"]
    assert "term_plan" not in {x["duty"] for x in items}


def test_a_meeting_that_was_held_is_its_own_evidence(as_, keep):
    from tests.meetings.hall import Hall

    ding = as_("ding")
    assert owed(ding, "monthly_meeting")["2026-11"] == (0, 1, "due")
    hall = Hall(as_)
    hall.plan()
    assert owed(ding, "monthly_meeting")["2026-11"] == (0, 1, "due")
    hall.do("open")
    assert owed(ding, "monthly_meeting")["2026-11"] == (1, 1, "done")


@pytest.mark.engines
def test_taken_back_it_counts_no_more_and_corrected_it_counts_anew(as_, path):
    ji, who = as_("ji"), leader(as_)
    digest = put(ji, path, note(leader_id=who)).json["digest"]
    r = put(ji, path, note(whom=["an"], leader_id=who), If_Match=f'"{digest}"')
    assert r.status_code == 200
    assert owed(ji)["2026Q4"] == (1, 2, "due")
    assert put(as_("fang"), f"{path}/void", record(reason="不是我记的")).status_code == 404
    assert put(ji, f"{path}/void", record(reason="记错了日期")).status_code == 201
    assert owed(ji)["2026Q4"] == (0, 2, "due")
    assert ji.get(path).json["void_reason"] == "记错了日期"
    again = put(ji, path, note(leader_id=who), If_Match=f'"{r.json["digest"]}"')
    assert (again.status_code, again.json["title"]) == (409, "这次记录已作废，不能再更正")


def test_photos_are_seen_by_the_unit_and_the_department_only(as_, path):
    from tests.photos.test_routes import send

    raw = picture()
    photo = listed(raw, stage="after")
    put(as_("ji"), path, note("hear_report", photos=[photo]))
    assert send(as_("ji"), photo["id"], raw).status_code == 201
    for name, status in (("ji", 200), ("hu", 200), ("fang", 200), ("an", 404), ("gao", 404)):
        assert as_(name).get(f"/api/photos/{photo['id']}").status_code == status, name


def test_a_new_duty_is_a_few_lines_of_config(as_, path, monkeypatch):
    more = dict(read_toml("rules.toml")["duty"]["hear_report"], title="送学上门", times=2)
    monkeypatch.setitem(read_toml("rules.toml")["duty"], "home_study", more)
    ji = as_("ji")
    assert owed(ji, "home_study")["2026H2"] == (0, 4, "due")
    assert put(ji, path, note("home_study")).status_code == 201
    assert owed(ji, "home_study")["2026H2"] == (2, 4, "due")


def test_no_list_asks_more_when_it_grows(as_, queries):
    ji, hu, who = as_("ji"), as_("hu"), leader(as_)
    routes = [(ji, "/api/duties"), (ji, "/api/fulfilments"), (hu, "/api/duty-board")]
    put(ji, f"/api/fulfilments/{new_id()}", note(leader_id=who))
    before = [queries(lambda c=c, r=r: c.get(r)) for c, r in routes]
    for _ in range(5):
        put(ji, f"/api/fulfilments/{new_id()}", note(leader_id=who))
    assert [queries(lambda c=c, r=r: c.get(r)) for c, r in routes] == before
