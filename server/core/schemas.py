"""Field kinds and answers that every room shares; every sentence a person may read is Chinese."""

import json
import unicodedata
from datetime import datetime
from functools import cache
from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from .clock import UTC
from .errors import Invalid, NotJson

fields.Field.default_error_messages |= {
    "required": "必填",
    "null": "不能为空",
    "validator_failed": "填写有误",
}
_SENTENCES: dict[Any, str] = {
    fields.String: "应为文字",
    fields.UUID: "编号格式不对",
    fields.Integer: "应为整数",
    fields.Float: "应为数字",
    fields.Boolean: "应为是或否",
    fields.Date: "日期格式不对，应如 2026-11-22",
    fields.AwareDateTime: "时间格式不对，应带时区",
    fields.List: "应为列表",
    fields.Nested: "格式不对",
}
# marshmallow's own keys for "not this kind of value", whichever kind it is.
_MISTAKES = (
    "invalid",
    "invalid_uuid",
    "invalid_utf8",
    "invalid_awareness",
    "special",
    "too_large",
    "type",
    "format",
)
for _kind, _sentence in _SENTENCES.items():
    _kind.default_error_messages = dict.fromkeys(_MISTAKES, _sentence)

KEPT_CONTROLS = "\n\t"
# For the OpenAPI file as much as for us: what a text may hold, and that it says something.
BLANK_TOO = r"\A[^\x00-\x08\x0b-\x1f\x7f-\x9f]*\Z"
SOMETHING = (
    r"\A[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b-\x1f\x7f-\x9f]*\Z"
)
BIG = 2**53


class Schema(ma.Schema):
    """An unknown field is an error, never ignored: the phone must know that nobody read it."""

    error_messages = {"unknown": "不认识的内容", "type": "格式不对"}

    class Meta:
        unknown = ma.RAISE


class Text(fields.String):
    """Words of a person: NFC, without control characters, at most `most` characters long."""

    def __init__(self, most: int, *, least: int = 0, **kwargs: Any):
        length = f"应为 {least} 至 {most} 个字" if least else f"不能超过 {most} 个字"
        allowed = BLANK_TOO if not least else SOMETHING
        validators = (
            validate.Length(least, most, error=length),
            validate.Regexp(
                allowed, error="含有无法保存的字符，请删去后重试" if not least else length
            ),
        )
        super().__init__(validate=validators, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in KEPT_CONTROLS for c in text):
            raise ValidationError("含有无法保存的字符，请删去后重试")
        return unicodedata.normalize("NFC", text)


class Whole(fields.Integer):
    """A whole number, also written 3.0 as JSON allows; never a text, never true."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.make_error("invalid")
        if isinstance(value, float) and not value.is_integer():  # nor 1e400, nor NaN
            raise self.make_error("invalid")
        return int(value)


class Instant(fields.AwareDateTime):
    """An ISO 8601 moment with its zone, kept in UTC; any year a database can hold."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, *args, **kwargs).astimezone(UTC)
        except (OverflowError, ValueError):
            raise ValidationError(self.default_error_messages["invalid"]) from None


class Day(fields.Date):
    """A business day of Asia/Shanghai as 2026-11-22."""


def one_of(*values: Any) -> validate.OneOf:
    return validate.OneOf([str(v) for v in values], error="不在可选范围内")


def number(low: float, high: float) -> validate.Range:
    return validate.Range(low, high, error=f"应在 {low:g} 与 {high:g} 之间")


class RecordIn(Schema):
    """What every record body carries beside what the person saved. The salt is never stored:
    without it the digest of a body with a place would give the place away."""

    made_at = Instant(required=True)
    seq = Whole(required=True, validate=number(0, BIG))
    salt = fields.String(
        required=True, validate=validate.Regexp(r"\A[0-9a-f]{32}\Z", error="格式不对")
    )


class PhotoIn(Schema):
    id = fields.UUID(required=True)
    digest = fields.String(
        required=True, validate=validate.Regexp(r"\A[0-9a-f]{64}\Z", error="格式不对")
    )
    bytes = Whole(required=True, validate=number(1, 10 * 1024 * 1024))
    stage = fields.String(required=True, validate=one_of("before", "progress", "after"))


def listed_photos() -> Any:
    """At most nine: the 九宫格 of a WeChat post."""
    most = validate.Length(max=9, error="最多九张照片")
    return fields.List(fields.Nested(PhotoIn), load_default=list, validate=most)


class PhotoState(Schema):
    id = fields.UUID(required=True)
    digest = fields.String(required=True)
    state = fields.String(required=True, validate=one_of("awaited", "stored", "refused"))


class Receipt(Schema):
    """What the phone believes: only a receipt whose digest is its own means 已送达."""

    id = fields.UUID(required=True)
    digest = fields.String(required=True)
    state = fields.String(required=True, validate=one_of("stored", "held"))
    held_reason = fields.String(required=True, allow_none=True)
    labels = fields.List(fields.String(), required=True)
    photos = fields.List(fields.Nested(PhotoState), required=True)
    received_at = fields.AwareDateTime(required=True)
    server_time = fields.AwareDateTime(required=True)
    replayed = fields.Boolean(required=True)


class ProblemOut(Schema):
    """RFC 9457, with `retry` for the outbox: never, later or after_sign_in."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    retry = fields.String(required=True, validate=one_of("never", "later", "after_sign_in"))
    detail = fields.String()
    fields_ = fields.Dict(keys=fields.String(), data_key="fields")
    digest = fields.String()


class Named(Schema):
    """A person or a unit, as lists show them."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


def page_of(item: type[ma.Schema]) -> type[ma.Schema]:
    """What a list answers: its items, and the cursor of the next page or null."""
    name = item.__name__.removesuffix("Out").removesuffix("Brief")
    listed = fields.List(fields.Nested(item), required=True)
    cursor = fields.String(required=True, allow_none=True)
    return Schema.from_dict({"items": listed, "next": cursor}, name=f"{name}Page")


class PageQuery(Schema):
    cursor = fields.String(validate=validate.Length(max=200, error="太长"))
    limit = fields.Integer(load_default=50, validate=number(1, 100))


def parse(schema: type[ma.Schema], raw: bytes) -> dict[str, Any]:
    """The body as the schema reads it; NaN and Infinity are not JSON, whatever Python thinks."""
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NotJson from None
    return load(schema, body)


@cache
def made(schema: type[ma.Schema]) -> Any:
    """One instance serves all threads: it keeps nothing between calls, and making one is slow."""
    return schema()


def load(schema: type[ma.Schema], body: Any) -> dict[str, Any]:
    try:
        return made(schema).load(body)
    except ValidationError as error:
        raise Invalid(fields=error.messages) from None


def _refuse(constant: str) -> None:
    raise ValueError(constant)
