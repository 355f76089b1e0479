from marshmallow import fields, validate

from server.core.access import Role
from server.core.areas import names
from server.core.schemas import (
    Instant,
    Named,
    PageQuery,
    Schema,
    Text,
    Whole,
    number,
    one_of,
    page_of,
)

from .rules import SHORTEST_PASSWORD

USERNAME = validate.Regexp(r"\A[a-z][a-z0-9_.-]{1,39}\Z", error="账号为小写字母开头的字母、数字")

LONG_ENOUGH = validate.Length(
    SHORTEST_PASSWORD, 200, error=f"密码至少 {SHORTEST_PASSWORD} 个字符，可以是一句容易记住的话"
)


class SignIn(Schema):
    username = fields.String(required=True, validate=validate.Length(1, 40, error="请填账号"))
    password = fields.String(required=True, validate=validate.Length(1, 200, error="请填密码"))


class Activation(Schema):
    code = fields.String(required=True, validate=validate.Length(1, 100, error="激活码不对"))
    password = fields.String(required=True, validate=LONG_ENOUGH)


class PasswordChange(Schema):
    old = fields.String(required=True, validate=validate.Length(1, 200, error="请填原密码"))
    new = fields.String(required=True, validate=LONG_ENOUGH)


class PersonArea(Schema):
    path = fields.String(required=True)
    name = fields.String(required=True)


class PersonPosting(Schema):
    """Enough to file under it: once signed in, a phone needs no other answer before it can save."""

    id = fields.UUID(required=True)
    host_unit = fields.Nested(Named, required=True)
    branch = fields.Nested(Named, required=True)


class PersonOut(Schema):
    """Who is signed in; `version` is the server's, so that the app can offer its update."""

    id = fields.UUID(required=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    area = fields.Nested(PersonArea, required=True, allow_none=True)
    posting = fields.Nested(PersonPosting, required=True, allow_none=True)
    server_time = fields.AwareDateTime(required=True)
    version = fields.String(required=True)


class AccountIn(Schema):
    username = fields.String(required=True, validate=USERNAME)
    name = Text(40, least=1, required=True)
    roles = fields.List(
        fields.String(validate=one_of(*Role)),
        required=True,
        validate=validate.Length(1, 7, error="至少选一种角色"),
    )
    area_path = fields.String(load_default=None, allow_none=True, validate=one_of(*names()))
    branch_id = fields.UUID(load_default=None, allow_none=True)
    host_unit_id = fields.UUID(load_default=None, allow_none=True)
    sending_unit_id = fields.UUID(load_default=None, allow_none=True)
    disabled = fields.Boolean(load_default=False)


class AccountOut(Schema):
    id = fields.UUID(required=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    area_path = fields.String(required=True)
    branch_id = fields.UUID(required=True, allow_none=True)
    host_unit_id = fields.UUID(required=True, allow_none=True)
    sending_unit_id = fields.UUID(required=True, allow_none=True)
    activated = fields.Boolean(required=True)
    disabled = fields.Boolean(required=True)
    etag = fields.String(required=True)


class DeviceIn(Schema):
    """`free`: percent of the browser's space; `evicted`: unsent records that it threw away."""

    unsent = Whole(required=True, validate=number(0, 100_000))
    oldest_at = Instant(load_default=None, allow_none=True)
    version = Text(40, load_default="")
    storage = fields.String(
        load_default="unknown", validate=one_of("persisted", "best_effort", "unknown")
    )
    free = Whole(load_default=None, allow_none=True, validate=number(0, 100))
    evicted = Whole(load_default=0, validate=number(0, 100_000))


class DeviceOut(Schema):
    id = fields.UUID(required=True)
    person = fields.Nested(Named, required=True)
    unsent = fields.Integer(required=True)
    oldest_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.String(required=True)
    storage = fields.String(required=True)
    free = fields.Integer(required=True, allow_none=True)
    evicted = fields.Integer(required=True)
    reported_at = fields.AwareDateTime(required=True)


DevicePage = page_of(DeviceOut)


class AccountQuery(PageQuery):
    q = fields.String(validate=validate.Length(max=40, error="太长"))


AccountPage = page_of(AccountOut)


class ActivationCodeIn(Schema):
    account_id = fields.UUID(required=True)


class ActivationCodeOut(Schema):
    """Shown once: the server keeps only a hash. `svg` is the QR of `url`."""

    code = fields.String(required=True)
    url = fields.String(required=True)
    svg = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
