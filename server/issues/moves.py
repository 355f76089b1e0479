"""How a step takes its issue somewhere, and what follows when a held issue or step is accepted."""

from datetime import datetime

from sqlalchemy import exists, select, update

from server.core.db import db
from server.core.errors import StateConflict
from server.decisions.holds import Kind

from . import rules
from .handover import follow_heir
from .models import Issue, IssueAction

ISSUE_FIRST = "这一步所属的问题还在等待确认，请先确认那个问题"


def move(issue: Issue, *, to: str | None, agenda: bool) -> None:
    if fault := rules.why_not_moved(state=issue.state, to=to):
        raise StateConflict(fault)
    issue.state = to or issue.state
    issue.agenda = issue.agenda or agenda


def still_moves(issue: Issue, made_at: datetime, to: str | None) -> str | None:
    """`to`, or None when a step made later moved the issue already: one that waited longer on the
    phone is kept in its place and moves nothing back."""
    later = (IssueAction.issue_id == issue.id, IssueAction.made_at > made_at)
    moving = (IssueAction.moved, IssueAction.state.is_not(None))
    if to is None or not rules.can_become(to):
        return to
    return None if db.session.scalar(select(exists().where(*later, *moving))) else to


def _accept_issue(issue: Issue) -> None:
    """With it come the steps that were held only because it was."""
    with_it = update(IssueAction).where(
        IssueAction.issue_id == issue.id, IssueAction.moved, IssueAction.returned.is_(None)
    )
    db.session.execute(with_it.values(held_reason=None))
    follow_heir(issue)


def _lock_step(step: IssueAction) -> None:
    """Its issue first, as whoever takes a step does."""
    db.session.execute(select(Issue.id).where(Issue.id == step.issue_id).with_for_update())
    db.session.refresh(step, with_for_update=True)


def _accept_step(step: IssueAction) -> None:
    issue = db.session.get_one(Issue, step.issue_id)
    if issue.held_reason:
        raise StateConflict(ISSUE_FIRST)
    if not step.moved:
        to = still_moves(issue, step.made_at, step.state)
        move(issue, to=to, agenda=step.put_on_agenda)
        step.moved = True


HELD = (
    Kind(
        name="issue",
        nouns="issues",
        words="民情",
        model=Issue,
        person=Issue.author_id,
        summary=Issue.what,
        link=lambda issue: f"/issues/{issue.id}",
        accept=_accept_issue,
    ),
    Kind(
        name="issue_action",
        nouns="issue-actions",
        words="办理记录",
        model=IssueAction,
        person=IssueAction.author_id,
        summary=IssueAction.note,
        link=lambda step: f"/issues/{step.issue_id}",
        still=(
            IssueAction.issue_id.not_in(select(Issue.id).where(Issue.held_reason.is_not(None))),
        ),
        lock=_lock_step,
        accept=_accept_step,
    ),
)
