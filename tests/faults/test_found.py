"""What the suite found, each as a small test of its own."""

import struct

import pytest

from server.core import records
from tests.build import issue, new_id, put, step

from .network import refuse
from .world import Stage


@pytest.mark.engines
def test_a_try_that_overtook_its_twin_is_no_reason_to_refuse_the_twin(as_, monkeypatch):
    """F3: sent three times at once, a step on an issue was refused by what it had changed itself:
    the phone showed 需处理 for what the server had."""
    an, id, action = as_("an"), new_id(), new_id()
    put(an, f"/api/issues/{id}", issue())
    said = step(id)
    assert put(an, f"/api/issue-actions/{action}", said).status_code == 201
    look, calls = records.look, []

    def too_early(*told):
        calls.append(told)
        return None if len(calls) == 1 else look(*told)

    monkeypatch.setattr(records, "look", too_early)
    answer = put(an, f"/api/issue-actions/{action}", said)
    assert (answer.status_code, answer.json["replayed"]) == (200, True)


@pytest.mark.browser
def test_a_log_torn_by_a_kill_does_not_cost_the_store(stage: Stage):
    """F6: Chromium, killed in the middle of an entry of its log, wrote on behind it, and at the
    start after the next it began an empty store."""
    with stage.world("F6") as world:
        pocket = _killed_with_three_unsent(world)
        _tear(pocket.folder)
        phone = world.in_pocket(pocket)
        phone.page.wait_for_timeout(1_500)
        phone.save(3)
        pocket.kill()
        phone = world.in_pocket(pocket)
        assert not pocket.began_anew()
        world.settle(phone)
        outcome = world.count()
    assert (outcome.saved, outcome.lost, outcome.doubled) == (6, 0, 0)


@pytest.mark.browser
def test_a_store_that_chromium_throws_away_comes_back(stage: Stage):
    """F6: whatever it finds broken, Chromium makes an empty store in its place and says nothing."""
    with stage.world("F6") as world:
        pocket = _killed_with_three_unsent(world)
        _spoil(pocket.folder)
        phone = world.in_pocket(pocket)
        phone.save(2)
        assert pocket.began_anew()
        world.settle(phone)
        outcome = world.count()
    assert (outcome.saved, outcome.lost, outcome.doubled) == (5, 0, 0)


def _killed_with_three_unsent(world):
    pocket = world.pocket()
    world.in_pocket(pocket, "/signin").sign_in("an")
    pocket.close()
    world.network.deed = refuse
    world.in_pocket(pocket).save(3)
    pocket.kill()
    return pocket


def _spoil(profile):
    """The list of its files: the log may just have been folded away, and an empty one is fine."""
    (manifest,) = (profile / "Default" / "IndexedDB").glob("*.leveldb/MANIFEST-*")
    manifest.write_bytes(b"\xff" * 64 + manifest.read_bytes()[64:])


def _tear(profile):
    """The head of an entry whose body was never written."""
    (log,) = (profile / "Default" / "IndexedDB").glob("*.leveldb/*.log")
    room = 32_768 - log.stat().st_size % 32_768 - 7  # an entry never spans two blocks
    with log.open("ab") as file:
        file.write(struct.pack("<IHB", 0x12345678, min(500, room), 1))
