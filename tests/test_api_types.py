"""What the phone app believes about the API is what the server says."""

import json
from pathlib import Path

import pytest
from flask import Flask

from pwa.api_types import HEADING, type_of, typescript, write

ROOT = Path(__file__).parents[1]
OPENAPI = ROOT / "docs" / "openapi.json"
ROUTES = ROOT / "pwa" / "src" / "core" / "routes.ts"


def test_the_written_description_is_the_routes_own(app: Flask) -> None:
    spec = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    written = json.loads(OPENAPI.read_text("utf-8"))
    assert written == json.loads(app.json.dumps(spec)), "run `make types`"


def test_the_phone_apps_types_are_the_descriptions() -> None:
    spec = json.loads(OPENAPI.read_text("utf-8"))
    assert ROUTES.read_text("utf-8") == typescript(spec), "run `make types`"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "format": "uuid"}, "string"),
        ({"type": ["integer", "null"]}, "number | null"),
        ({"type": "boolean", "nullable": True}, "boolean | null"),
        ({"type": "string", "enum": ["走访", None]}, '"走访" | null'),
        ({"const": 1}, "1"),
        ({"$ref": "#/components/schemas/Visit-In"}, "Visit_In"),
        ({"anyOf": [{"$ref": "#/x/Visit"}, {"type": "null"}]}, "Visit | null"),
        ({"allOf": [{"$ref": "#/x/A"}, {"$ref": "#/x/B"}]}, "A & B"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, '("a" | "b")[]'),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "Record<string, number>"),
        ({"type": "object"}, "Record<string, unknown>"),
        ({"type": "string", "format": "binary"}, "Blob"),
        ({}, "unknown"),
    ],
)
def test_a_schema_becomes_the_type_of_the_same_values(schema: dict, expected: str) -> None:
    assert type_of(schema) == expected


def test_a_property_that_may_be_missing_is_optional() -> None:
    schema = {"properties": {"a": {"type": "string"}, "b-c": {}}, "required": ["a"]}
    assert type_of(schema) == '{\n  a: string\n  "b-c"?: unknown\n}'


def test_a_route_tells_its_path_query_body_and_answers() -> None:
    text = {"type": "string"}
    body = {"content": {"application/json": {"schema": text}}}
    operation = {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": text}],
        "requestBody": {"content": {"image/jpeg": {"schema": {}}}},
        "responses": {"200": body, "204": {}, "default": body},
    }
    written = typescript({"paths": {"/api/photos/{id}": {"put": operation}}})
    assert '"PUT /api/photos/{id}": {' in written
    assert "path: {\n      id: string\n    }" in written
    assert "query: undefined\n    body: Blob\n    out: string | undefined" in written


def test_a_file_written_by_hand_is_never_replaced(tmp_path: Path) -> None:
    by_hand = tmp_path / "routes.ts"
    by_hand.write_text("export type Stage = string\n")
    with pytest.raises(SystemExit, match="written by hand"):
        write(by_hand, HEADING)
    assert by_hand.read_text() == "export type Stage = string\n"


def test_a_generated_file_is_replaced(tmp_path: Path) -> None:
    generated = tmp_path / "routes.ts"
    write(generated, HEADING)
    write(generated, HEADING + "\nnewer")
    assert generated.read_text().endswith("newer")
