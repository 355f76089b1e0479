from datetime import date

import pytest

from server.postings.rules import covers, judge_term, why_not_ended, why_not_sent, why_open

MAY, JUNE = date(2026, 5, 31), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("made_on", "ended_on", "labels", "held"),
    [
        (MAY, None, [], False),
        (MAY, JUNE, ["after_posting"], False),
        (JUNE, JUNE, ["after_posting"], False),
        (JUNE, MAY, ["after_posting"], True),
    ],
)
def test_what_was_made_within_the_term_is_stored_and_what_came_later_is_held(
    made_on, ended_on, labels, held
):
    standing = judge_term(made_on=made_on, ended_on=ended_on)
    assert standing.labels == labels
    assert (standing.held_reason is not None) == held


@pytest.mark.parametrize(
    ("roles", "disabled", "serving_at", "word"),
    [
        (set(), False, None, None),
        ({"secretary", "branch_lead"}, False, None, None),
        ({"host_officer"}, False, None, None),
        ({"organizer"}, False, None, "管理职责"),
        ({"secretary", "administrator"}, False, None, "管理职责"),
        ({"discipline_officer"}, False, None, "管理职责"),
        (set(), True, None, "已停用"),
        ({"secretary"}, False, "杏花社区", "正在杏花社区任职"),
    ],
)
def test_who_cannot_be_sent_is_told_why(roles, disabled, serving_at, word):
    told = why_not_sent(name="安宁", roles=roles, disabled=disabled, serving_at=serving_at)
    assert told is None if word is None else word in told


@pytest.mark.parametrize(
    ("branch", "host", "good"),
    [
        ("/3713/371302/", "/3713/371302/", True),
        ("/3713/", "/3713/371302/", True),
        ("/3713/371302/", "/3713/371302/001/", True),
        ("/3713/371311/", "/3713/371302/", False),
        ("/3713/371302/", "/3713/", False),
    ],
)
def test_a_branch_takes_secretaries_of_its_own_area(branch, host, good):
    assert covers(branch, host) is good


@pytest.mark.parametrize(
    ("ended_on", "word"),
    [
        (date(2026, 3, 1), None),
        (date(2026, 6, 1), None),
        (date(2026, 2, 28), "早于任职日期"),
        (date(2026, 6, 2), "不能晚于今天"),
    ],
)
def test_a_posting_ends_between_its_start_and_today(ended_on, word):
    told = why_not_ended(ended_on=ended_on, start_on=date(2026, 3, 1), today=JUNE)
    assert told is None if word is None else word in told


@pytest.mark.parametrize(
    ("open_issues", "has_successor", "word"),
    [(0, False, None), (3, True, None), (3, False, "还有 3 件民情")],
)
def test_open_issues_need_a_successor(open_issues, has_successor, word):
    told = why_open(open_issues=open_issues, has_successor=has_successor)
    assert told is None if word is None else word in told
