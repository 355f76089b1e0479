"""When a held record may be decided. Pure: no database, no clock, no request."""

ACCEPT, RETURN = "accept", "return"
VERDICTS = (ACCEPT, RETURN)

IN_FORCE = "这条记录已经生效，不能再退回"
RETURNED = "这条记录已经退回，等本人更正后再确认"


def is_fulfilled(*, verdict: str, words: str, held: bool, returned: str | None) -> bool:
    """The record stands already as this decision wishes it: two who agree are no conflict."""
    return not held if verdict == ACCEPT else returned == words


def why_too_late(*, held: bool, returned: str | None) -> str | None:
    """The sentence that says that somebody decided otherwise before, or None."""
    if not held:
        return IN_FORCE
    return None if returned is None else RETURNED


def told(*, verdict: str, kind: str, by: str, words: str) -> tuple[str, str]:
    """Title and body of what the sender reads in the inbox; `kind` in people's words."""
    if verdict == ACCEPT:
        return f"{kind}已确认", f"{by}同志：{words}" if words else f"{by}同志已确认，现已生效"
    return f"{kind}被退回，请查看", f"{by}同志：{words}"
