"""When things happened: mostly in office hours of working days, sometimes of an evening."""

from datetime import date, datetime, time, timedelta
from random import Random

from server.core import workdays
from server.core.clock import SHANGHAI, UTC

DAYS = 90
ON_FREE_DAYS = 0.12  # how much of a working day's life a free day sees
# From, until, and how much of a day falls between them.
HOURS = (
    ((8, 40), (11, 40), 43),
    ((12, 20), (13, 40), 4),
    ((14, 0), (17, 30), 43),
    ((18, 20), (20, 0), 10),
)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of the city's clock, in UTC."""
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def moment_on(day: date, chance: Random) -> datetime:
    start, end, _ = chance.choices(HOURS, [weight for *_, weight in HOURS])[0]
    first, last = at(day, *start), at(day, *end)
    return first + timedelta(seconds=chance.randrange(int((last - first).total_seconds())))


def lately(now: datetime, ago: timedelta) -> datetime:
    """Today in office hours where the day has come so far; else simply a while ago."""
    return min(at(day_of(now), 16, 20), now - ago)


def last_days(now: datetime, days: int = DAYS) -> tuple[list[date], list[float]]:
    """The days before today with their weights."""
    found = [day_of(now) - timedelta(days=n) for n in range(days, 0, -1)]
    return found, [1 if workdays.is_workday(day) else ON_FREE_DAYS for day in found]


def moments(now: datetime, n: int, chance: Random, *, days: int = DAYS) -> list[datetime]:
    """`n` moments of the last days, oldest first."""
    found, weights = last_days(now, days)
    return sorted(moment_on(day, chance) for day in chance.choices(found, weights, k=n))


def workdays_ago(now: datetime, n: int) -> date:
    return workdays_before(day_of(now), n)


def workdays_before(day: date, n: int) -> date:
    for _ in range(n):
        day = workdays.previous_workday(day)
    return day


def months_ago(now: datetime, n: int) -> date:
    """The first of the month `n` months before this one."""
    today = day_of(now)
    month = today.year * 12 + today.month - 1 - n
    return date(month // 12, month % 12 + 1, 1)
