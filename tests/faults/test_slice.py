"""Every second fault; test_slice_two.py has the others, so that two cores share them."""

import pytest

from .slice import survives
from .table import FAULTS, Fault
from .world import Stage


@pytest.mark.browser
@pytest.mark.parametrize("fault", FAULTS[::2], ids=lambda fault: f"{fault.id} {fault.words}")
def test_nothing_is_lost_and_nothing_doubled(stage: Stage, fault: Fault):
    survives(stage, fault)
