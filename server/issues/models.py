import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from server.accounts.models import User
from server.core.db import Base, Scoped
from server.core.records import Recorded
from server.postings.models import Posting


class Issue(Recorded, Base):
    """民情: `owner_id` is the secretary who answers for it, `author_id` the one who wrote it down;
    after a hand-over they differ. Nothing here says which resident it is about."""

    __tablename__ = "issue"
    has_photos = True
    author_id: Mapped[uuid.UUID]
    posting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("posting.id"), index=True)
    posting: Mapped[Posting] = relationship(foreign_keys=posting_id, lazy="raise")
    # Who kept it before the hand-over: what they wrote within their term may still arrive.
    former_owner_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    former_posting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("posting.id"))
    # No foreign key: the phone may send an issue before the visit that gave birth to it.
    visit_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    category: Mapped[str] = mapped_column(String(4))
    what: Mapped[str] = mapped_column(String(200))
    more: Mapped[str] = mapped_column(String(4000))
    place_words: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(12), index=True)
    agenda: Mapped[bool]
    due_on: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(index=True)
    due_words: Mapped[str] = mapped_column(String(200))


class IssueContact(Scoped, Base):
    """The resident of one issue (the same id), each field sealed for this row and column. Only a
    reveal reads it; no list, search or export does."""

    __tablename__ = "issue_contact"
    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(400))
    phone: Mapped[str] = mapped_column(String(200))
    door: Mapped[str] = mapped_column(String(600))
    consent: Mapped[bool]
    consent_at: Mapped[datetime]


class IssueAction(Recorded, Base):
    """One step on an issue. `put_on_agenda` is what this step asked for; `agenda`, whether the
    issue is before the branch at all, is the issue's. `moved`: it has taken the issue where it
    says; a step made after the term has not until it is accepted."""

    __tablename__ = "issue_action"
    has_photos = True
    author_id: Mapped[uuid.UUID]
    author: Mapped[User] = relationship(
        primaryjoin="foreign(IssueAction.author_id) == User.id", lazy="raise", viewonly=True
    )
    issue_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("issue.id"), index=True)
    note: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str | None] = mapped_column(String(12))
    put_on_agenda: Mapped[bool]
    moved: Mapped[bool] = mapped_column(default=True)
    agenda: Mapped[bool] = column_property(
        select(Issue.agenda).where(Issue.id == issue_id).correlate_except(Issue).scalar_subquery(),
        deferred=True,
    )


class ContactReveal(Recorded, Base):
    """Who looked at a resident's contact, and why. Its receipt shows the contact once; a replay
    does not, for by then the issue may be someone else's."""

    __tablename__ = "contact_reveal"
    author_id: Mapped[uuid.UUID]
    issue_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("issue.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    receipt_extra: ClassVar[dict[str, Any]] = {"contact": None}
