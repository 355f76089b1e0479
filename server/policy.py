"""Who may do what to which rows: the whole answer, on one page.

An entry is a where-clause per role: the same clause filters a list and fetches one row, so what is
out of reach does not exist (404). The table it renders stands in docs/permissions.md."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from server.core.access import Actor, Clause, P, Role

Yes = ColumnElement[bool]


def own(actor: Actor, rows: Any) -> Yes:
    """The rows a person made or owns; for a table of people, the person."""
    return (rows.owner_id if hasattr(rows, "owner_id") else rows.id) == actor.id


def kept(actor: Actor, rows: Any) -> Yes:
    """Issues a person answers for, or did before a hand-over: what was done may still arrive."""
    return or_(own(actor, rows), rows.former_owner_id == actor.id)


def branch(actor: Actor, rows: Any) -> Yes:
    return rows.branch_id == actor.branch_id


def agenda(actor: Actor, rows: Any) -> Yes:
    """Of the branch's issues, those put on an agenda."""
    return and_(rows.branch_id == actor.branch_id, rows.agenda.is_(True))


def host(actor: Actor, rows: Any) -> Yes:
    return rows.host_unit_id == actor.host_unit_id


def hosted(actor: Actor, rows: Any) -> Yes:
    """What happened at the branch's meetings: its lead knows who was there."""
    return branch(actor, rows) if hasattr(rows, "meeting_id") else false()


def sending(actor: Actor, rows: Any) -> Yes:
    return rows.sending_unit_id == actor.sending_unit_id


def area(actor: Actor, rows: Any) -> Yes:
    path = actor.area_path  # ends in "/", whose successor is "0": a range, so the index is used
    return and_(rows.area_path >= path, rows.area_path < path[:-1] + "0")


def this_branch(actor: Actor, rows: Any) -> Yes:
    return rows.id == actor.branch_id


def this_host(actor: Actor, rows: Any) -> Yes:
    return rows.id == actor.host_unit_id


def this_sending(actor: Actor, rows: Any) -> Yes:
    return rows.id == actor.sending_unit_id


def anyone(actor: Actor, rows: Any) -> Yes:
    return true()


def unit_noted(actor: Actor, rows: Any) -> Yes:
    """What the sending unit noted of its secretaries."""
    links = rows.touching
    yes: Yes = links(lambda link: and_(sending(actor, link), link.holder == "sending_unit"))
    return yes


def branch_noted(actor: Actor, rows: Any) -> Yes:
    """What the branch noted of its members; a talk with the sending unit is not the branch's."""
    yes: Yes = rows.touching(lambda link: and_(branch(actor, link), link.holder == "branch"))
    return yes


def area_noted(actor: Actor, rows: Any) -> Yes:
    yes: Yes = rows.touching(lambda link: area(actor, link))
    return yes


def unit_owned(actor: Actor, rows: Any) -> Yes:
    """Of what a secretary may know: what their sending unit held."""
    return and_(own(actor, rows), rows.holder == "sending_unit", rows.counts)


def posted(actor: Actor, rows: Any) -> Yes:
    """People of the organizer's area: those with a post or an account made for one, never an
    administrator."""
    return and_(area(actor, rows), or_(rows.branch_id.is_not(None), rows.holds(Role.SECRETARY)))


SECRETARY, LEAD = Role.SECRETARY, Role.BRANCH_LEAD
SENDING, HOST = Role.SENDING_UNIT_OFFICER, Role.HOST_OFFICER
ORGANIZER, ADMIN = Role.ORGANIZER, Role.ADMINISTRATOR

EVERYONE: dict[Role, Clause] = dict.fromkeys(Role, own)

POLICY: dict[P, dict[Role, Clause]] = {
    P.ACCOUNT_MANAGE: {ADMIN: anyone},
    P.BRANCH_READ: {SECRETARY: this_branch, LEAD: this_branch, ORGANIZER: area, ADMIN: anyone},
    P.CHECKIN_READ: {SECRETARY: own, LEAD: branch, ORGANIZER: area},
    P.CHECKIN_SEND: {SECRETARY: own, LEAD: branch},
    P.CONTACT_REVEAL: {SECRETARY: own},
    P.DEVICE_READ: {ADMIN: anyone},
    P.DUTY_COUNT: {ORGANIZER: area},
    P.DUTY_READ: {LEAD: branch, SENDING: sending, ORGANIZER: area},
    P.FEEDBACK_READ: {ADMIN: anyone},
    P.FULFILLED_READ: {SECRETARY: unit_owned},
    P.FULFILMENT_NOTE: {LEAD: branch, SENDING: sending, ORGANIZER: area},
    P.FULFILMENT_READ: {LEAD: branch_noted, SENDING: unit_noted, ORGANIZER: area_noted},
    P.HELD_DECIDE: {LEAD: hosted, ORGANIZER: area},
    P.HOST_UNIT_READ: {SECRETARY: this_host, HOST: this_host, ORGANIZER: area, ADMIN: anyone},
    P.ISSUE_ACT: {SECRETARY: kept},
    P.ISSUE_COUNT: {SENDING: sending},
    P.ISSUE_READ: {SECRETARY: own, LEAD: agenda, HOST: host, ORGANIZER: area},
    P.LEADER_LOG: {SENDING: sending, ORGANIZER: area},
    P.LEADER_READ: {SENDING: sending, ORGANIZER: area},
    P.MEETING_HOST: {LEAD: branch},
    P.MEETING_READ: {SECRETARY: branch, LEAD: branch, ORGANIZER: area},
    P.OWN: EVERYONE,
    P.PERSON_READ: {SECRETARY: own, LEAD: branch, HOST: host, SENDING: sending, ORGANIZER: posted},
    P.PHOTO_READ: EVERYONE,
    P.PHOTO_SEND: {SECRETARY: own, LEAD: own, SENDING: own, ORGANIZER: own},
    P.POSTING_LOG: {SECRETARY: own},
    P.POSTING_MANAGE: {ORGANIZER: area},
    P.POSTING_READ: {SECRETARY: own, LEAD: branch, HOST: host, SENDING: sending, ORGANIZER: area},
    P.REMINDER_READ: EVERYONE,
    P.ROSTER_READ: {LEAD: branch, ORGANIZER: area},
    P.SENDING_UNIT_READ: {SENDING: this_sending, ORGANIZER: area, ADMIN: anyone},
    P.SYSTEM_READ: {ADMIN: anyone},
    P.VISIT_COUNT: {SENDING: sending},
    P.VISIT_READ: {SECRETARY: own, ORGANIZER: area},
    P.VISIT_VOID: {SECRETARY: own},
}
