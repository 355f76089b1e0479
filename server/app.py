"""Puts the house together: settings, core, features in order, policy on top."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import text
from werkzeug.middleware.proxy_fix import ProxyFix

from server import cli
from server.accounts import sessions
from server.core import batch, failures, settings, shell, standstill
from server.core.access import Who
from server.core.db import db, engine_options, settle
from server.core.errors import Problem
from server.core.failures import ProblemSpec
from server.core.files import MAX_BYTES
from server.core.http import PUBLIC, Api
from server.core.schemas import Schema, fields
from server.features import FEATURES
from server.policy import POLICY

VERSION = "1.0.0"
MIGRATIONS = Path(__file__).parent / "migrations"
OPENAPI = {
    "API_TITLE": "红领通 Hongling",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
}


class Unhealthy(Problem):
    status, code, title, retry = 503, "unhealthy", "数据库没有响应", "later"


class Health(Schema):
    status = fields.String(required=True)
    database = fields.String(required=True)
    version = fields.String(required=True)


health_bp = Api("health", __name__)


@health_bp.get("/health", allow=PUBLIC, gives=Health)
def health(who: Who) -> dict[str, str]:
    """Whether the database answers, for the machine that watches this one."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:
        raise Unhealthy from None
    return {"status": "ok", "database": db.engine.dialect.name, "version": VERSION}


def create_app(environ: dict[str, str] | None = None) -> Flask:
    app = Flask(__name__, static_folder=None)
    told = settings.load(environ)
    app.config.from_mapping(
        HONGLING=told,
        VERSION=VERSION,
        SQLALCHEMY_DATABASE_URI=told["database_url"],
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(told["database_url"]),
        MAX_CONTENT_LENGTH=MAX_BYTES,
    )
    app.config.from_mapping(OPENAPI)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the API's own page is read by people
    if told["proxies"]:
        hops = told["proxies"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.extensions["policy"] = POLICY
    db.init_app(app)
    with app.app_context():
        settle(db.engine)
    failures.init_app(app)
    standstill.init_app(app)
    sessions.init_app(app)
    _open_rooms(app)
    shell.init_app(app)
    cli.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    return app


def _open_rooms(app: Flask) -> None:
    spec = ProblemSpec(app)
    for bp in (health_bp, batch.bp):
        spec.register_blueprint(bp)
    for feature in FEATURES:
        for part in ("models", "jobs"):
            if find_spec(f"server.{feature}.{part}"):
                import_module(f"server.{feature}.{part}")
        if find_spec(f"server.{feature}.routes"):
            spec.register_blueprint(import_module(f"server.{feature}.routes").bp)
