from marshmallow import fields

from server.core.schemas import Instant, PageQuery, Schema


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
    snoozed_until = fields.AwareDateTime(required=True, allow_none=True)


class Inbox(Schema):
    """`unseen`: how many are neither seen, snoozed nor expired, over all pages: the number on the
    badge."""

    items = fields.List(fields.Nested(ReminderOut), required=True)
    next = fields.String(required=True, allow_none=True)
    unseen = fields.Integer(required=True)


class InboxQuery(PageQuery):
    pass


class SeenIn(Schema):
    seen = fields.Boolean(required=True)


class SnoozeIn(Schema):
    until = Instant(required=True)


class Choice(Schema):
    """One kind of reminder: its words, whether it rings for this person, and what the city set."""

    kind = fields.String(required=True)
    words = fields.String(required=True)
    rings = fields.Boolean(required=True)
    default = fields.Boolean(required=True)


class ChoicePage(Schema):
    """All of them at once: `next` is always null."""

    items = fields.List(fields.Nested(Choice), required=True)
    next = fields.String(required=True, allow_none=True)


class ChoiceIn(Schema):
    rings = fields.Boolean(required=True)


class FeedOut(Schema):
    """Where a calendar program asks; null while there is none."""

    url = fields.String(required=True, allow_none=True)
