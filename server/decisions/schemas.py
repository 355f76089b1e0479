from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from server.core.schemas import Named, PageQuery, RecordIn, Schema, Text, one_of, page_of

from .rules import RETURN, VERDICTS

PATH = validate.Regexp(
    r"\A/api/[a-z-]{1,30}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", error="不是记录的地址"
)


class DecisionIn(RecordIn):
    path = fields.String(required=True, validate=PATH)
    verdict = fields.String(required=True, validate=one_of(*VERDICTS))
    words = Text(200, load_default="")

    @validates_schema
    def says_why(self, data: dict[str, Any], **_: Any) -> None:
        if data["verdict"] == RETURN and len(data["words"].strip()) < 2:
            raise ValidationError("退回时请写一句原因，至少两个字", "words")


class HeldOut(Schema):
    """`person` is whom it is about; `summary` the first words of it."""

    path = fields.String(required=True)
    kind = fields.String(required=True)
    person = fields.Nested(Named, required=True)
    held_reason = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    summary = fields.String(required=True)


HeldPage = page_of(HeldOut)


class HeldQuery(PageQuery):
    pass
