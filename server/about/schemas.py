from marshmallow import fields

from server.core.schemas import BIG, Instant, Schema, Text, Whole, number, page_of


class PrivacyOut(Schema):
    title = fields.String(required=True)
    text = fields.String(required=True)


class AboutOut(Schema):
    """`trial`: the app is not filed yet, and says so on a banner (国办函〔2026〕12号)."""

    host_unit = fields.String(required=True)
    filing_number = fields.String(required=True, allow_none=True)
    trial = fields.Boolean(required=True)
    version = fields.String(required=True)
    contact = fields.String(required=True)
    privacy = fields.List(fields.Nested(PrivacyOut), required=True)


class FeedbackIn(Schema):
    """The phone may send it through its outbox: made_at, seq and salt are taken and not kept."""

    text = Text(2000, least=1, required=True)
    contact = Text(100, load_default="")
    made_at = Instant()
    seq = Whole(validate=number(0, BIG))
    salt = fields.String()


class FeedbackReceipt(Schema):
    id = fields.UUID(required=True)
    received_at = fields.AwareDateTime(required=True)


class FeedbackOut(FeedbackReceipt):
    text = fields.String(required=True)
    contact = fields.String(required=True)


FeedbackPage = page_of(FeedbackOut)
