import pytest

from server.accounts.models import User
from server.core import clock
from server.core.audit import AuditLine
from server.core.db import db
from server.postings import handover
from tests.build import new_id
from tests.people import LANSHAN, known


@pytest.fixture
def path():
    return f"/api/postings/{new_id()}"


@pytest.fixture
def end_path():
    return f"/api/posting-ends/{new_id()}"


@pytest.fixture
def newcomer(keep):
    """Somebody whose account the administrator made, waiting in 兰山区 to be sent."""

    def make(name="欧阳明", key="ouyang", area=LANSHAN, **facts):
        told = {
            "username": f"u{known(key).hex[:8]}",
            "roles": ["secretary"],
            "created_at": clock.now(),
        }
        keep(User(id=known(key), name=name, area_path=area, **(told | facts)))
        return str(known(key))

    return make


@pytest.fixture
def left_open(monkeypatch):
    """A room below that holds `n` open things for every posting and notes whom they went to."""
    went = []

    def open_things(n):
        monkeypatch.setattr(handover, "_rooms", [])
        handover.register(
            count=lambda posting: n,
            hand_over=lambda who, posting, successor, told: (
                went.append((posting.id, successor.id)) or n
            ),
        )
        return went

    return open_things


@pytest.fixture
def person(app):
    def read(name):
        with app.app_context():
            return db.session.get(User, known(name))

    return read


@pytest.fixture
def actions(rows):
    """What the audit lines say was done, in order."""
    return lambda: [line.action for line in rows(AuditLine)]
