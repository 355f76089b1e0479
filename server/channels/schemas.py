import json
from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from server.accounts.schemas import LONG_ENOUGH, PersonOut
from server.core.schemas import Schema, Text, one_of, page_of

CODE = validate.Length(1, 200, error="登录码不对，请重新进入")
MAIL = validate.Regexp(r"\A[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+\Z", error="邮箱地址不对")
PHONE = validate.Regexp(r"\A1[3-9][0-9]{9}\Z", error="手机号不对，应为 11 位数字")


class ChannelOut(Schema):
    """`ready`: the city set it up. What a browser or the mini program needs is beside it."""

    channel = fields.String(required=True)
    words = fields.String(required=True)
    ready = fields.Boolean(required=True)
    vapid_key = fields.String(required=True, allow_none=True)
    template_id = fields.String(required=True, allow_none=True)


class ChannelPage(Schema):
    """In the order in which they are tried; all at once: `next` is always null."""

    items = fields.List(fields.Nested(ChannelOut), required=True)
    next = fields.String(required=True, allow_none=True)


class AddressIn(Schema):
    """`value`: a push subscription as JSON, a mobile number, a mail address."""

    channel = fields.String(required=True, validate=one_of("web_push", "webhook", "email"))
    value = fields.String(required=True, validate=validate.Length(1, 1200, error="太长或为空"))
    label = Text(60, least=1, required=True)

    @validates_schema
    def fits_its_channel(self, data: dict[str, Any], **_: Any) -> None:
        try:
            CHECKS[data["channel"]](data["value"])
        except ValidationError as error:
            raise ValidationError(error.messages, "value") from None


def _is_subscription(value: str) -> None:
    try:
        told = json.loads(value)
        keys = told["keys"]
        good = isinstance(told["endpoint"], str) and len(told["endpoint"]) <= 800
        good = good and all(isinstance(keys[name], str) for name in ("p256dh", "auth"))
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise ValidationError("浏览器给的推送地址不对，请重新开启")


CHECKS: dict[str, Callable[[str], Any]] = {
    "web_push": _is_subscription,
    "webhook": PHONE,
    "email": MAIL,
}


class AddressOut(Schema):
    """`broken`: why it stopped, in a sentence."""

    id = fields.UUID(required=True)
    channel = fields.String(required=True)
    words = fields.String(required=True)
    label = fields.String(required=True)
    on = fields.Boolean(required=True)
    broken = fields.String(required=True, allow_none=True)


AddressPage = page_of(AddressOut)


class OnIn(Schema):
    on = fields.Boolean(required=True)


class TrialIn(Schema):
    address_id = fields.UUID(required=True)


class TrialOut(Schema):
    """What became of the message, in words."""

    outcome = fields.String(required=True)
    sentence = fields.String(required=True)


class GrantIn(Schema):
    template_id = fields.String(required=True, validate=validate.Length(1, 64, error="太长或为空"))


class WaysQuery(Schema):
    state = fields.String(
        load_default="", validate=validate.Regexp(r"\A[0-9A-Za-z]{0,64}\Z", error="格式不对")
    )


class Ways(Schema):
    """Beside the password: where WeCom asks who somebody is, and whether the mini program may."""

    wecom_url = fields.String(required=True, allow_none=True)
    mini_program = fields.Boolean(required=True)


class CodeIn(Schema):
    code = fields.String(required=True, validate=CODE)


class Entered(Schema):
    """Either somebody who is signed in now, or a ticket with which an account can be bound."""

    person = fields.Nested(PersonOut, required=True, allow_none=True)
    ticket = fields.String(required=True, allow_none=True)


class BindingIn(Schema):
    """With the account's password, or with its activation code and a new password."""

    ticket = fields.String(required=True, validate=validate.Length(1, 1000, error="格式不对"))
    username = fields.String(validate=validate.Length(1, 40, error="请填账号"))
    activation_code = fields.String(validate=validate.Length(1, 100, error="激活码不对"))
    password = fields.String(required=True, validate=validate.Length(1, 200, error="请填密码"))

    @validates_schema
    def one_way(self, data: dict[str, Any], **_: Any) -> None:
        if ("username" in data) == ("activation_code" in data):
            raise ValidationError("请填账号，或者填激活码", "username")
        if "activation_code" in data:
            try:
                LONG_ENOUGH(data["password"])
            except ValidationError as error:
                raise ValidationError(error.messages, "password") from None
