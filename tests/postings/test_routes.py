import json

import pytest

from server.accounts.models import Session
from server.core import clock
from server.core.audit import AuditLine
from server.organizations.models import SendingUnit, TemporaryBranch
from server.postings.models import Posting
from tests.build import new_id, posting, posting_end, put, visit
from tests.people import CITY, LANSHAN, LUOZHUANG, known

SENT = "ouyang"  # 欧阳明, whom most tests send


@pytest.mark.engines
def test_the_city_sends_a_person_whose_account_then_reaches_the_post(
    as_, path, rows, newcomer, person, actions
):
    sent = newcomer(area=CITY, roles=["host_officer"])
    r = put(as_("hu"), path, posting(secretary_id=sent))
    assert (r.status_code, r.json["state"]) == (201, "stored"), r.json
    [row] = [row for row in rows(Posting) if str(row.id) == r.json["id"]]
    assert (row.owner_id, row.author_id, row.area_path) == (known(SENT), known("hu"), LANSHAN)
    user = person(SENT)
    assert set(user.roles) == {"host_officer", "secretary"}
    assert (user.branch_id, user.host_unit_id) == (known("branch"), known("xinghua"))
    assert (user.sending_unit_id, user.area_path) == (known("bureau"), LANSHAN)
    assert actions() == ["post.take", "posting.log"]


@pytest.mark.engines
def test_the_same_bytes_again_write_nothing(as_, path, newcomer, actions):
    body = json.dumps(posting(secretary_id=newcomer()))
    first, again = put(as_("hu"), path, body), put(as_("hu"), path, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["replayed"] is True
    assert actions() == ["post.take", "posting.log"]


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


def test_a_county_sends_within_itself(as_, path, newcomer, keep):
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
    sentence = r.json["fields"][field][0]
    assert any("一" <= c <= "鿿" for c in sentence)


@pytest.mark.engines
def test_a_correction_moves_the_account_along(as_, path, newcomer, keep, person, actions):
    keep(TemporaryBranch(id=known("second"), name="第二支部", level="city", area_path=LANSHAN))
    body = posting(secretary_id=newcomer())
    first = put(as_("hu"), path, body)
    mended = body | {"branch_id": str(known("second")), "cohort": "第四批"}
    r = put(as_("hu"), path, mended, If_Match=f'"{first.json["digest"]}"')
    assert (r.status_code, r.json["replayed"]) == (200, False), r.json
    shown = as_("hu").get(path).json
    assert (shown["branch"]["name"], shown["cohort"]) == ("第二支部", "第四批")
    assert shown["etag"] == r.json["digest"]
    assert person(SENT).branch_id == known("second")
    assert actions()[2:] == ["post.take", "posting.correct"]


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


def test_who_led_one_branch_does_not_lead_the_next(as_, path, end_path, person):
    put(as_("hu"), end_path, posting_end(posting_id=str(known("posting-ding"))))
    there = {
        "host_unit_id": str(known("songtao")),
        "branch_id": str(known("other-branch")),
    }
    r = put(as_("hu"), path, posting(secretary_id=str(known("ding")), **there))
    assert r.status_code == 201, r.json
    user = person("ding")
    assert (user.roles, user.serves_until, user.area_path) == (["secretary"], None, LUOZHUANG)


def test_a_new_role_ends_the_open_sessions(as_, path, newcomer, rows):
    sent = newcomer(roles=["host_officer"])
    them = as_(SENT)
    assert them.get("/api/session").status_code == 200
    put(as_("hu"), path, posting(secretary_id=sent))
    assert them.get("/api/session").status_code == 401
    assert [row.user_id for row in rows(Session) if row.ended_at] == [known(SENT)]
