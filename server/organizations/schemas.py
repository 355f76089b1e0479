from marshmallow import fields, validate

from server.core.schemas import PageQuery, Schema, one_of

CATEGORIES = ("party_mass", "government", "institution", "enterprise")


class ListedArea(Schema):
    path = fields.String(required=True)
    name = fields.String(required=True)
    code = fields.String(required=True)
    kind = fields.String(required=True, validate=one_of("city", "county", "zone"))


class AreaPage(Schema):
    """All of them at once: `next` is always null."""

    items = fields.List(fields.Nested(ListedArea), required=True)
    next = fields.String(required=True, allow_none=True)


class SendingUnitOut(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True, validate=one_of(*CATEGORIES))
    area_path = fields.String(required=True)


class SendingUnitPage(Schema):
    items = fields.List(fields.Nested(SendingUnitOut), required=True)
    next = fields.String(required=True, allow_none=True)


class NameQuery(PageQuery):
    """`q`: part of a name."""

    q = fields.String(validate=validate.Length(max=40, error="太长"))


class SendingUnitQuery(NameQuery):
    category = fields.String(validate=one_of(*CATEGORIES))
