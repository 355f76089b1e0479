"""docs/openapi.json → src/core/routes.ts: the server's own description as TypeScript types.

    python pwa/api_types.py docs/openapi.json pwa/src/core/routes.ts

The ready-made generator needs an older TypeScript; and this one writes exactly what `call()` and
the outbox read: one type a schema, and a table `Routes['PUT /api/visits/{id}']` of what goes in
and what comes out. A test fails when the file is older than the routes.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Spec = dict[str, Any]  # any object of an OpenAPI document

HEADING = "// Written by `make types` from docs/openapi.json: do not edit."
JSON = "application/json"
VERBS = ("get", "put", "post", "patch", "delete")
PLAIN = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def typescript(spec: Spec) -> str:
    """The whole file; the order is that of the names, so that a change shows as a small diff."""
    schemas = spec.get("components", {}).get("schemas", {})
    lines = [HEADING, ""]
    for name, schema in sorted(schemas.items()):
        lines += [f"export type {identifier(name)} = {type_of(schema)}", ""]
    lines.append("/** Every route: what its path, query and body take, and what it answers. */")
    lines.append("export interface Routes {")
    for path, item in sorted(spec["paths"].items()):
        lines += [route(spec, verb, path, item) for verb in VERBS if verb in item]
    return "\n".join([*lines, "}", ""])


def route(spec: Spec, verb: str, path: str, item: Spec) -> str:
    operation = item[verb]
    given = [resolve(spec, one) for one in item.get("parameters", [])]
    given += [resolve(spec, one) for one in operation.get("parameters", [])]
    parts = {
        "path": parameters(given, "path"),
        "query": parameters(given, "query"),
        "body": content(resolve(spec, operation.get("requestBody", {}))),
        "out": answer(spec, operation["responses"]),
    }
    inside = "".join(f"    {name}: {indent(part, 4)}\n" for name, part in parts.items())
    return f"  {json.dumps(f'{verb.upper()} {path}')}: {{\n{inside}  }}"


def parameters(given: list[Spec], place: str) -> str:
    """The parameters of one place as an object; headers belong to `call()` and are left out."""
    here = {one["name"]: one for one in given if one["in"] == place}
    if not here:
        return "undefined"
    required = [name for name, one in here.items() if one.get("required")]
    return object_type({name: one.get("schema", {}) for name, one in here.items()}, required)


def answer(spec: Spec, responses: Spec) -> str:
    """The body of every good answer: a write may say 200 or 201 with different bodies."""
    good = [resolve(spec, one) for code, one in sorted(responses.items()) if str(code)[0] == "2"]
    return union(map(content, good)) if good else "undefined"


def content(message: Spec) -> str:
    """The type of a request's or a response's body: JSON, else bytes, else nothing."""
    kinds = message.get("content", {})
    if not kinds:
        return "undefined"
    return type_of(kinds[JSON].get("schema", {})) if JSON in kinds else "Blob"


def type_of(schema: Spec) -> str:
    if "$ref" in schema:
        return identifier(schema["$ref"].rsplit("/", 1)[1])
    if schema.get("nullable"):
        return union([type_of({**schema, "nullable": False}), "null"])
    for key in ("const", "enum"):
        if key in schema:
            values = schema[key] if key == "enum" else [schema[key]]
            return union(json.dumps(value, ensure_ascii=False) for value in values)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            several = map(type_of, schema[key])
            return " & ".join(several) if key == "allOf" else union(several)
    return type_by_name(schema, schema.get("type", "object" if "properties" in schema else None))


def type_by_name(schema: Spec, name: str | list[str] | None) -> str:
    if isinstance(name, list):
        return union(type_by_name(schema, one) for one in name)
    if name == "array":
        inner = type_of(schema.get("items", {}))
        return f"({inner})[]" if re.search(r" [|&] ", inner) else f"{inner}[]"
    if name == "object":
        return object_of(schema)
    if schema.get("format") == "binary":
        return "Blob"
    return PLAIN[name] if name else "unknown"


def object_of(schema: Spec) -> str:
    if "properties" in schema:
        return object_type(schema["properties"], schema.get("required", []))
    values = schema.get("additionalProperties")
    return f"Record<string, {type_of(values) if isinstance(values, dict) else 'unknown'}>"


def object_type(properties: dict[str, Spec], required: list[str]) -> str:
    def lines() -> Iterator[str]:
        for name, schema in properties.items():
            key = name if name.isidentifier() else json.dumps(name)
            yield f"  {key}{'' if name in required else '?'}: {indent(type_of(schema), 2)}\n"

    return "{\n" + "".join(lines()) + "}" if properties else "Record<string, never>"


def union(types: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(types))


def resolve(spec: Spec, part: Spec) -> Spec:
    """The part itself, or what its `$ref` ("#/components/…") points to."""
    if "$ref" not in part:
        return part
    found = spec
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def identifier(name: str) -> str:
    return re.sub(r"\W", "_", name)


def indent(text: str, width: int) -> str:
    return text.replace("\n", "\n" + " " * width)


def write(target: Path, text: str) -> None:
    """Replaces only what was generated: a file written by hand may exist nowhere else."""
    if target.exists() and not target.read_text("utf-8").startswith(HEADING):
        sys.exit(f"{target} was written by hand: move it away first, then run again")
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    write(target, typescript(json.loads(source.read_text("utf-8"))))
