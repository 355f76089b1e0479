from marshmallow import fields, validate

from server.core.schemas import Day, PageQuery, RecordIn, Schema, Text, one_of, page_of

POSTS = ("principal", "personnel", "business")
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


SendingUnitPage = page_of(SendingUnitOut)


class NameQuery(PageQuery):
    """`q`: part of a name."""

    q = fields.String(validate=validate.Length(max=40, error="太长"))


class SendingUnitQuery(NameQuery):
    category = fields.String(validate=one_of(*CATEGORIES))


class UnitLeaderIn(RecordIn):
    """`post`: 主要负责同志, 分管干部人事, 分管业务. `left_on`: no longer in that post."""

    sending_unit_id = fields.UUID(required=True)
    name = Text(40, least=1, required=True)
    title = Text(60, load_default="")
    post = fields.String(required=True, validate=one_of(*POSTS))
    left_on = Day(load_default=None, allow_none=True)


class UnitLeaderOut(Schema):
    id = fields.UUID(required=True)
    sending_unit_id = fields.UUID(required=True)
    name = fields.String(required=True)
    title = fields.String(required=True)
    post = fields.String(required=True, validate=one_of(*POSTS))
    left_on = fields.Date(required=True, allow_none=True)
    digest = fields.String(required=True)


UnitLeaderPage = page_of(UnitLeaderOut)


class UnitLeaderQuery(PageQuery):
    sending_unit_id = fields.UUID()
