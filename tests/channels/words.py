"""What a bell says, for tests of channels."""

from datetime import UTC, datetime, timedelta

from server.channels.channel import Message

# Not at :00 or :30, which WeCom asks to leave alone.
MINUTE = datetime.now(UTC).replace(minute=7, second=0, microsecond=0)
KEY = "0123456789abcdef" * 2


def message(**changes):
    said = {"title": "11月月例会", "body": "明日 15:00，三楼", "link": "/meetings/1", "key": KEY}
    return Message(
        **(said | {"expires_at": MINUTE + timedelta(hours=3), "event_at": MINUTE} | changes)
    )
