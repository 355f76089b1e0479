"""Phones that have not taken the newest version yet must be understood: the very bytes that each
released version sends are kept below fixtures/payloads, and the server takes those of the last two.

A folder is one day of one version: day.json says who sends which file where, when, and what the
answer is. Files of a released version never change; a new version adds a folder."""

import base64
import hashlib
import json
from datetime import datetime
from pathlib import Path

import pytest
import time_machine

from server.core.errors import Invalid
from server.core.http import Door
from server.core.schemas import fields, parse
from server.visits.schemas import VisitIn
from tests.build import JSON

PAYLOADS = Path(__file__).parent / "fixtures" / "payloads"
VERSIONS = sorted(path for path in PAYLOADS.iterdir())[-2:]


def send(client, one, raw):
    digest = hashlib.sha256(raw).digest()
    headers = dict(JSON) | {"Hongling-Sent-At": one["at"]}
    if one["body"].endswith(".jpg"):
        told = f"sha-256=:{base64.b64encode(digest).decode()}:"
        headers = {"Content-Type": "image/jpeg", "Content-Digest": told}
    if "if_match" in one:
        headers["If-Match"] = f'"{one["if_match"]}"'
    answer = client.put(one["path"], data=raw, headers=headers)
    assert answer.status_code == one["status"], (one["body"], answer.json)
    assert answer.json["digest"] == digest.hex()
    return answer


def sends(version):
    """(entry of day.json, the bytes)."""
    day = json.loads((version / "day.json").read_text("utf-8"))
    return [(one, (version / one["body"]).read_bytes()) for one in day]


@pytest.mark.engines
@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.name)
def test_a_day_of_a_released_version_is_taken_byte_for_byte_and_again(as_, version):
    with time_machine.travel(datetime.fromisoformat(sends(version)[0][0]["at"])) as clock:
        for one, raw in sends(version):
            clock.move_to(datetime.fromisoformat(one["at"]))
            answer = send(as_(one["as"]), one, raw)
            assert set(answer.json["labels"]) <= {"near"}, one["body"]
        last = {one["path"]: (one, raw) for one, raw in sends(version)}
        for one, raw in last.values():
            again = send(as_(one["as"]), one | {"status": 200}, raw)
            assert again.json["replayed"] is True
            assert as_(one["as"]).get(one["path"]).status_code in (200, 404, 405)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.name)
def test_every_kind_of_record_is_in_the_day(app, version):
    doors = {
        rule.rule.replace("<uuid:id>", "*")
        for rule in app.url_map.iter_rules()
        if isinstance(getattr(app.view_functions[rule.endpoint], "door", None), Door)
    }
    sent = {
        "/".join("*" if len(part) == 36 else part for part in one["path"].split("/"))
        for one, _ in sends(version)
    }
    assert sent - {"/api/photos/*"} == doors


def test_a_field_that_a_new_server_demands_is_noticed():
    """The canary: with such a schema the day of 1.0 would be refused."""

    class Newer(VisitIn):
        mood = fields.String(required=True)

    raw = (PAYLOADS / "1.0" / "visit.json").read_bytes()
    assert parse(VisitIn, raw)["households"] == 3
    with pytest.raises(Invalid):
        parse(Newer, raw)
