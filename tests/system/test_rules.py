"""What the machine's state means, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from server.system.rules import findings

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
PUSH = {"words": "本机推送", "missing": [], "begun": False, "token_missing": False}
WELL = {
    "unfinished": None,
    "heartbeat": NOW - timedelta(seconds=20),
    "backup": NOW - timedelta(hours=25),
    "waiting": 0,
    "undelivered": 0,
    "oldest": None,
    "channels": [PUSH],
    "failures": [],
    "calendar_missing": None,
    "filing_number": "鲁政务备2026001",
    "phones": 0,
    "oldest_unsent": None,
}


def test_when_all_is_well_nothing_is_to_be_done():
    found = findings(WELL, now=NOW)
    assert {one.level for one in found} == {"ok"}
    assert not any(one.advice for one in found)


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({"unfinished": "/b/1"}, "bad", "恢复没有完成"),
        ({"heartbeat": None}, "bad", "后台任务从未运行过"),
        ({"heartbeat": NOW - timedelta(minutes=5)}, "bad", "后台任务 5 分钟没有动静"),
        ({"backup": NOW - timedelta(hours=27)}, "warn", "最近一次备份是 27 小时以前"),
        ({"waiting": 7, "oldest": NOW - timedelta(hours=1)}, "warn", "7 条响铃等了"),
        ({"undelivered": 3}, "warn", "3 条响铃没有送到"),
        (
            {"channels": [PUSH | {"missing": ["wecom_secret"], "begun": True}]},
            "warn",
            "只设置了一半",
        ),
        ({"channels": [PUSH | {"token_missing": True}]}, "bad", "取不到访问令牌"),
        (
            {"failures": [{"words": "企业微信", "code": "60020", "detail": "ip", "count": 3}]},
            "bad",
            "企业微信一天内 3 次被拒（60020：ip）",
        ),
        ({"calendar_missing": 2027}, "warn", "2027 年的放假调休安排还没有录入"),
        ({"filing_number": ""}, "warn", "还没有备案编号"),
        ({"phones": 2, "oldest_unsent": NOW - timedelta(hours=80)}, "warn", "2 台手机"),
    ],
)
def test_what_is_wrong_comes_first_with_what_to_do(changes, level, words):
    first = findings(WELL | changes, now=NOW)[0]
    assert (first.level, words in first.what) == (level, True)
    assert first.advice


def test_a_channel_that_nobody_wants_is_no_fault():
    found = findings(WELL | {"channels": [PUSH | {"missing": ["smtp_host"]}]}, now=NOW)
    assert all(one.level == "ok" for one in found)


def test_where_no_backup_was_ever_made_none_is_missed():
    found = findings(WELL | {"backup": None}, now=NOW)
    assert not any("备份" in one.what for one in found)
