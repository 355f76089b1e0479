"""People change offices; the unit's register and its notes stay with the office."""

import pytest

from server.accounts.models import User
from server.core import clock
from server.core.areas import CITY
from server.organizations.models import UnitLeader
from tests.build import new_id, put, record
from tests.duties.desk import leader, note
from tests.people import known


@pytest.fixture
def successor(keep, as_):
    """Who follows Ji at the bureau's personnel office."""

    def officer(key="xin", unit="bureau", *more):
        told = {"username": key, "name": "辛接", "roles": ["sending_unit_officer", *more]}
        where = {"sending_unit_id": known(unit), "area_path": CITY, "created_at": clock.now()}
        keep(User(id=known(key), **told, **where))
        return as_(key)

    return officer


def register(**changes):
    said = {"sending_unit_id": str(known("bureau")), "name": "孟春", "post": "personnel"}
    return record(**(said | changes))


@pytest.mark.engines
def test_who_holds_the_office_now_corrects_the_units_register(as_, successor, rows):
    path = f"/api/unit-leaders/{leader(as_)}"
    xin = successor()
    [known_as] = xin.get("/api/unit-leaders").json["items"]
    left = register(left_on="2026-11-01")
    r = put(xin, path, left, if_match=known_as["digest"])
    assert (r.status_code, r.json["state"]) == (200, "stored")
    assert [str(row.left_on) for row in rows(UnitLeader)] == ["2026-11-01"]
    told = {"path": path, "digest": r.json["digest"]}
    for client in (xin, as_("ji")):  # a phone of either may hold it
        assert client.post("/api/reconcile", json={"items": [told]}).json["lacks"] == []


@pytest.mark.engines
def test_another_unit_corrects_nothing_of_it_even_knowing_its_version(as_, successor, rows):
    path = f"/api/unit-leaders/{leader(as_)}"
    [known_as] = as_("ji").get("/api/unit-leaders").json["items"]
    stranger = successor("other", "office")
    for unit, status in (("bureau", 404), ("office", 404)):
        body = register(sending_unit_id=str(known(unit)), name="别人")
        assert put(stranger, path, body, if_match=known_as["digest"]).status_code == status
    assert [row.name for row in rows(UnitLeader)] == ["孟春"]


@pytest.mark.engines
def test_whoever_keeps_no_register_writes_none_and_finds_none(as_, successor, rows):
    """Who runs the machine reads every unit; that is no leave to name its leaders, nor is it for
    the officer of another unit who runs the machine as well."""
    path = f"/api/unit-leaders/{known('personnel of bureau')}"
    for client in (as_("zong"), successor("both", "office", "administrator")):
        assert put(client, path, register()).status_code == 404
    leader(as_)
    assert put(as_("zong"), path, register(name="别人")).status_code == 404
    assert [row.name for row in rows(UnitLeader)] == ["孟春"]


@pytest.mark.engines
def test_a_note_of_who_went_is_taken_back_but_not_rewritten(as_, successor):
    path = f"/api/fulfilments/{new_id()}"
    first = put(as_("ji"), path, note("hear_report"))
    xin = successor()
    seen = xin.get(path).json
    assert (seen["mine"], seen["can_void"]) == (False, True)
    assert as_("fang").get(path).json["can_void"] is False
    again = put(xin, path, note("hear_report", on="2026-11-19"), if_match=first.json["digest"])
    assert again.status_code == 409
    assert put(xin, f"{path}/void", record(reason="前任记错了")).status_code == 201
    assert as_("ji").get(path).json["void_reason"] == "前任记错了"
