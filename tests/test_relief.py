"""What the rules on relief of the grass roots (为基层减负) forbid is not in the house at all."""

import ast
import re
from pathlib import Path

import pytest

from tests import laws

ROOT = Path(__file__).parents[1]
# A list of people or their work runs by name, by account or by time; never by how much anybody did.
BY_NAME_OR_TIME = {
    *("name", "username"),
    *("at", "begun_at", "listed_at", "made_at", "received_at", "starts_at"),
}
FOLLOWED = re.compile(r"watchPosition|enableBackground|IdleDetector|BackgroundGeolocation")


def test_no_business_table_counts_or_ranks_people(app):
    """T2 of the reference: no points, streaks, online time or last sign-in, anywhere."""
    from server.core.db import db

    forbidden = re.compile(r"score|points|rank_no|streak|online_seconds|last_login|last_seen")
    columns = [f"{t.name}.{c.name}" for t in db.metadata.sorted_tables for c in t.columns]
    assert [name for name in columns if forbidden.search(name)] == []


def orders(files):
    """What every `page(…, order=…)` sorts by, with where."""
    return [
        (f"{source.path}:{call.lineno}", given.value.attr)
        for source in files
        for call in ast.walk(ast.parse(source.text))
        if isinstance(call, ast.Call)
        for given in call.keywords
        if given.arg == "order" and isinstance(given.value, ast.Attribute)
    ]


def test_no_list_is_ordered_by_what_somebody_did():
    """T3 of the reference."""
    found = orders(laws.sources(ROOT / "server"))
    assert len(found) > 15
    assert [where for where, name in found if name not in BY_NAME_OR_TIME] == []
    ranked = laws.Source("x.py", "page(rows, order=User.visits_count, id=User.id)")
    assert orders([ranked]) == [("x.py:1", "visits_count")]


def test_nobody_chooses_an_order(app):
    """Nor can a caller ask for one."""
    document = app.test_client().get("/api/openapi.json").json
    asked = {
        told["name"]
        for path in document["paths"].values()
        for route in path.values()
        if isinstance(route, dict)
        for told in route.get("parameters", [])
    }
    assert asked & {"sort", "order", "order_by", "sort_by"} == set()


@pytest.mark.parametrize("folder", ["src", "dist"])
def test_the_phone_follows_nobody(folder):
    """T4 of the reference: a place is taken once, when the person asks."""
    files = [p for p in (ROOT / "pwa" / folder).rglob("*") if p.suffix in (".ts", ".tsx", ".js")]
    assert [path.name for path in files if FOLLOWED.search(path.read_text("utf-8"))] == []
    assert FOLLOWED.search("navigator.geolocation.watchPosition(")
