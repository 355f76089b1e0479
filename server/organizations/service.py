from types import SimpleNamespace
from typing import Any

from server.core import records
from server.core.access import Who
from server.core.audit import audited
from server.core.records import Told

from .models import SendingUnit, UnitLeader


@audited("unit_leader.log")
def log_leader(who: Who, unit: SendingUnit, told: Told, **said: Any) -> UnitLeader:
    """Whose the unit's duties are: named once, chosen from then on."""
    return _keep(who, unit, told, **said)


@audited("unit_leader.correct")
def correct_leader(who: Who, unit: SendingUnit, told: Told, **said: Any) -> UnitLeader:
    """What was noted before keeps the name and post of its day."""
    return _keep(who, unit, told, **said)


def _keep(who: Who, unit: SendingUnit, told: Told, **said: Any) -> UnitLeader:
    scope = SimpleNamespace(
        owner_id=who.actor.id,
        branch_id=None,
        host_unit_id=None,
        sending_unit_id=unit.id,
        area_path=unit.area_path,
    )
    leader: UnitLeader = records.keep(UnitLeader, told, scope=scope, author_id=who.actor.id, **said)
    return leader
