"""Which days are worked, from config/workdays/<year>.json. A year whose notice is not out yet
counts Monday to Friday without the statutory days of fixed date, and says so; it never fails."""

import json
import logging
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from .settings import CONFIG

log = logging.getLogger(__name__)
ONE = timedelta(days=1)
WEEK = "一二三四五六日"
# 全国年节及纪念日放假办法 (2024): those with a fixed date; the others follow the moon or the sun.
FIXED = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}


class Year(NamedTuple):
    """Days off by their festival, weekend days worked instead, and whether the notice is out."""

    off: dict[date, str]
    work: frozenset[date]
    known: bool


def is_workday(day: date) -> bool:
    year = _year(day.year)
    return day in year.work or (day not in year.off and day.weekday() < 5)


def add_workdays(day: date, n: int) -> date:
    """The n-th working day after `day`: counting starts with the next one."""
    return [day, *_after(day, n)][-1]


def previous_workday(day: date) -> date:
    day -= ONE
    while not is_workday(day):
        day -= ONE
    return day


def explain(day: date, n: int, *, closes: str) -> str:
    """How `add_workdays(day, n)` was counted, in words a person can check against a calendar."""
    counted = list(_after(day, n)) or [day]
    first, last = counted[0], counted[-1]
    passed = [day + ONE * i for i in range(1, (last - day).days + 1)]
    parts = [f"从{_spoken(first, seen_from=day)}起算"]
    parts += [f"遇{name}休 {days} 天" for name, days in _festivals(passed).items()]
    parts += [f"{_spoken(x, seen_from=day)}调休上班" for x in counted if x in _year(x.year).work]
    parts += [f"{_spoken(last, seen_from=day)}{closes} 前"]
    return f"{n} 个工作日：{'，'.join(parts)}" + "".join(f"（{x}）" for x in warnings(day, last))


def warnings(*days: date) -> list[str]:
    """One sentence for each year among `days` whose calendar is missing."""
    missing = sorted({day.year for day in days if not _year(day.year).known})
    return [f"{year}年放假安排尚未录入，暂按周一至周五计算" for year in missing]


def is_known(year: int) -> bool:
    """Whether that year's notice has been entered."""
    return _year(year).known


def _after(day: date, n: int) -> Iterator[date]:
    while n:
        day += ONE
        if is_workday(day):
            n -= 1
            yield day


def _festivals(days: list[date]) -> dict[str, int]:
    found: dict[str, int] = {}
    for day in days:
        if name := _year(day.year).off.get(day):
            found[name] = found.get(name, 0) + 1
    return found


def _spoken(day: date, *, seen_from: date) -> str:
    year = f"{day.year}年" if day.year != seen_from.year else ""
    return f"{year}{day.month}月{day.day}日（周{WEEK[day.weekday()]}）"


@cache
def _year(year: int) -> Year:
    path = CONFIG / "workdays" / f"{year}.json"
    try:
        told = json.loads(path.read_text("utf-8"))
        off = {date.fromisoformat(day): name for day, name in told["off"].items()}
        return Year(off, frozenset(date.fromisoformat(day) for day in told["work"]), known=True)
    except FileNotFoundError:
        log.warning("%s 没有，按周一至周五和固定日期的法定节日计算", path.name)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        log.error("%s 写错了，按没有处理：%r", path.name, error)
    off = {date(year, month, day): name for (month, day), name in FIXED.items()}
    return Year(off, frozenset(), known=False)
