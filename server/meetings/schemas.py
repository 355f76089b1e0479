from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from server.core.schemas import (
    Instant,
    Named,
    PageQuery,
    Receipt,
    RecordIn,
    Schema,
    Text,
    one_of,
    page_of,
)

from .rules import BY_HOST, DONE, KINDS, STATE_WORDS, WAYS

TOKEN = 100


class MeetingIn(RecordIn):
    kind = fields.String(required=True, validate=one_of(*KINDS))
    title = Text(80, least=2, required=True)
    place_words = Text(100, load_default="")
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)

    @validates_schema
    def ends_after_it_starts(self, data: dict[str, Any], **_: Any) -> None:
        if data["ends_at"] <= data["starts_at"]:
            raise ValidationError("结束时间应晚于开始时间", "ends_at")


class MeetingActionIn(RecordIn):
    meeting_id = fields.UUID(required=True)
    do = fields.String(required=True, validate=one_of(*DONE))


class DisplayIn(RecordIn):
    meeting_id = fields.UUID(required=True)


class CheckinIn(RecordIn):
    """A scan is about who sends it and shows a code or a claim; the other ways name a person."""

    meeting_id = fields.UUID(load_default=None, allow_none=True)
    way = fields.String(required=True, validate=one_of(*WAYS))
    code = Text(TOKEN, load_default=None, allow_none=True)
    claim = Text(TOKEN, load_default=None, allow_none=True)
    person_id = fields.UUID(load_default=None, allow_none=True)
    note = Text(200, load_default="")

    @validates_schema
    def says_enough(self, data: dict[str, Any], **_: Any) -> None:
        if data["way"] in BY_HOST:
            missing = [name for name in ("meeting_id", "person_id") if data[name] is None]
            excess = [name for name in ("code", "claim") if data[name] is not None]
        else:
            missing = [] if data["code"] is not None or data["claim"] is not None else ["code"]
            excess = []
        if missing:
            raise ValidationError({name: ["必填"] for name in missing})
        if excess:
            raise ValidationError({name: ["这种签到方式不带此项"] for name in excess})


class ClaimIn(Schema):
    code = Text(TOKEN, required=True)


class MeetingBrief(Schema):
    id = fields.UUID(required=True)
    title = fields.String(required=True)


class ClaimOut(Schema):
    claim = fields.String(required=True)
    meeting = fields.Nested(MeetingBrief, required=True)
    expires_at = fields.AwareDateTime(required=True)
    server_time = fields.AwareDateTime(required=True)


class CheckinReceipt(Receipt):
    """`at`: since when the person counts as present, as of this event; null while none counts."""

    already = fields.Boolean(required=True)
    at = fields.AwareDateTime(required=True, allow_none=True)


class DisplayReceipt(Receipt):
    """With it a screen draws `prefix + meeting 8 + slot 7 + display 2 + mac 16` by itself."""

    display = fields.String(required=True)
    meeting_code = fields.String(required=True)
    key = fields.String(required=True)
    prefix = fields.String(required=True)
    slot_seconds = fields.Integer(required=True)


class Mine(Schema):
    state = fields.String(required=True, validate=one_of("present", "provisional", "held"))
    way = fields.String(required=True, validate=one_of(*WAYS))
    at = fields.AwareDateTime(required=True)


class MeetingOut(Schema):
    """`present` counts the provisional too; `hosting`: the reader may open and close it."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=one_of(*KINDS))
    title = fields.String(required=True)
    place_words = fields.String(required=True)
    branch = fields.Nested(Named, required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, validate=one_of(*STATE_WORDS))
    opened_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    expected = fields.Integer(required=True)
    present = fields.Integer(required=True)
    mine = fields.Nested(Mine, required=True, allow_none=True)
    hosting = fields.Boolean(required=True)
    code = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    labels = fields.List(fields.String(), required=True)
    digest = fields.String(required=True)


MeetingPage = page_of(MeetingOut)


class MeetingQuery(PageQuery):
    since = Instant(data_key="from")
    until = Instant()


class Expected(Schema):
    person = fields.Nested(Named, required=True)
    state = fields.String(required=True, validate=one_of("absent", "present", "provisional"))
    way = fields.String(required=True, allow_none=True, validate=one_of(*WAYS))
    at = fields.AwareDateTime(required=True, allow_none=True)
    labels = fields.List(fields.String(), required=True)


class Held(Schema):
    checkin_id = fields.UUID(required=True)
    person = fields.Nested(Named, required=True)
    held_reason = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class AttendanceOut(Schema):
    expected = fields.Integer(required=True)
    present = fields.Integer(required=True)
    people = fields.List(fields.Nested(Expected), required=True)
    held = fields.List(fields.Nested(Held), required=True)


class CheckinOut(Schema):
    id = fields.UUID(required=True)
    meeting_id = fields.UUID(required=True)
    person = fields.Nested(Named, required=True)
    by = fields.Nested(Named, required=True)
    way = fields.String(required=True, validate=one_of(*WAYS))
    at = fields.AwareDateTime(required=True)
    note = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    labels = fields.List(fields.String(), required=True)
    state = fields.String(required=True, validate=one_of("stored", "held"))
    held_reason = fields.String(required=True, allow_none=True)
    returned = fields.String(required=True, allow_none=True)
    digest = fields.String(required=True)


CheckinPage = page_of(CheckinOut)


class CheckinQuery(PageQuery):
    meeting_id = fields.UUID()
