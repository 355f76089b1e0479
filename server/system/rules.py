"""What the machine's state means, and what to do about it. Pure: facts in, sentences out."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

HEARTBEAT_LATE = timedelta(minutes=2)
BACKUP_LATE = timedelta(hours=26)  # a nightly one, and two hours to make it
QUEUE_LATE = timedelta(minutes=15)
OLD_WORK = timedelta(hours=72)


class Finding(NamedTuple):
    """`level`: ok, warn or bad. `advice` is what to do; empty where there is nothing to do."""

    level: str
    what: str
    advice: str = ""


def findings(facts: dict[str, Any], *, now: datetime) -> list[Finding]:
    """In the order in which they matter."""
    told = [
        *_unfinished(facts["unfinished"]),
        _heartbeat(facts["heartbeat"], now),
        *_backup(facts["backup"], now),
        _queue(facts["waiting"], facts["oldest"], now),
        *_undelivered(facts["undelivered"]),
        *_channels(facts["channels"]),
        *_failures(facts["failures"]),
        *_calendar(facts["calendar_missing"]),
        _filing(facts["filing_number"]),
        *_phones(facts["phones"], facts["oldest_unsent"], now),
    ]
    return sorted(told, key=lambda one: ("bad", "warn", "ok").index(one.level))


def without_database(said: str) -> Finding:
    """Nothing else can be known then."""
    advice = "请检查 DATABASE_URL 和数据库服务；第一次启动（make run）会自动建表"
    return Finding("bad", f"数据库连不上或还没有建表：{said}", advice)


def _unfinished(backup: str | None) -> list[Finding]:
    if backup is None:
        return []
    advice = f"请重新运行 flask --app server.app restore {backup} --replace"
    return [Finding("bad", "恢复没有完成，现在的数据不能用，服务不会启动", advice)]


def _heartbeat(at: datetime | None, now: datetime) -> Finding:
    advice = "请看服务进程是否在运行：systemctl status hongling，或重新启动"
    if at is None:
        return Finding("bad", "后台任务从未运行过，提醒不会发出", advice)
    if now - at > HEARTBEAT_LATE:
        minutes = int((now - at).total_seconds() // 60)
        return Finding("bad", f"后台任务 {minutes} 分钟没有动静，提醒不会按时发出", advice)
    return Finding("ok", "后台任务正常")


def _backup(at: datetime | None, now: datetime) -> list[Finding]:
    """Nothing where none was ever made: a trial needs none."""
    if at is None:
        return []
    hours = int((now - at).total_seconds() // 3600)
    if now - at > BACKUP_LATE:
        advice = "请看定时任务 flask --app server.app backup 是否还在运行、备份的磁盘是否已满"
        return [Finding("warn", f"最近一次备份是 {hours} 小时以前", advice)]
    return [Finding("ok", f"{hours} 小时前有备份" if hours else "一小时内有备份")]


def _queue(waiting: int, oldest: datetime | None, now: datetime) -> Finding:
    if oldest and now - oldest > QUEUE_LATE:
        advice = "请看下面的发送失败原因；提醒在收件箱里都有，不会丢"
        return Finding("warn", f"{waiting} 条响铃等了 15 分钟以上还没有发出", advice)
    return Finding("ok", f"等待发出的响铃 {waiting} 条")


def _undelivered(count: int) -> list[Finding]:
    if not count:
        return []
    advice = "收件箱里都有；请看下面每次发送的结果，核对对方是否中断、地址是否过期"
    return [Finding("warn", f"一天内 {count} 条响铃没有送到，或不知是否送到", advice)]


def _channels(channels: list[dict[str, Any]]) -> list[Finding]:
    found = []
    for one in channels:
        begun = one["missing"] and one["begun"]
        if begun:
            names = "、".join(f"HONGLING_{name.upper()}" for name in one["missing"])
            what = f"{one['words']}只设置了一半，还没有开通"
            found.append(Finding("warn", what, f"请补上 {names}，做法见 docs/operations.md"))
        elif one["missing"]:
            found.append(Finding("ok", f"{one['words']}没有开通（可选）"))
        elif one["token_missing"]:
            advice = "请核对企业 ID、密钥和 IP 白名单"
            found.append(Finding("bad", f"{one['words']}取不到访问令牌", advice))
        else:
            found.append(Finding("ok", f"{one['words']}已开通"))
    return found


def _failures(failures: list[dict[str, Any]]) -> list[Finding]:
    """Of the last day, by channel and code; what may pass by itself is no finding."""
    return [
        Finding(
            "bad",
            f"{one['words']}一天内 {one['count']} 次被拒（{one['code']}：{one['detail']}）",
            "多半是设置问题，请按对方的错误码核对",
        )
        for one in failures
    ]


def _calendar(missing: int | None) -> list[Finding]:
    if missing is None:
        return []
    advice = f"请按国务院办公厅通知新增 config/workdays/{missing}.json"
    return [Finding("warn", f"{missing} 年的放假调休安排还没有录入", advice)]


def _filing(number: str) -> Finding:
    if number:
        return Finding("ok", f"备案编号 {number}")
    return Finding("warn", "还没有备案编号，页面显示“试用”", "备案后设置 HONGLING_FILING_NUMBER")


def _phones(count: int, oldest: datetime | None, now: datetime) -> list[Finding]:
    """Phones with unsent work, so that somebody can help; never whose they were last."""
    if oldest and now - oldest > OLD_WORK:
        what = f"{count} 台手机还有没上传的记录，最早的超过 72 小时"
        return [Finding("warn", what, "请在“有待上传内容的手机”里找到本人，帮其联网")]
    return [Finding("ok", f"{count} 台手机有待上传的记录")] if count else []
