"""The only place that asks what time it is. Stored in UTC, shown and counted in Asia/Shanghai."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The business day of the city, whatever zone the machine is in."""
    return now().astimezone(SHANGHAI).date()
