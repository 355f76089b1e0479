from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from tests.meetings.hall import Hall

NINE = datetime(2026, 11, 23, 1, 0, 0, tzinfo=UTC)  # 9:00 in Linyi


@pytest.fixture
def time() -> Iterator[Any]:
    """Stands still at nine until a test shifts it."""
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hall(time: Any, as_: Callable[[str], Any]) -> Hall:
    """Nothing planned yet."""
    return Hall(as_)


@pytest.fixture
def opened(hall: Hall) -> Hall:
    """Ding has opened the meeting; An and Ding are expected; a screen shows codes."""
    return hall.open()
