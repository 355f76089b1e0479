import pytest

from server.decisions.rules import IN_FORCE, RETURNED, is_fulfilled, told, why_too_late


@pytest.mark.parametrize(
    ("verdict", "words", "held", "returned", "fulfilled", "fault"),
    [
        ("accept", "", True, None, False, None),
        ("return", "请补写", True, None, False, None),
        ("accept", "", False, None, True, None),
        ("return", "请补写", False, None, False, IN_FORCE),
        ("return", "请补写", True, "请补写", True, None),
        ("return", "请补写", True, "另一句", False, RETURNED),
        ("accept", "", True, "请补写", False, RETURNED),
    ],
)
def test_the_first_to_decide_decides(verdict, words, held, returned, fulfilled, fault):
    assert fulfilled == is_fulfilled(verdict=verdict, words=words, held=held, returned=returned)
    if not fulfilled:
        assert why_too_late(held=held, returned=returned) == fault


@pytest.mark.parametrize(
    ("verdict", "words", "expected"),
    [
        ("accept", "", ("走访已确认", "方圆同志已确认，现已生效")),
        ("accept", "情况属实", ("走访已确认", "方圆同志：情况属实")),
        ("return", "请写明日期", ("走访被退回，请查看", "方圆同志：请写明日期")),
    ],
)
def test_the_sender_reads_who_decided_and_why(verdict, words, expected):
    assert told(verdict=verdict, kind="走访", by="方圆", words=words) == expected
