from marshmallow import fields

from server.core.schemas import PageQuery, Schema, one_of, page_of


class PhotoBrief(Schema):
    """A photo as its record shows it."""

    id = fields.UUID(required=True)
    stage = fields.String(required=True)
    state = fields.String(required=True)


class PhotoOut(PhotoBrief):
    record_id = fields.UUID(required=True)
    digest = fields.String(required=True)
    bytes = fields.Integer(required=True)
    width = fields.Integer(required=True, allow_none=True)
    height = fields.Integer(required=True, allow_none=True)


PhotoPage = page_of(PhotoOut)


class PhotoQuery(PageQuery):
    record_id = fields.UUID()


class SizeQuery(Schema):
    size = fields.String(load_default="1600", validate=one_of(320, 1600))
