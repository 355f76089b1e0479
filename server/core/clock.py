"""The only place that asks what time it is. Stored in UTC, shown and counted in Asia/Shanghai."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def seconds() -> float:
    """Only for how long something took or lay idle: it never jumps, and means no hour."""
    return time.monotonic()


def today() -> date:
    """The business day of the city, whatever zone the machine is in."""
    return now().astimezone(SHANGHAI).date()
