"""The kinds of issues, from config/categories.toml: two digits a group, four a kind."""

from functools import cache
from typing import Any

from server.core.settings import read_toml

RETIRED = "retired"


def tree() -> list[dict[str, Any]]:
    """What a phone offers: groups with their kinds, in the order of their codes."""
    groups = sorted((code, told) for code, told in _told().items() if code != RETIRED)
    return [
        {
            "code": code,
            "name": told["name"],
            "children": [{"code": c, "name": n} for c, n in sorted(told.items()) if c != "name"],
        }
        for code, told in groups
    ]


@cache
def names() -> dict[str, str]:
    """Name by code of every kind an issue may be filed under, retired ones included."""
    current = {kind["code"]: kind["name"] for group in tree() for kind in group["children"]}
    return _told().get(RETIRED, {}) | current


def _told() -> dict[str, Any]:
    return read_toml("categories.toml")
