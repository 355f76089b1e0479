"""What the suite found, each as a small test of its own."""

import pytest

from server.core import records
from tests.build import issue, new_id, put, step


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
