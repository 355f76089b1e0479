"""A canary whose line was moved sings no more: seen here in a moment, not after half an hour."""

from pathlib import Path

import pytest

from . import guards
from .guards import Guard

PWA = Path(__file__).parents[2] / "pwa/src"
CUTS = sorted({cut for it in vars(guards).values() if isinstance(it, Guard) for cut in it.cuts})


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: f"{cut[0]} {cut[1][:40]}")
def test_every_line_that_a_canary_takes_out_stands_once(cut):
    file, old, fresh = cut
    assert (PWA / file).read_text("utf-8").count(old) == 1
    assert fresh != old
