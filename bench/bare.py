"""The yardstick: a plain Flask view that reads a small body, makes one durable INSERT and answers;
beside it a plain read and a plain upload. Same web server, same database, same ORM, and as durable
(WAL and synchronous=FULL on SQLite); otherwise as the libraries come."""

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from server.core import settings


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "bare_row"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[uuid.UUID] = mapped_column(index=True)
    at: Mapped[datetime]


db = SQLAlchemy(model_class=Base)


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    url = settings.load()["database_url"]
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 20})
    db.init_app(app)
    if url.startswith("sqlite"):
        with app.app_context():
            event.listen(db.engine, "connect", _durable)
    app.add_url_rule("/api/health", view_func=health)
    app.add_url_rule("/rows/<uuid:id>", view_func=insert, methods=["PUT"])
    app.add_url_rule("/rows", view_func=rows)
    app.add_url_rule("/uploads/<uuid:id>", view_func=upload, methods=["PUT"])
    return app


def health() -> Response:
    return jsonify(status="ok")


def insert(id: uuid.UUID) -> tuple[Response, int]:
    return _keep(id, uuid.UUID(request.get_json()["meeting_id"]))


def upload(id: uuid.UUID) -> tuple[Response, int]:
    return _keep(id, uuid.UUID(int=len(request.get_data())))


def rows() -> Response:
    found = db.session.scalars(select(Row).limit(20))
    return jsonify([{"id": row.id, "at": row.at.isoformat()} for row in found])


def _keep(id: uuid.UUID, meeting_id: uuid.UUID) -> tuple[Response, int]:
    at = datetime.now(UTC).replace(tzinfo=None)
    db.session.add(Row(id=id, meeting_id=meeting_id, at=at))
    db.session.commit()
    return jsonify(id=id, at=at.isoformat()), 201


def _durable(raw: Any, _: Any) -> None:
    for line in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        raw.execute(f"PRAGMA {line}")
