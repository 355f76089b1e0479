from marshmallow import fields

from server.core.schemas import Named, PageQuery, Schema, one_of, page_of


class FindingOut(Schema):
    level = fields.String(required=True, validate=one_of("ok", "warn", "bad"))
    what = fields.String(required=True)
    advice = fields.String(required=True)


class JobOut(Schema):
    name = fields.String(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class Bells(Schema):
    waiting = fields.Integer(required=True)
    rung = fields.Integer(required=True)
    unsure = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    expired = fields.Integer(required=True)


class SystemOut(Schema):
    """The machine, in sentences first; then what they rest on."""

    as_of = fields.AwareDateTime(required=True)
    version = fields.String(required=True)
    database = fields.String(required=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)
    bells = fields.Nested(Bells, required=True)
    jobs = fields.List(fields.Nested(JobOut), required=True)


class DeliveryOut(Schema):
    id = fields.UUID(required=True)
    begun_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    channel = fields.String(required=True)
    words = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    person = fields.Nested(Named, required=True)


DeliveryPage = page_of(DeliveryOut)


class DeliveryQuery(PageQuery):
    """`failed`: only what did not go well."""

    failed = fields.Boolean(load_default=False)
