from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from server.core import crypto, limits, records, workdays
from server.core.access import P, Who
from server.core.audit import audited
from server.core.clock import SHANGHAI
from server.core.db import db, scope_of
from server.core.errors import Invalid, StateConflict
from server.core.records import Told
from server.core.settings import rules as numbers
from server.photos import shelf
from server.postings.models import Posting
from server.postings.rules import judge_term
from server.visits.models import Visit

from . import catalogue, rules
from .handover import heir_of
from .models import ContactReveal, Issue, IssueAction, IssueContact
from .moves import move, still_moves
from .rules import Deadline, State

SEALED = ("name", "phone", "door")


@audited("issue.log")
def log_issue(who: Who, posting: Posting, told: Told, **said: Any) -> Issue:
    """Keep what the secretary wrote down. What arrives after the posting was handed over goes to
    the successor at once: no open issue is left without someone who answers for it."""
    term = judge_term(made_on=_day(told), ended_on=posting.ended_on)
    heir = None if term.held_reason else heir_of(posting)
    fresh = {
        "posting_id": (heir or posting).id,
        "former_owner_id": posting.owner_id if heir else None,
        "former_posting_id": posting.id if heir else None,
        "held_reason": term.held_reason,
        "state": State.REGISTERED,
        "agenda": False,
        **_deadline(told)._asdict(),
    }
    return _keep(who, told, scope=heir or posting, labels=term.labels, **(said | fresh))


@audited("issue.correct")
def correct_issue(who: Who, posting: Posting, told: Told, **said: Any) -> Issue:
    """The new words stand, the old version is kept; the deadline runs on from the first. Of a
    contact only the last is kept, or none: it is the resident's, not the record's. One made within
    the term counts after the hand-over too; later the matter is the successor's."""
    before, term = told.before, judge_term(made_on=_day(told), ended_on=posting.ended_on)
    if before.owner_id != who.actor.id:
        in_time = judge_term(made_on=_day_of(told.told_at), ended_on=posting.ended_on)
        if before.former_posting_id != posting.id or in_time.held_reason:
            raise StateConflict("这个问题已移交接任的同志，不能再更正")
    elif before.posting_id != posting.id:
        raise Invalid(fields={"posting_id": ["更正时不能改换任职"]})
    return _keep(who, told, scope=posting, labels=term.labels, **said)


@audited("issue.act")
def take_step(
    who: Who, issue: Issue, posting: Posting, told: Told, *, photos: list[Any], **said: Any
) -> IssueAction:
    """`posting` is the sender's, now or before a hand-over. A step made after its term is held and
    moves nothing until the organizer decides; a step on a held issue is held with it; one that
    arrives after a later one moves nothing either."""
    term = judge_term(made_on=_day(told), ended_on=posting.ended_on)
    if not term.held_reason:
        to = still_moves(issue, told.made_at, said["state"])
        move(issue, to=to, agenda=said["agenda"])
    action = records.keep(
        IssueAction,
        told,
        scope=issue,
        labels=term.labels,
        held_reason=term.held_reason or issue.held_reason,
        author_id=who.actor.id,
        issue_id=issue.id,
        moved=not term.held_reason,
        **_step(said),
    )
    shelf.await_photos("issue_action", action, photos, at=told.received_at)
    action.audit_detail = {"issue": str(issue.id), "state": said["state"]}
    return action


@audited("issue_action.correct")
def correct_step(
    who: Who, issue: Issue, told: Told, *, photos: list[Any], **said: Any
) -> IssueAction:
    """Note and photos may be put right; where the issue was taken is history."""
    before, step = told.before, _step(said)
    taken = (before.issue_id, before.state, before.put_on_agenda)
    if taken != (issue.id, step["state"], step["put_on_agenda"]):
        raise StateConflict("办理状态不能更正，请另记一步")
    action = records.keep(IssueAction, told, scope=issue, **step)
    shelf.await_photos("issue_action", action, photos, at=told.received_at)
    return action


@audited("contact.reveal")
def reveal_contact(who: Who, contact: IssueContact, told: Told, *, reason: str) -> ContactReveal:
    """A resident's contact, shown once; who looked and when stays on record."""
    if told.before is not None:
        raise StateConflict("查看记录不能更正，请重新查看")
    most = numbers()["contact"]["reveals_a_day"]
    limits.at_most(
        most,
        "contact.reveal",
        str(who.actor.id),
        within=timedelta(days=1),
        sentence=f"一天最多查看 {most} 次联系方式，请明天再看",
    )
    reveal: ContactReveal = records.keep(
        ContactReveal,
        told,
        scope=contact,
        author_id=who.actor.id,
        issue_id=contact.id,
        reason=reason,
    )
    opened = {
        part: crypto.unseal(getattr(contact, part), about=_about(contact.id, part))
        for part in SEALED
    }
    reveal.receipt_extra = {"contact": opened}  # type: ignore[misc]
    reveal.audit_detail = {"issue": str(contact.id)}  # type: ignore[attr-defined]
    return reveal


def _keep(
    who: Who,
    told: Told,
    *,
    scope: Posting,
    labels: list[str],
    contact: Any,
    photos: Any,
    **said: Any,
) -> Issue:
    filed = rules.file_under(said.pop("category"), catalogue.names())
    issue: Issue = records.keep(
        Issue,
        told,
        scope=scope,
        labels=labels + filed.labels + _visit_labels(who, said["visit_id"]),
        author_id=who.actor.id,
        category=filed.category,
        **said,
    )
    _keep_contact(issue, contact, told)
    shelf.await_photos("issue", issue, photos, at=told.received_at)
    return issue


def _keep_contact(issue: Issue, contact: dict[str, Any] | None, told: Told) -> None:
    """A contact that was there stays consented to since then; one added later, since it was."""
    since = told.made_at
    if told.before is not None:
        known = select(IssueContact.consent_at).where(IssueContact.id == issue.id)
        since = db.session.scalar(known) or min(told.told_at, told.received_at)
        db.session.execute(delete(IssueContact).where(IssueContact.id == issue.id))
    if contact is None:
        return
    sealed = {part: crypto.seal(contact[part], about=_about(issue.id, part)) for part in SEALED}
    row = IssueContact(id=issue.id, consent=contact["consent"], consent_at=since, **sealed)
    for name, value in scope_of(issue).items():
        setattr(row, name, value)
    db.session.add(row)


def _about(issue_id: Any, part: str) -> str:
    return f"issue_contact:{issue_id}:{part}"


def _step(said: dict[str, Any]) -> dict[str, Any]:
    return {"note": said["note"], "state": said["state"], "put_on_agenda": said["agenda"]}


def _visit_labels(who: Who, visit_id: Any) -> list[str]:
    """A visit not (yet) among the secretary's own is kept as told: it may still be on its way."""
    if visit_id is None:
        return []
    visit = who.using(P.VISIT_READ).find(Visit, visit_id)
    return [] if visit else ["visit_unknown"]


def _deadline(told: Told) -> Deadline:
    issue = numbers()["issue"]
    return rules.deadline(
        since=rules.counts_from(
            made_at=told.made_at, received_at=told.received_at, labels=told.labels
        ),
        workdays=issue["deadline_workdays"],
        closes=issue["office_closes"],
        zone=SHANGHAI,
        add_workdays=workdays.add_workdays,
        explain=workdays.explain,
    )


def _day(told: Told) -> Any:
    return _day_of(told.made_at)


def _day_of(moment: datetime) -> Any:
    return moment.astimezone(SHANGHAI).date()
