"""The catalogue of problems (RFC 9457): a stable code for the phone, a Chinese sentence for the
person, and `retry`, which tells the outbox what to do with the item."""

from typing import Any, ClassVar


class Problem(Exception):
    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = "请求有误，请检查后重试"
    retry: ClassVar[str] = "never"
    # Whether what was written before the refusal stays (a counted wrong password).
    keeps: ClassVar[bool] = False

    def __init__(
        self, title: str | None = None, *, headers: dict[str, str] | None = None, **facts: Any
    ):
        self.sentence, self.facts, self.headers = title or self.title, facts, headers or {}
        super().__init__(self.sentence)

    def body(self) -> dict[str, Any]:
        return {
            "type": self.code,
            "title": self.sentence,
            "status": self.status,
            "retry": self.retry,
            **self.facts,
        }


class NotJson(Problem):
    status, code, title = 400, "not_json", "内容不是有效的数据格式，没有保存"


class WrongContentType(Problem):
    status, code, title = 415, "wrong_content_type", "内容类型不对，没有保存"


class TooLarge(Problem):
    status, code, title = 413, "too_large", "内容太大，没有保存"


class Invalid(Problem):
    status, code, title = 422, "invalid", "填写有误，请按提示修改"


class NotFound(Problem):
    status, code, title = 404, "not_found", "没有找到，或您无权查看"


class SignInFirst(Problem):
    status, code, title, retry = 401, "sign_in", "请先登录", "after_sign_in"


class WrongPerson(Problem):
    status, code, retry = 401, "wrong_person", "after_sign_in"
    title = "这条记录属于另一位同志，请其本人登录后再发送"


# The next two say how the house is set up, nothing of what was sent: it waits until that is mended.
class ForeignOrigin(Problem):
    status, code, title, retry = 403, "foreign_origin", "请求来自其他网站，已拒绝", "later"


class WrongPassword(Problem):
    status, code, title, keeps = 401, "wrong_password", "账号或密码不对", True


class Locked(Problem):
    status, code, retry = 429, "locked", "later"
    title = "密码多次输错，请 15 分钟后再试，或请管理员重新发放激活码"


class TooMany(Problem):
    status, code, title, retry = 429, "too_many", "操作太频繁，请稍后再试", "later"


class DigestDiffers(Problem):
    status, code = 409, "digest_differs"
    title = "这条记录在服务器上已有另一个版本，请选择保留哪一个"


class IdTaken(Problem):
    status, code, title = 409, "id_taken", "编号已被占用，请另存为新记录"


class StateConflict(Problem):
    status, code, title = 409, "state", "当前状态不允许这样操作"


class PhotoUnlisted(Problem):
    status, code, retry = 409, "photo_unlisted", "later"
    title = "照片所属的记录还没有送达，稍后会自动重传"


class PhotoDigest(Problem):
    status, code, title = 422, "photo_digest", "照片与记录里登记的不一致，请重新选择照片"


class PhotoDamaged(Problem):
    status, code, retry = 422, "photo_damaged", "later"
    title = "照片在传输中损坏，稍后会自动重传"


class PhotoBroken(Problem):
    status, code, title = 422, "photo_broken", "照片文件损坏，无法打开，请重新选择"


class PhotoEmpty(PhotoBroken):
    code, title = "photo_empty", "照片是空文件，请重新选择"


class PhotoPixels(PhotoBroken):
    code, title = "photo_pixels", "照片尺寸过大，请换一张或先缩小"


class PhotoKind(Problem):
    status, code, title = 415, "photo_kind", "只接受 JPEG、PNG、WebP 照片"


class BadCode(Problem):
    status, code, title = 422, "bad_code", "不是有效的签到码"


class StaleCode(Problem):
    status, code, title = 409, "stale_code", "激活码不对或已失效，请联系管理员重新发放"


class CodeExpired(Problem):
    status, code, title = 422, "code_expired", "二维码已刷新，请再扫一次"


class WrongHost(Problem):
    status, code, title, retry = 421, "wrong_host", "请使用正式网址打开", "later"


class Method(Problem):
    status, code, title = 405, "method", "不支持这种操作"


class Busy(Problem):
    status, code, title, retry = 503, "busy", "服务器正忙，稍后会自动重试", "later"


class StorageFull(Problem):
    status, code, title, retry = 507, "storage_full", "服务器空间不足，稍后会自动重试", "later"


class Broken(Problem):
    status, code, title, retry = 500, "broken", "服务器出错，稍后会自动重试", "later"
