"""Counties and zones as paths: /3713/ is the city, /3713/371302/ a county; a prefix is a reach."""

from functools import cache

from .settings import read_toml

CITY = "/3713/"


@cache
def names() -> dict[str, str]:
    """Name by path, the city first."""
    told = read_toml("areas.toml")
    below = {code: name for kind in ("county", "zone") for code, name in told[kind].items()}
    return {CITY: told["city"]["name"]} | {f"{CITY}{code}/": name for code, name in below.items()}


def kind_of(path: str) -> str:
    code = path.strip("/").split("/")[-1]
    told = read_toml("areas.toml")
    return "zone" if code in told["zone"] else "county" if code in told["county"] else "city"
