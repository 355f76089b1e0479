from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.decisions.desk import Desk


@pytest.fixture
def desk(app: Flask, as_: Callable[[str], Any]) -> Desk:
    """An's term has ended: what she makes from now on is held."""
    desk = Desk(app, as_)
    desk.end_term()
    return desk
