"""What every channel is to the rest of the house: a name, whether it can be used, and `send`.

A channel touches no database: everything it needs is handed to it, so that nothing is held while
a provider takes its time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple


class Message(NamedTuple):
    """What a bell says. `link` is a path of the app; `key` is the same for every try of one bell,
    32 hex letters: where a provider takes a duplicate key it is shown once whatever happens.
    `event_at`: when what it is about happens; after `expires_at` it is not delivered any more."""

    title: str
    body: str
    link: str
    key: str
    expires_at: datetime
    event_at: datetime


class Outcome(StrEnum):
    """What the answer means, whatever its HTTP status was."""

    OK = "ok"
    RETRY = "retry"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105
    DROP_RECIPIENT = "drop_recipient"
    CONFIG_ERROR = "config_error"


class Result(NamedTuple):
    """`code` is the provider's own; `detail` is for an administrator and never holds an address, a
    secret or what was said. `retry_after`: when the provider asked for so much patience. `lost`:
    all of it went out and no answer came back, so it may have arrived."""

    outcome: Outcome
    code: str = ""
    detail: str = ""
    retry_after: timedelta | None = None
    lost: bool = False


Send = Callable[[Mapping[str, Any], str, Message, str | None], Result]


@dataclass(frozen=True)
class Channel:
    """`takes_key`: the provider drops a second message with the same key, so an attempt whose
    answer was lost may be repeated. `provider`: whose access token `send` needs, if any.
    `send(settings, address, message, token)` never raises for what a network may do."""

    name: str
    words: str
    takes_key: bool
    provider: str | None
    missing: Callable[[Mapping[str, Any]], list[str]]
    send: Send

    def ready(self, settings: Mapping[str, Any]) -> bool:
        """Whether this city has set it up; `missing` names the settings that are not there."""
        return not self.missing(settings)
