import pytest
import time_machine

from tests.reminders.ringing import NOON, Heard, address, listen


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def heard(monkeypatch):
    one = Heard("webhook")
    listen(monkeypatch, one)
    return one


@pytest.fixture
def reached(app, clock):
    return address(app, "webhook", "13800000000")


@pytest.fixture(autouse=True)
def template(app, monkeypatch):
    """What the mini program's grants are for."""
    monkeypatch.setitem(app.config["HONGLING"], "mini_program_template", "t")
