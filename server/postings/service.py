from datetime import timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import select

from server.accounts import service as accounts
from server.accounts.models import User
from server.core import clock, records
from server.core.access import Who
from server.core.audit import audited
from server.core.db import db
from server.core.errors import Invalid, StateConflict
from server.core.records import Told
from server.core.settings import rules as numbers
from server.organizations.models import HostUnit, SendingUnit, TemporaryBranch

from . import handover, rules
from .models import Posting, PostingEnd
from .queries import active


class Post(NamedTuple):
    """Who goes where, sent by whom, into which branch: all within the organizer's reach."""

    secretary: User
    host_unit: HostUnit
    sending_unit: SendingUnit
    branch: TemporaryBranch

    @property
    def units(self) -> dict[str, Any]:
        """The scope of everything done at this post. The host's county decides whose it is."""
        return {
            "branch_id": self.branch.id,
            "host_unit_id": self.host_unit.id,
            "sending_unit_id": self.sending_unit.id,
            "area_path": self.host_unit.area_path,
        }


@audited("posting.log")
def log_posting(who: Who, post: Post, told: Told, **said: Any) -> Posting:
    """Send a person: from now on their account reaches what the post reaches."""
    _refuse_unfit(post.secretary)
    return _keep(who, post, told, **said)


@audited("posting.correct")
def correct_posting(who: Who, post: Post, told: Told, **said: Any) -> Posting:
    """Dates, cohort and branch may be put right. Another person or place is another posting: the
    records made at this one stay where they were made."""
    before = told.before
    if before.ended_on:
        raise StateConflict("这次选派已经结束，不能再更正")
    if (before.owner_id, before.host_unit_id) != (post.secretary.id, post.host_unit.id):
        raise StateConflict("人选和任职单位不能更正，请结束这次选派后另行选派")
    return _keep(who, post, told, **said)


@audited("posting.end")
def end_posting(
    who: Who, posting: Posting, successor: Posting | None, told: Told, **said: Any
) -> PostingEnd:
    """Ends the posting, not the account, and passes on what is open, all in one transaction."""
    _refuse_day(posting, said)
    still_open = handover.count(posting)
    if fault := rules.why_open(open_issues=still_open, has_successor=successor is not None):
        raise StateConflict(fault)
    moved = handover.hand_over(who, posting, successor, told) if successor else 0
    end = _keep_end(who, posting, told, successor=successor, handed_over=moved, **said)
    end.audit_detail = {"posting": str(posting.id), "handed_over": moved}  # type: ignore[attr-defined]
    return end


@audited("posting_end.correct")
def correct_posting_end(
    who: Who, posting: Posting, successor: Posting | None, told: Told, **said: Any
) -> PostingEnd:
    """The day, the reason or the note was wrong. What was handed over stays with who has it."""
    before = told.before
    if (before.posting_id, before.successor_posting_id) != (posting.id, successor and successor.id):
        raise StateConflict("接任的同志已经接手，不能在这里更换")
    _refuse_day(posting, said)
    return _keep_end(
        who, posting, told, successor=successor, handed_over=before.handed_over, **said
    )


def _keep(who: Who, post: Post, told: Told, **said: Any) -> Posting:
    if not rules.covers(post.branch.area_path, post.host_unit.area_path):
        raise Invalid(fields={"branch_id": ["这个支部不在任职单位所在的县区"]})
    scope = {"owner_id": post.secretary.id, **post.units}
    posting = records.keep(
        Posting, told, scope=SimpleNamespace(**scope), author_id=who.actor.id, **post.units, **said
    )
    accounts.take_post(who, post.secretary, **post.units)
    return posting


def _keep_end(
    who: Who, posting: Posting, told: Told, *, successor: Posting | None, **said: Any
) -> PostingEnd:
    posting.ended_on = said["ended_on"]
    days = timedelta(days=numbers()["posting"]["send_days_after_end"])
    accounts.leave_post(who, posting.secretary, serves_until=said["ended_on"] + days)
    return records.keep(
        PostingEnd,
        told,
        scope=posting,
        author_id=who.actor.id,
        posting_id=posting.id,
        successor_posting_id=successor and successor.id,
        **said,
    )


def _refuse_unfit(secretary: User) -> None:
    serving = select(HostUnit.name).join(Posting, Posting.host_unit_id == HostUnit.id)
    fault = rules.why_not_sent(
        name=secretary.name,
        roles=set(secretary.roles),
        disabled=secretary.disabled_at is not None,
        serving_at=db.session.scalar(serving.where(Posting.owner_id == secretary.id, active())),
    )
    if fault:
        raise StateConflict(fault)


def _refuse_day(posting: Posting, said: dict[str, Any]) -> None:
    fault = rules.why_not_ended(
        ended_on=said["ended_on"], start_on=posting.start_on, today=clock.today()
    )
    if fault:
        raise Invalid(fields={"ended_on": [fault]})
