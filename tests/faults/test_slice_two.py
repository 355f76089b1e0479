"""The other half of test_slice.py."""

import pytest

from .slice import survives
from .table import FAULTS, Fault
from .world import Stage


@pytest.mark.browser
@pytest.mark.parametrize("fault", FAULTS[1::2], ids=lambda fault: f"{fault.id} {fault.words}")
def test_nothing_is_lost_and_nothing_doubled(stage: Stage, fault: Fault):
    survives(stage, fault)
