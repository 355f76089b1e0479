"""A fast slice of every fault, for `make test`: one world each, the least rounds that prove it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from .run import run
from .table import FAULTS, Fault
from .world import Stage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with sync_playwright() as playwright:
        folder = tmp_path_factory.mktemp("faults")
        found = Stage(playwright, folder, engine="sqlite", worker=True, seed=1)
        yield found
        found.close()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.id} {fault.words}")
def test_nothing_is_lost_and_nothing_doubled(stage: Stage, fault: Fault):
    row = run(stage, fault, fault.slice)
    if row.skipped:
        pytest.skip(row.skipped)
    assert (row.lost, row.doubled, row.harm) == (0, 0, "")
    assert row.saved > 0
