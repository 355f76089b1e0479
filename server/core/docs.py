"""Writes each declaration into the OpenAPI file: parameters, bodies, answers and every problem."""

from typing import Any

from marshmallow import Schema

from .schemas import ProblemOut

PROBLEMS = {
    400: "不是有效的数据",
    401: "没有登录，或记录属于另一位同志",
    403: "来自其他网站",
    404: "没有找到，或无权查看",
    405: "不支持的方法",
    409: "与服务器上的状态或版本冲突",
    413: "内容太大",
    415: "内容类型不对",
    421: "网址不对",
    422: "填写有误",
    429: "太频繁",
    500: "服务器出错",
    503: "服务器正忙",
    507: "服务器空间不足",
}
READ_PROBLEMS = (401, 404, 421, 422, 500, 503)
JSON = "application/json"


def describe(
    bp: Any,
    run: Any,
    method: str,
    *,
    allow: Any,
    public: bool,
    takes: Any = None,
    gives: Any = None,
    query: type[Schema] | None = None,
    status: tuple[int, ...] = (200,),
    record: bool = False,
) -> Any:
    """`run` as the blueprint must register it, its documentation attached."""
    said: dict[str, Any] = {"summary": _summary(run), "x-permission": str(allow)}
    parameters = _parameters(method, public=public, record=record, query=query)
    if parameters:
        said["parameters"] = parameters
    if isinstance(takes, type):
        said["requestBody"] = {"required": True, "content": {JSON: {"schema": takes}}}
    elif takes is not None:
        binary = {"schema": {"type": "string", "format": "binary"}}
        said["requestBody"] = {"required": True, "content": dict.fromkeys(takes.kinds, binary)}
    said["responses"] = _answers(method, gives, status, record=record)
    if public:
        said["security"] = []
    return bp.doc(**said)(run)


def _summary(run: Any) -> str:
    return (run.__doc__ or run.__name__.replace("_", " ")).strip().split("\n")[0]


def _parameters(
    method: str, *, public: bool, record: bool, query: type[Schema] | None
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if query:
        found.append({"in": "query", "schema": query})
    if method != "GET" and not public:
        found.append(
            _header("Hongling-Person", "这条记录的主人（用户编号）", required=True, format="uuid")
        )
    if record:
        found.append(_header("Hongling-Sent-At", "手机此刻的时钟", format="date-time"))
        found.append(_header("Hongling-App", "应用版本"))
        found.append(_header("If-Match", '更正时写所更正版本的摘要："<digest>"'))
    return found


def _header(
    name: str, description: str, *, required: bool = False, **schema: Any
) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "description": description,
        "required": required,
        "schema": {"type": "string", **schema},
    }


def _answers(method: str, gives: Any, status: tuple[int, ...], *, record: bool) -> dict[str, Any]:
    problems = READ_PROBLEMS if method == "GET" else tuple(PROBLEMS)
    answers: dict[str, Any] = {str(code): _problem(PROBLEMS[code]) for code in problems}
    if gives is None:
        return {"204": {"description": "已完成"}} | answers
    if isinstance(gives, str):
        content: dict[str, Any] = {gives: {"schema": {"type": "string", "format": "binary"}}}
        return {"200": {"description": "内容", "content": content}} | answers
    good = {"description": "回执" if record else "内容", "content": {JSON: {"schema": gives}}}
    codes = ("200", "201", "202") if record else tuple(str(code) for code in status)
    if method == "GET":
        answers = {"304": {"description": "没有变化"}} | answers
    return dict.fromkeys(codes, good) | answers


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": ProblemOut}},
    }
