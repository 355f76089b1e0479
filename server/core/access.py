"""Who is asking, and which rows that lets them reach. The table itself is server/policy.py."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from flask_login import UserMixin
from sqlalchemy import ColumnElement, Select, false, or_, select

from .db import db
from .errors import NotFound

Row = TypeVar("Row")
Clause = Callable[["Actor", Any], ColumnElement[bool]]


class Role(StrEnum):
    SECRETARY = "secretary"
    BRANCH_LEAD = "branch_lead"
    SENDING_UNIT_OFFICER = "sending_unit_officer"
    HOST_OFFICER = "host_officer"
    ORGANIZER = "organizer"
    DISCIPLINE_OFFICER = "discipline_officer"
    ADMINISTRATOR = "administrator"


class P(StrEnum):
    """Every permission there is: <thing>.<verb>, alphabetical."""

    ACCOUNT_MANAGE = "account.manage"
    BRANCH_READ = "branch.read"
    CHECKIN_READ = "checkin.read"
    CHECKIN_SEND = "checkin.send"
    CONTACT_REVEAL = "contact.reveal"
    DEVICE_READ = "device.read"
    DUTY_COUNT = "duty.count"
    DUTY_READ = "duty.read"
    FEEDBACK_READ = "feedback.read"
    FULFILLED_READ = "fulfilled.read"
    FULFILMENT_NOTE = "fulfilment.note"
    FULFILMENT_READ = "fulfilment.read"
    HELD_DECIDE = "held.decide"
    HOST_UNIT_READ = "host_unit.read"
    ISSUE_ACT = "issue.act"
    ISSUE_COUNT = "issue.count"
    ISSUE_READ = "issue.read"
    LEADER_LOG = "leader.log"
    LEADER_READ = "leader.read"
    MEETING_HOST = "meeting.host"
    MEETING_READ = "meeting.read"
    OWN = "own"
    PERSON_READ = "person.read"
    PHOTO_READ = "photo.read"
    PHOTO_SEND = "photo.send"
    POSTING_LOG = "posting.log"
    POSTING_MANAGE = "posting.manage"
    POSTING_READ = "posting.read"
    REMINDER_READ = "reminder.read"
    ROSTER_READ = "roster.read"
    SENDING_UNIT_READ = "sending_unit.read"
    SYSTEM_READ = "system.read"
    VISIT_COUNT = "visit.count"
    VISIT_READ = "visit.read"
    VISIT_VOID = "visit.void"


@dataclass(frozen=True)
class Actor(UserMixin):
    """The person behind a session, as policy needs to know them."""

    id: uuid.UUID
    name: str
    roles: frozenset[Role]
    area_path: str = ""
    branch_id: uuid.UUID | None = None
    host_unit_id: uuid.UUID | None = None
    sending_unit_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Who:
    """An actor using one permission. Rows out of reach do not exist for them."""

    actor: Actor
    permission: P
    policy: Mapping[P, Mapping[Role, Clause]]

    def using(self, permission: P) -> "Who":
        return Who(self.actor, permission, self.policy)

    def reach(self, model: Any) -> ColumnElement[bool]:
        grants = self.policy[self.permission]
        clauses = [
            clause(self.actor, model) for role, clause in grants.items() if role in self.actor.roles
        ]
        return or_(false(), *clauses)

    def may(self) -> bool:
        """Whether this permission is for anyone like them at all; which rows, `reach` says."""
        return not self.actor.roles.isdisjoint(self.policy[self.permission])

    def insist(self) -> None:
        """For what is no list of rows: to everyone else it does not exist."""
        if not self.may():
            raise NotFound

    def all(self, model: type[Row]) -> Select[Any]:
        return select(model).where(self.reach(model))

    def find(self, model: type[Row], id: uuid.UUID | None) -> Row | None:
        """One row within reach, or nothing."""
        return db.session.scalar(self.all(model).where(model.id == id))  # type: ignore[attr-defined]

    def fetch(self, model: type[Row], id: uuid.UUID | None) -> Row:
        row = self.find(model, id)
        if row is None:
            raise NotFound
        return row
