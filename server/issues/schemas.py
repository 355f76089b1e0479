from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from server.core.schemas import (
    Named,
    PageQuery,
    Receipt,
    RecordIn,
    Schema,
    Text,
    listed_photos,
    one_of,
    page_of,
)
from server.photos.schemas import PhotoBrief

from .rules import State, contact_or_none, holds_id_number, telephone


class Words(Text):
    """What a person writes about residents: an ID number is never needed, so none is taken."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if holds_id_number(text):
            raise ValidationError("这里不需要身份证号码，请删去后再保存")
        return text


class Telephone(Words):
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        number = telephone(super()._deserialize(value, *args, **kwargs))
        if number is None:
            raise ValidationError("电话号码不对，应为 11 位手机号或带区号的固定电话，可以留空")
        return number


class ContactIn(Schema):
    """A resident, with their consent; sealed on arrival and kept apart from the issue."""

    name = Words(40, load_default="")
    phone = Telephone(20, load_default="")
    door = Words(60, load_default="")
    consent = fields.Boolean(
        required=True, validate=validate.Equal(True, error="请先征得居民同意，再留联系方式")
    )


class IssueIn(RecordIn):
    posting_id = fields.UUID(required=True)
    visit_id = fields.UUID(load_default=None, allow_none=True)
    category = fields.String(
        required=True, validate=validate.Regexp(r"\A[0-9A-Za-z]{1,10}\Z", error="类别代码格式不对")
    )
    what = Words(200, least=2, required=True)
    more = Words(4000, load_default="")
    place_words = Words(100, load_default="")
    contact = fields.Nested(ContactIn, load_default=None, allow_none=True)
    photos = listed_photos()

    @post_load
    def drop_an_empty_contact(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"contact": contact_or_none(data["contact"])}


class ActionIn(RecordIn):
    issue_id = fields.UUID(required=True)
    note = Words(1000, least=2, required=True)
    state = fields.String(load_default=None, allow_none=True, validate=one_of(*State))
    agenda = fields.Boolean(load_default=False)
    photos = listed_photos()


class RevealIn(RecordIn):
    issue_id = fields.UUID(required=True)
    reason = Words(200, least=2, required=True)


class Contact(Schema):
    name = fields.String(required=True)
    phone = fields.String(required=True)
    door = fields.String(required=True)


class RevealReceipt(Receipt):
    """The one answer that carries a resident's contact, and only the first time."""

    contact = fields.Nested(Contact, required=True, allow_none=True)


class ActionOut(Schema):
    id = fields.UUID(required=True)
    issue_id = fields.UUID(required=True)
    by = fields.Nested(Named, required=True, attribute="author")
    note = fields.String(required=True)
    state = fields.String(required=True, allow_none=True, validate=one_of(*State))
    agenda = fields.Boolean(required=True, attribute="put_on_agenda")
    made_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    labels = fields.List(fields.String(), required=True)
    held_reason = fields.String(required=True, allow_none=True)
    returned = fields.String(required=True, allow_none=True)
    photos = fields.List(fields.Nested(PhotoBrief), required=True)
    digest = fields.String(required=True)


class IssueOut(Schema):
    """An issue as every reader sees it: no field here comes from the resident's contact."""

    id = fields.UUID(required=True)
    posting_id = fields.UUID(required=True)
    visit_id = fields.UUID(required=True, allow_none=True)
    secretary = fields.Nested(Named, required=True)
    host_unit = fields.Nested(Named, required=True)
    category = fields.String(required=True)
    category_name = fields.String(required=True)
    what = fields.String(required=True)
    more = fields.String(required=True)
    place_words = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(*State))
    has_contact = fields.Boolean(required=True)
    agenda = fields.Boolean(required=True)
    made_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    due_on = fields.Date(required=True)
    due_at = fields.AwareDateTime(required=True)
    due_words = fields.String(required=True)
    overdue = fields.Boolean(required=True)
    labels = fields.List(fields.String(), required=True)
    held_reason = fields.String(required=True, allow_none=True)
    returned = fields.String(required=True, allow_none=True)
    photos = fields.List(fields.Nested(PhotoBrief), required=True)
    digest = fields.String(required=True)


class IssueDetail(IssueOut):
    actions = fields.List(fields.Nested(ActionOut), required=True)


IssuePage = page_of(IssueOut)


ActionPage = page_of(ActionOut)


class IssueQuery(PageQuery):
    state = fields.String(validate=one_of("open", *State))
    posting_id = fields.UUID()
    q = Text(100)
    lacks_photos = fields.Boolean(load_default=False)


class ActionQuery(PageQuery):
    issue_id = fields.UUID()


class IssueCount(Schema):
    open = fields.Integer(required=True)
    resolved = fields.Integer(required=True)
    as_of = fields.AwareDateTime(required=True)


class Kind(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)


class Group(Kind):
    children = fields.List(fields.Nested(Kind), required=True)


class Catalogue(Schema):
    items = fields.List(fields.Nested(Group), required=True)
