from typing import Any

from server.core import records
from server.core.access import Who
from server.core.audit import audited
from server.core.db import db
from server.core.errors import StateConflict
from server.core.records import Told

from . import rules
from .holds import Kind
from .models import Decision


@audited("held.decide")
def decide(who: Who, kind: Kind, record: Any, told: Told, *, verdict: str, words: str) -> Decision:
    """Accepted, the record counts from now on; returned, it stays held and says why, until its
    sender corrects it. The first to decide decides."""
    kind.lock(record)
    held, returned = record.held_reason is not None, record.returned
    fulfilled = rules.is_fulfilled(verdict=verdict, words=words, held=held, returned=returned)
    if not fulfilled:
        if fault := rules.why_too_late(held=held, returned=returned):
            raise StateConflict(fault)
        _settle(kind, record, verdict, words)
    return records.keep(
        Decision,
        told,
        scope=record,
        author_id=who.actor.id,
        sender_id=records.author_of(record),
        kind=kind.nouns,
        record_id=record.id,
        verdict=verdict,
        words=words,
        link=kind.link(record),
        settles=not fulfilled,
    )


def _settle(kind: Kind, record: Any, verdict: str, words: str) -> None:
    if verdict == rules.RETURN:
        record.returned = words
        return
    record.held_reason = None
    db.session.flush()
    kind.accept(record)
