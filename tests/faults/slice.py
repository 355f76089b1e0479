"""A fast slice of a fault, for `make test`: the least rounds that prove it, on a shared server."""

import pytest

from .run import run
from .table import Fault
from .world import Stage


def survives(stage: Stage, fault: Fault) -> None:
    row = run(stage, fault, fault.slice, shared=True)
    if row.skipped:
        pytest.skip(row.skipped)
    assert row.clean, row.harm
    assert row.saved > 0
