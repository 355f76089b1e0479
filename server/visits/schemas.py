from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from server.core.schemas import (
    Day,
    Instant,
    Named,
    PageQuery,
    RecordIn,
    Schema,
    Text,
    Whole,
    listed_photos,
    number,
    one_of,
    page_of,
)
from server.photos.schemas import PhotoBrief

KINDS = ("household", "enterprise", "member", "unit")


class PlaceIn(Schema):
    """One fix, attached by the person; judged at once and then dropped."""

    latitude = fields.Float(required=True, validate=number(-90, 90))
    longitude = fields.Float(required=True, validate=number(-180, 180))
    accuracy = fields.Float(required=True, validate=number(0, 100_000))
    fixed_at = Instant(required=True)
    datum = fields.String(required=True, validate=one_of("wgs84"))


class VisitIn(RecordIn):
    posting_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=one_of(*KINDS))
    whom = Text(100, load_default="")
    households = Whole(load_default=None, allow_none=True, validate=number(1, 9999))
    said = Text(2000, load_default="")
    started_at = Instant(load_default=None, allow_none=True)
    ended_at = Instant(load_default=None, allow_none=True)
    place = fields.Nested(PlaceIn, load_default=None, allow_none=True)
    revisit_on = Day(load_default=None, allow_none=True)
    photos = listed_photos()

    @validates_schema
    def ends_after_it_starts(self, data: dict[str, Any], **_: Any) -> None:
        started, ended = data.get("started_at"), data.get("ended_at")
        if started and ended and ended < started:
            raise ValidationError("结束时间早于开始时间", "ended_at")


class VoidIn(RecordIn):
    reason = Text(200, least=2, required=True)


class VisitOut(Schema):
    id = fields.UUID(required=True)
    posting_id = fields.UUID(required=True)
    secretary = fields.Nested(Named, required=True)
    host_unit = fields.Nested(Named, required=True)
    kind = fields.String(required=True, validate=one_of(*KINDS))
    whom = fields.String(required=True)
    households = fields.Integer(required=True, allow_none=True)
    said = fields.String(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    place = fields.String(required=True, allow_none=True)
    revisit_on = fields.Date(required=True, allow_none=True)
    made_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    labels = fields.List(fields.String(), required=True)
    state = fields.String(required=True)
    held_reason = fields.String(required=True, allow_none=True)
    returned = fields.String(required=True, allow_none=True)
    voided = fields.Boolean(required=True)
    void_reason = fields.String(required=True, allow_none=True)
    photos = fields.List(fields.Nested(PhotoBrief), required=True)
    digest = fields.String(required=True)


VisitPage = page_of(VisitOut)


class VisitQuery(PageQuery):
    """`lacks_photos`: those whose photos have not all arrived."""

    since = Instant(data_key="from")
    until = Instant()
    lacks_photos = fields.Boolean(load_default=False)


class Count(Schema):
    count = fields.Integer(required=True)
    as_of = fields.AwareDateTime(required=True)
