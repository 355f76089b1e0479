from datetime import date
from typing import Any

from marshmallow import fields, validate

from server.core.schemas import (
    Day,
    Named,
    PageQuery,
    RecordIn,
    Schema,
    Text,
    listed_photos,
    number,
    one_of,
    page_of,
)
from server.photos.schemas import PhotoBrief

HOLDERS = ("sending_unit", "branch", "organizer")
STATES = ("done", "due", "overdue")


class FulfilmentIn(RecordIn):
    duty = fields.String(required=True, validate=validate.Length(1, 30, error="没有这一项责任"))
    posting_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, 100, error="请选择 1 至 100 位书记"),
    )
    held_on = Day(required=True)
    leader_id = fields.UUID(load_default=None, allow_none=True)
    notes = Text(2000, load_default="")
    photos = listed_photos()


class FulfilmentVoidIn(RecordIn):
    reason = Text(200, least=2, required=True)


class Whom(Schema):
    """One posting of a fulfilment; `counts`: the day lay within its term."""

    posting_id = fields.UUID(required=True)
    secretary = fields.Nested(Named, required=True)
    counts = fields.Boolean(required=True)


class FulfilmentOut(Schema):
    """Only for the unit itself and the organization department: `notes` are theirs."""

    id = fields.UUID(required=True)
    duty = fields.String(required=True)
    title = fields.String(required=True)
    held_on = fields.Date(required=True)
    leader_id = fields.UUID(required=True, allow_none=True)
    leader_name = fields.String(required=True)
    leader_post = fields.String(required=True)
    notes = fields.String(required=True)
    counts = fields.Boolean(required=True)
    labels = fields.List(fields.String(), required=True)
    postings = fields.List(fields.Nested(Whom), required=True)
    photos = fields.List(fields.Nested(PhotoBrief), required=True)
    voided = fields.Boolean(required=True)
    void_reason = fields.String(required=True, allow_none=True)
    mine = fields.Boolean(required=True)
    can_void = fields.Boolean(required=True)
    made_at = fields.AwareDateTime(required=True)
    digest = fields.String(required=True)


FulfilmentPage = page_of(FulfilmentOut)


class FulfilmentQuery(PageQuery):
    duty = fields.String(validate=validate.Length(max=30, error="太长"))
    sending_unit_id = fields.UUID()


class Fulfilled(Schema):
    """What a secretary may know: that it was held, and when."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    held_on = fields.Date(required=True)


FulfilledPage = page_of(Fulfilled)


class Subject(Schema):
    """Whom it is owed for: a posting, or the branch itself."""

    posting_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    host_unit = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True)
    owed = fields.Integer(required=True)
    done = fields.Integer(required=True)


class DutyOut(Schema):
    """One duty in one period. `can_note`: the holder notes it; else it is counted from what people
    do anyway."""

    duty = fields.String(required=True)
    title = fields.String(required=True)
    holder = fields.String(required=True, validate=one_of(*HOLDERS))
    can_note = fields.Boolean(required=True)
    by = fields.List(fields.String(), required=True)
    by_words = fields.String(required=True)
    confidential = fields.Boolean(required=True)
    period = fields.String(required=True)
    period_words = fields.String(required=True)
    due_on = fields.Date(required=True)
    owed = fields.Integer(required=True)
    done = fields.Integer(required=True)
    state = fields.String(required=True, validate=one_of(*STATES))
    subjects = fields.List(fields.Nested(Subject), required=True)


class DutyPage(Schema):
    """All of them at once: `next` is always null."""

    items = fields.List(fields.Nested(DutyOut), required=True)
    next = fields.String(required=True, allow_none=True)
    as_of = fields.AwareDateTime(required=True)


class YearQuery(Schema):
    year = fields.Integer(validate=number(2000, 2100))


class BoardQuery(YearQuery):
    holder = fields.String(load_default="sending_unit", validate=one_of("sending_unit", "branch"))
    q = Text(40, load_default="")


class Cell(Schema):
    """Of what falls due in that period; `overdue` counts what is missing, names nobody."""

    period = fields.String(required=True)
    owed = fields.Integer(required=True)
    done = fields.Integer(required=True)
    overdue = fields.Integer(required=True)


class BoardRow(Schema):
    unit = fields.Nested(Named, required=True)
    postings = fields.Integer(required=True)
    cells = fields.List(fields.Nested(Cell), required=True)


class Board(Schema):
    """Units by name, never by how much they did. All at once: `next` is always null."""

    year = fields.Integer(required=True)
    as_of = fields.AwareDateTime(required=True)
    columns = fields.List(fields.String(), required=True)
    totals = fields.List(fields.Nested(Cell), required=True)
    items = fields.List(fields.Nested(BoardRow), required=True)
    next = fields.String(required=True, allow_none=True)


class UnitDuty(Schema):
    duty = fields.String(required=True)
    title = fields.String(required=True)
    cells = fields.List(fields.Nested(Cell), required=True)


class UnitBoard(Schema):
    """One unit, by duty and period: counts only."""

    unit = fields.Nested(Named, required=True)
    year = fields.Integer(required=True)
    as_of = fields.AwareDateTime(required=True)
    duties = fields.List(fields.Nested(UnitDuty), required=True)


def year_of(query: dict[str, Any], today: date) -> int:
    return int(query.get("year") or today.year)
