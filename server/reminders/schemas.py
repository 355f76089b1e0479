from marshmallow import fields

from server.core.schemas import PageQuery, Schema


class ReminderOut(Schema):
    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    link = fields.String(required=True)
    about_id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    expired = fields.Boolean(required=True)
    seen = fields.Boolean(required=True)


class Inbox(Schema):
    """`unseen`: how many are neither seen nor expired, over all pages: the number on the badge."""

    items = fields.List(fields.Nested(ReminderOut), required=True)
    next = fields.String(required=True, allow_none=True)
    unseen = fields.Integer(required=True)


class InboxQuery(PageQuery):
    pass


class SeenIn(Schema):
    seen = fields.Boolean(required=True)
