import pytest

from server.core import areas


def test_areas_are_the_city_its_twelve_counties_and_three_zones(as_):
    items = as_("an").get("/api/areas").json["items"]
    kinds = [item["kind"] for item in items]
    assert (kinds.count("city"), kinds.count("county"), kinds.count("zone")) == (1, 12, 3)
    assert items[0] == {"path": "/3713/", "code": "3713", "name": "临沂市", "kind": "city"}
    assert {item["path"] for item in items} == set(areas.names())


def test_areas_are_for_who_is_signed_in(app):
    assert app.test_client().get("/api/areas").status_code == 401


@pytest.mark.engines
@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("hu", {"市试验局", "区试验办"}),
        ("gao", {"区试验办"}),
        ("fang", set()),
        ("ji", {"市试验局"}),
        ("an", set()),
        ("he", set()),
        ("zong", {"市试验局", "区试验办"}),
    ],
)
def test_each_reads_the_sending_units_that_are_theirs(as_, name, sees):
    items = as_(name).get("/api/sending-units").json["items"]
    assert {item["name"] for item in items} == sees


def test_sending_units_are_found_by_name_and_category(as_):
    def found(query):
        answer = as_("hu").get(f"/api/sending-units?{query}").json
        return [item["name"] for item in answer["items"]]

    assert found("q=试验局") == ["市试验局"]
    assert found("category=party_mass") == ["区试验办"]
    assert found("q=_") == []
    assert as_("hu").get("/api/sending-units?category=x").status_code == 422


def test_a_list_goes_on_where_its_cursor_stands(as_):
    hu = as_("hu")
    first = hu.get("/api/sending-units?limit=1").json
    second = hu.get(f"/api/sending-units?limit=1&cursor={first['next']}").json
    assert second["next"] is None
    assert {first["items"][0]["name"], second["items"][0]["name"]} == {"市试验局", "区试验办"}
