from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from server.core.schemas import Day, Named, PageQuery, RecordIn, Schema, Text, one_of, page_of
from server.organizations.schemas import NameQuery

LEVELS = ("city", "county")
HOST_KINDS = ("community", "enterprise")
REASONS = ("term", "recall", "transfer", "other")
RANK_TIERS = ("county", "section", "other")


class PostingIn(RecordIn):
    secretary_id = fields.UUID(required=True)
    host_unit_id = fields.UUID(required=True)
    sending_unit_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    dispatch_level = fields.String(required=True, validate=one_of(*LEVELS))
    cohort = Text(20, least=1, required=True)
    start_on = Day(required=True)
    end_on = Day(load_default=None, allow_none=True)

    @validates_schema
    def ends_after_it_starts(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("end_on") and data["end_on"] < data["start_on"]:
            raise ValidationError("任期届满早于任职日期", "end_on")


class PostingEndIn(RecordIn):
    posting_id = fields.UUID(required=True)
    ended_on = Day(required=True)
    reason = fields.String(required=True, validate=one_of(*REASONS))
    note = Text(500, load_default="")
    successor_posting_id = fields.UUID(load_default=None, allow_none=True)


class HostUnitBrief(Named):
    kind = fields.String(required=True, validate=one_of(*HOST_KINDS))


class PostingOut(Schema):
    """`etag` is the stored digest: what If-Match names in a correction."""

    id = fields.UUID(required=True)
    secretary = fields.Nested(Named, required=True)
    host_unit = fields.Nested(HostUnitBrief, required=True)
    sending_unit = fields.Nested(Named, required=True)
    branch = fields.Nested(Named, required=True)
    area_path = fields.String(required=True)
    dispatch_level = fields.String(required=True, validate=one_of(*LEVELS))
    cohort = fields.String(required=True)
    start_on = Day(required=True)
    end_on = Day(required=True, allow_none=True)
    ended_on = Day(required=True, allow_none=True)
    state = fields.String(required=True, validate=one_of("active", "ended"))
    etag = fields.String(required=True, attribute="digest")


PostingPage = page_of(PostingOut)


class PostingQuery(NameQuery):
    state = fields.String(validate=one_of("active", "ended"))
    secretary_id = fields.UUID()


class PostingEndOut(Schema):
    """For the organizer alone: a recall is nobody else's to read."""

    id = fields.UUID(required=True)
    posting_id = fields.UUID(required=True)
    ended_on = Day(required=True)
    reason = fields.String(required=True, validate=one_of(*REASONS))
    note = fields.String(required=True)
    successor_posting_id = fields.UUID(required=True, allow_none=True)
    handed_over = fields.Integer(required=True)
    made_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    digest = fields.String(required=True)


PostingEndPage = page_of(PostingEndOut)


class PostingEndQuery(PageQuery):
    posting_id = fields.UUID()


class PersonBrief(Named):
    """A secretary as lists show them; the units are those of the posting held now."""

    rank_tier = fields.String(required=True, allow_none=True, validate=one_of(*RANK_TIERS))
    area_path = fields.String(required=True)
    posting_id = fields.UUID(required=True, allow_none=True)
    branch = fields.Nested(Named, required=True, allow_none=True)
    host_unit = fields.Nested(HostUnitBrief, required=True, allow_none=True)
    sending_unit = fields.Nested(Named, required=True, allow_none=True)


PersonPage = page_of(PersonBrief)


class BranchOut(Named):
    area_path = fields.String(required=True)
    level = fields.String(required=True, validate=one_of(*LEVELS))
    members = fields.Integer(required=True)


BranchPage = page_of(BranchOut)


class Point(Schema):
    """Where a unit stands, in degrees of WGS-84: a public place, never a person's."""

    latitude = fields.Float(required=True)
    longitude = fields.Float(required=True)
    datum = fields.String(required=True, validate=one_of("wgs84"))


class HostUnitOut(HostUnitBrief):
    area_path = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    secretaries = fields.Integer(required=True)
    place = fields.Nested(Point, required=True, allow_none=True)


HostUnitPage = page_of(HostUnitOut)


class HostUnitQuery(NameQuery):
    """`covered`: whether a secretary serves there now."""

    kind = fields.String(validate=one_of(*HOST_KINDS))
    covered = fields.Boolean()
