"""The laws of the house, held against the house; and each law against a sample that breaks it."""

import ast
import re
from pathlib import Path

import pytest

from server.core.access import P, Role
from server.core.http import PUBLIC
from server.features import FEATURES
from server.policy import POLICY
from tests import laws
from tests.laws import Source

ROOT = Path(__file__).parents[1]
SERVER = laws.sources(ROOT / "server")
TESTS = [Source(f"tests/{s.path}", s.text) for s in laws.sources(ROOT / "tests")]

# Whoever opens these is not signed in; nothing else may be called without a session.
PUBLIC_ROUTES = {
    "GET /api/about",
    "GET /api/calendars/<string:token>.ics",
    "GET /api/health",
    "GET /api/sign-in-ways",
    "POST /api/activations",
    "POST /api/bindings",
    "POST /api/claims",
    "POST /api/mini-program-sessions",
    "POST /api/session",
    "POST /api/wecom-sessions",
    "PUT /api/feedback/<uuid:id>",
}

LAWS = {
    "order": lambda files: laws.out_of_order(files, FEATURES),
    "no circles": laws.in_circles,
    "only the edge commits": laws.commits,
    "rows come through who": laws.bare_reads,
    "rules are pure": laws.impure_rules,
    "verbs are audited": laws.silent_verbs,
    "one door for each danger": laws.side_doors,
    "small": laws.too_large,
}

BROKEN = {
    "order": [
        Source("visits/routes.py", "from server.meetings.models import Meeting"),
        Source("core/db.py", "from server.accounts.models import User"),
        Source("issues/service.py", "from server.policy import POLICY"),
    ],
    "no circles": [
        Source("visits/a.py", "from .b import x"),
        Source("visits/b.py", "from server.visits.a import y"),
    ],
    "only the edge commits": [Source("visits/service.py", "db.session.commit()")],
    "rows come through who": [
        Source("visits/routes.py", "row = db.session.get(Visit, id)"),
        Source("issues/routes.py", "rows = select(Issue)"),
    ],
    "rules are pure": [
        Source("visits/rules.py", "from flask import request"),
        Source("visits/rules.py", "from server.core import clock"),
        Source("visits/rules.py", "from datetime import date\nday = date.today()"),
    ],
    "verbs are audited": [Source("visits/service.py", "def log_visit(who):\n    return 1")],
    "one door for each danger": [
        Source("visits/service.py", "from PIL import Image"),
        Source("visits/service.py", "from cryptography.fernet import Fernet"),
        Source("visits/service.py", "from datetime import datetime\nx = datetime.now()"),
        Source("reminders/jobs.py", "import urllib.request"),
    ],
    "small": [
        Source("visits/a.py", "x = 1\n" * 301),
        Source("visits/a.py", "def f():\n" + "    x = 1\n" * 50),
    ],
}


@pytest.mark.parametrize("name", LAWS)
def test_the_house_keeps_the_law(name):
    assert LAWS[name](SERVER) == []


@pytest.mark.parametrize("name", LAWS)
def test_the_law_sees_when_it_is_broken(name):
    if name == "no circles":
        assert LAWS[name](BROKEN[name])
        return
    for sample in BROKEN[name]:
        assert LAWS[name]([sample]), sample


def test_test_files_are_small_too():
    assert laws.too_large(TESTS) == []


def test_every_folder_is_a_room():
    folders = {s.room for s in SERVER if s.room}
    assert folders == {"core", *FEATURES}


def test_a_room_has_one_name_in_server_phone_and_tests():
    for folder in (ROOT / "tests", ROOT / "pwa" / "src"):
        rooms = {p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith("_")}
        assert rooms <= {"core", "e2e", "faults", "fixtures", *FEATURES}, folder


def test_every_permission_has_a_policy_and_every_policy_a_route(app):
    used = {view.permission for view in app.view_functions.values() if hasattr(view, "permission")}
    assert set(POLICY) == set(P)
    assert used - {PUBLIC} == set(P)
    assert all(set(grants) <= set(Role) for grants in POLICY.values())


def test_every_route_says_who_may_use_it_and_public_ones_by_name(app):
    public = set()
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/") or rule.endpoint.startswith("api-docs."):
            continue
        view = app.view_functions[rule.endpoint]
        assert hasattr(view, "permission"), rule.rule
        if view.permission == PUBLIC:
            methods = rule.methods - {"HEAD", "OPTIONS"}
            public |= {f"{method} {rule.rule}" for method in methods}
    assert public == PUBLIC_ROUTES


def test_a_route_without_a_permission_cannot_be_declared():
    from server.core.http import Api

    bp = Api("nowhere", "server.visits.routes")
    with pytest.raises(TypeError, match="allow"):
        bp.get("/nothing", gives=str)


def in_braces(rule):
    return re.sub(r"<\w+:(\w+)>", r"{\1}", rule)


def test_the_openapi_file_holds_every_route(app):
    spec = app.test_client().get("/api/openapi.json").json
    described = {f"{verb.upper()} {path}" for path, item in spec["paths"].items() for verb in item}
    served = {
        f"{method} {in_braces(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/") and not rule.endpoint.startswith("api-docs.")
    }
    assert {d for d in described if "PARAMETERS" not in d} == served


def test_the_table_of_permissions_is_fresh():
    from server.permissions import table

    assert (ROOT / "docs/permissions.md").read_text("utf-8") == table(), "run make types"


def test_migrations_are_numbered_without_a_gap():
    names = sorted(p.name for p in (ROOT / "server/migrations/versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]


@pytest.mark.engines
def test_migrations_make_what_the_models_say(app):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from server.core.db import db

    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, db.metadata) == [], "write a migration"


def test_docstrings_do_not_repeat_the_name():
    echoes = []
    for source in SERVER:
        for node in ast.walk(ast.parse(source.text)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and (
                doc := ast.get_docstring(node)
            ):
                plain = re.sub(r"[^a-z]", "", doc.split("\n")[0].lower())
                if plain == node.name.replace("_", "").lower():
                    echoes.append(f"{source.path}: {node.name}")
    assert echoes == []
