"""One stage for each file of the slice: the files run side by side."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright

from .world import Stage


@pytest.fixture(scope="module")
def stage(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("faults")
    found = Stage(playwright, folder, engine="sqlite", worker=True, seed=1)
    yield found
    found.close()
