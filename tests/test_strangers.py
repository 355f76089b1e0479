"""Whatever a generator of requests sends, the answer is one the OpenAPI file promises: no server
error, no undocumented status, no body of another shape, no way past the session."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS

from server.accounts.models import Session
from server.core import clock, crypto
from server.core.db import db
from tests.people import known

# Beyond what a schema can say, a sentence may still refuse: a contact's number, two times in the
# wrong order. Those answers are 422 by the contract, where this check wants everything accepted.
BEYOND_SCHEMAS = {"positive_data_acceptance"}
EXAMPLES = 12
SPEC = json.loads((Path(__file__).parents[1] / "docs/openapi.json").read_text("utf-8"))
# Left out: what ends the generator's own session.
ASKED = [
    f"{verb.upper()} {path}"
    for path, item in SPEC["paths"].items()
    for verb in item
    if verb in ("get", "put", "post", "delete") and not path.endswith(("/session", "/password"))
]
PEOPLE = ("an", "ding", "hu", "zong")


@pytest.fixture(scope="module")
def open_house(houses: Callable[[str], Flask]) -> Flask:
    app = houses("sqlite")
    with app.app_context():
        now = clock.now()
        for name in PEOPLE:
            row = Session(token_hash=crypto.sha256(f"stranger as {name}"), user_id=known(name))
            row.created_at, row.expires_at = now, now.replace(year=now.year + 1, day=1)
            db.session.add(row)
        db.session.commit()
    return app


@pytest.fixture(scope="module")
def described(open_house: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", open_house)


@pytest.mark.parametrize("asked", ASKED)
def test_every_answer_is_a_promised_one(described: Any, asked: str) -> None:
    method, path = asked.split()
    checks = [check for check in CHECKS.get_all() if check.__name__ not in BEYOND_SCHEMAS]

    @given(case=described[path][method].as_strategy(), name=st.sampled_from(PEOPLE))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, name: str) -> None:
        cookies = {"hl": f"stranger as {name}"}
        headers = {"Hongling-Person": str(known(name))}
        case.call_and_validate(checks=checks, cookies=cookies, headers=headers)

    ask()


def test_the_judge_sees_an_answer_nobody_promised(described: Any, open_house: Flask) -> None:
    """The canary: the same judge, told that /api/health never answers 200."""
    raw = copy.deepcopy(described.raw_schema)
    del raw["paths"]["/api/health"]["get"]["responses"]["200"]
    doctored = schemathesis.openapi.from_dict(raw)
    doctored.app = open_house
    case = doctored["/api/health"]["get"].Case()
    with pytest.raises(BaseExceptionGroup) as seen:
        case.call_and_validate()
    assert "Undocumented status code" in str(seen.value.exceptions[0])
