"""When a posting ends its open issues go to the successor with everything that hangs on them, so
that a resident's matter always has exactly one person who answers for it."""

import uuid

from sqlalchemy import ColumnElement, func, or_, select, update

from server.core import audit, clock
from server.core.access import Who
from server.core.audit import Entry
from server.core.db import db, scope_of
from server.core.records import Told
from server.photos.models import Photo
from server.postings.models import Posting, PostingEnd

from .models import Issue, IssueAction, IssueContact
from .rules import State


def count(posting: Posting) -> int:
    """How many are open under it, held ones too. Locks the posting until the end of the
    transaction, so that no issue slips in between the count and the hand-over."""
    db.session.execute(select(Posting.id).where(Posting.id == posting.id).with_for_update())
    return db.session.scalar(select(func.count()).where(_open(posting))) or 0


def hand_over(who: Who, posting: Posting, successor: Posting, told: Told) -> int:
    issues = list(db.session.scalars(select(Issue.id).where(_open(posting)).order_by(Issue.id)))
    if not issues:
        return 0
    _take(issues, posting, successor)
    _follow(issues, successor)
    detail = {"from": str(posting.id), "to": str(successor.id)}
    entry = Entry(
        audit.county(posting), clock.now(), who.actor.id, "issue.hand_over", posting.id, detail
    )
    audit.append(entry._replace(subject_id=id) for id in issues)
    return len(issues)


def follow_heir(issue: Issue) -> None:
    """One that was held while its posting had ended, and counts now: to whoever answers for it."""
    heir = heir_of(db.session.get_one(Posting, issue.posting_id))
    if heir is not None:
        _take([issue.id], db.session.get_one(Posting, issue.posting_id), heir)
        _follow([issue.id], heir)


def heir_of(posting: Posting) -> Posting | None:
    """Who answers now for what was made at a posting that has ended, if anyone was named."""
    heir = None
    while (heir or posting).ended_on:
        named = select(PostingEnd.successor_posting_id).where(
            PostingEnd.posting_id == (heir or posting).id
        )
        successor_id = db.session.scalar(named)
        if successor_id is None:
            break
        heir = db.session.get_one(Posting, successor_id)
    return heir


def _open(posting: Posting) -> ColumnElement[bool]:
    return (Issue.posting_id == posting.id) & (Issue.state != State.RESOLVED)


def _take(issues: list[uuid.UUID], posting: Posting, successor: Posting) -> None:
    before = {"former_owner_id": posting.owner_id, "former_posting_id": posting.id}
    taken = scope_of(successor) | before | {"posting_id": successor.id}
    db.session.execute(update(Issue).where(Issue.id.in_(issues)).values(taken))


def _follow(issues: list[uuid.UUID], successor: Posting) -> None:
    """Contact, steps and photos. A photo's owner stays the phone that has it, or had: its receipt
    may have been lost on the way. Whoever reads the issue reads its photos."""
    scope = scope_of(successor)
    steps = select(IssueAction.id).where(IssueAction.issue_id.in_(issues))
    photos = or_(Photo.record_id.in_(issues), Photo.record_id.in_(steps))
    units = {name: value for name, value in scope.items() if name != "owner_id"}
    for statement in (
        update(Photo).where(photos).values(units),
        update(IssueContact).where(IssueContact.id.in_(issues)).values(scope),
        update(IssueAction).where(IssueAction.issue_id.in_(issues)).values(scope),
    ):
        db.session.execute(statement)
