import uuid
from typing import Any

from sqlalchemy import Select, func, or_
from sqlalchemy.orm import joinedload

from server.core import clock
from server.core.access import P, Who
from server.core.db import db
from server.core.http import Api
from server.core.pages import page
from server.core.records import Told, fetch_row
from server.decisions import holds
from server.photos import shelf
from server.postings import handover as postings
from server.postings.models import Posting

from . import catalogue, handover, moves, service
from .models import ContactReveal, Issue, IssueAction, IssueContact
from .rules import State, shows_as_overdue
from .schemas import (
    ActionIn,
    ActionOut,
    ActionPage,
    ActionQuery,
    Catalogue,
    IssueCount,
    IssueDetail,
    IssueIn,
    IssuePage,
    IssueQuery,
    RevealIn,
    RevealReceipt,
)

bp = Api("issues", __name__)
shelf.register("issue", Issue, P.ISSUE_READ)
shelf.register("issue_action", IssueAction, P.ISSUE_READ)
postings.register(count=handover.count, hand_over=handover.hand_over)
for held in moves.HELD:
    holds.register(held)


@bp.put_record("/issues/<uuid:id>", allow=P.POSTING_LOG, model=Issue, takes=IssueIn)
def put_issue(who: Who, told: Told, data: dict[str, Any]) -> Issue:
    """The posting is locked against its own end, or the issue could miss the hand-over."""
    mine = who.all(Posting).where(Posting.id == data.pop("posting_id"))
    posting = fetch_row(mine.with_for_update(read=True))
    verb = service.log_issue if told.before is None else service.correct_issue
    return verb(who, posting, told, **data)


@bp.put_record("/issue-actions/<uuid:id>", allow=P.ISSUE_ACT, model=IssueAction, takes=ActionIn)
def put_action(who: Who, told: Told, data: dict[str, Any]) -> IssueAction:
    mine = who.all(Issue).where(Issue.id == data.pop("issue_id"))
    issue = fetch_row(mine.with_for_update())
    if told.before is not None:
        return service.correct_step(who, issue, told, **data)
    ours = issue.owner_id == who.actor.id
    posting_id = issue.posting_id if ours else issue.former_posting_id
    posting = who.using(P.POSTING_LOG).fetch(Posting, posting_id)
    return service.take_step(who, issue, posting, told, **data)


@bp.put_record(
    "/contact-reveals/<uuid:id>",
    allow=P.CONTACT_REVEAL,
    model=ContactReveal,
    takes=RevealIn,
    gives=RevealReceipt,
)
def put_reveal(who: Who, told: Told, data: dict[str, Any]) -> ContactReveal:
    contact = who.fetch(IssueContact, data.pop("issue_id"))
    return service.reveal_contact(who, contact, told, **data)


@bp.get("/issues", allow=P.ISSUE_READ, query=IssueQuery, gives=IssuePage)
def issues(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = _with_names(who)
    if state := query.pop("state", None):
        rows = rows.where(
            Issue.state != State.RESOLVED if state == "open" else Issue.state == state
        )
    if posting_id := query.pop("posting_id", None):
        rows = rows.where(Issue.posting_id == posting_id)
    if q := query.pop("q", None):
        texts = (Issue.what, Issue.more, Issue.place_words)
        rows = rows.where(or_(*(text.icontains(q, autoescape=True) for text in texts)))
    if query.pop("lacks_photos"):
        rows = rows.where(shelf.lacking(Issue))
    found = page(rows, order=Issue.made_at, id=Issue.id, **query)
    return found | {"items": _shown(who, found["items"])}


@bp.get("/issues/<uuid:id>", allow=P.ISSUE_READ, gives=IssueDetail)
def issue(who: Who, id: uuid.UUID) -> dict[str, Any]:
    shown = _shown(who, [fetch_row(_with_names(who).where(Issue.id == id))])[0]
    steps = _with_author(who).where(IssueAction.issue_id == id)
    steps = steps.order_by(IssueAction.made_at, IssueAction.id)
    return shown | {"actions": _shown_steps(list(db.session.scalars(steps)))}


@bp.get("/issues/count", allow=P.ISSUE_COUNT, gives=IssueCount)
def count_issues(who: Who) -> dict[str, Any]:
    """For the sending unit: how many its secretaries follow and solved, never what or whose."""
    rows = who.all(Issue).where(Issue.held_reason.is_(None))
    counted = rows.with_only_columns(Issue.state, func.count()).group_by(Issue.state)
    found = {row[0]: row[1] for row in db.session.execute(counted)}
    resolved = found.pop(State.RESOLVED, 0)
    return {"open": sum(found.values()), "resolved": resolved, "as_of": clock.now()}


@bp.get("/issue-actions", allow=P.ISSUE_READ, query=ActionQuery, gives=ActionPage)
def actions(who: Who, query: dict[str, Any]) -> dict[str, Any]:
    rows = _with_author(who)
    if issue_id := query.pop("issue_id", None):
        rows = rows.where(IssueAction.issue_id == issue_id)
    found = page(rows, order=IssueAction.made_at, id=IssueAction.id, **query)
    return found | {"items": _shown_steps(found["items"])}


@bp.get("/issue-actions/<uuid:id>", allow=P.ISSUE_READ, gives=ActionOut)
def action(who: Who, id: uuid.UUID) -> dict[str, Any]:
    return _shown_steps([fetch_row(_with_author(who).where(IssueAction.id == id))])[0]


@bp.get("/categories", allow=P.OWN, gives=Catalogue)
def categories(who: Who) -> dict[str, Any]:
    """The kinds of issues, for anyone signed in."""
    return {"items": catalogue.tree()}


def _with_names(who: Who) -> Select[Any]:
    posting = joinedload(Issue.posting)
    return who.all(Issue).options(
        posting.joinedload(Posting.secretary), posting.joinedload(Posting.host_unit)
    )


def _with_author(who: Who) -> Select[Any]:
    return who.all(IssueAction).options(joinedload(IssueAction.author))


def _shown(who: Who, rows: list[Issue]) -> list[dict[str, Any]]:
    """That there is a contact is told only to whom may see it."""
    ids, now = [issue.id for issue in rows], clock.now()
    photos = shelf.photos_of(ids)
    contacts = who.using(P.CONTACT_REVEAL).all(IssueContact).where(IssueContact.id.in_(ids))
    known = set(db.session.scalars(contacts.with_only_columns(IssueContact.id)))
    return [
        vars(issue)
        | {
            "secretary": issue.posting.secretary,
            "host_unit": issue.posting.host_unit,
            "category_name": catalogue.names()[issue.category],
            "has_contact": issue.id in known,
            "overdue": shows_as_overdue(state=issue.state, due_at=issue.due_at, now=now),
            "photos": photos[issue.id],
        }
        for issue in rows
    ]


def _shown_steps(rows: list[IssueAction]) -> list[dict[str, Any]]:
    photos = shelf.photos_of(action.id for action in rows)
    return [vars(action) | {"photos": photos[action.id]} for action in rows]
