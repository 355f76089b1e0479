"""Everything owed, computed anew each time from postings and evidence: a fixed number of questions,
however many postings."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from server.accounts.models import User
from server.core.areas import CITY
from server.core.db import db
from server.core.settings import rules as numbers
from server.organizations.models import HostUnit
from server.postings.models import Posting

from . import evidence
from .rules import Duty, Owed, Span, duty_of, reckon


class Post(NamedTuple):
    """What of a posting matters to a duty, with the names a holder reads."""

    id: uuid.UUID
    secretary_id: uuid.UUID
    secretary: str
    host_unit: str
    sending_unit_id: uuid.UUID
    branch_id: uuid.UUID
    area_path: str
    dispatch_level: str
    start_on: date
    end_on: date | None
    ended_on: date | None


def duties(holder: str | None = None) -> list[Duty]:
    """Those of one kind of holder, or all, in the order of config/rules.toml."""
    found = [duty_of(code, told) for code, told in numbers()["duty"].items()]
    return [duty for duty in found if holder in (None, duty.holder)]


def posts(*where: ColumnElement[bool]) -> list[Post]:
    columns = (
        Posting.id,
        Posting.owner_id,
        User.name,
        HostUnit.name,
        Posting.sending_unit_id,
        Posting.branch_id,
        Posting.area_path,
        Posting.dispatch_level,
        Posting.start_on,
        Posting.end_on,
        Posting.ended_on,
    )
    query = (
        select(*columns)
        .join(User, User.id == Posting.owner_id)
        .join(HostUnit, HostUnit.id == Posting.host_unit_id)
        .where(*where)
        .order_by(User.name, Posting.id)
    )
    return [Post._make(row) for row in db.session.execute(query)]


def holder_of(duty: Duty, post: Post) -> Any:
    """The unit, the branch, or the path of the organization department that sent the person."""
    if duty.holder == "sending_unit":
        return post.sending_unit_id
    if duty.holder == "branch":
        return post.branch_id
    return CITY if post.dispatch_level == "city" else post.area_path


def owed(
    found: list[Post], which: list[Duty], *, first: date, last: date
) -> list[tuple[Any, Owed]]:
    """Holder and what it owes in periods that end between the two days."""
    share = numbers()["duties"]["cover_share"]
    first = max(first, numbers()["duties"]["since"])
    since = min([first, *(post.start_on for post in found)], default=first)
    ids, branches = [post.id for post in found], list({post.branch_id for post in found})
    held = evidence.held(which, ids, branches, since)
    of_posts = [Span(post.id, post.start_on, post.ended_on, post.end_on) for post in found]
    of_branches = _branch_spans(found)
    by_id = {post.id: post for post in found}
    rows = []
    for duty in which:
        spans = of_posts if duty.per == "posting" else of_branches
        days = held.get(duty.code, {})
        for one in reckon(duty, spans, days, first=first, last=last, share=share):
            per_post = duty.per == "posting"
            rows.append((holder_of(duty, by_id[one.subject]) if per_post else one.subject, one))
    return rows


def _branch_spans(found: Iterable[Post]) -> list[Span]:
    """A branch stands from its first posting on, until the last one ended."""
    members = defaultdict(list)
    for post in found:
        members[post.branch_id].append(post)
    spans = []
    for branch_id, ones in members.items():
        ends = [post.ended_on for post in ones]
        last = None if None in ends else max(end for end in ends if end)
        spans.append(Span(branch_id, min(post.start_on for post in ones), last))
    return spans
