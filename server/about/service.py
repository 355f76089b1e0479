import uuid
from datetime import timedelta

from server.core import clock, crypto, limits
from server.core.access import Who
from server.core.audit import audited
from server.core.db import insert_once
from server.core.errors import Busy
from server.core.settings import rules as numbers

from .models import Feedback


@audited("feedback.send")
def send_feedback(who: Who, *, id: uuid.UUID, text: str, contact: str, address: str) -> Feedback:
    """From anyone; one address can fill the box only so fast."""
    most = numbers()["feedback"]["an_hour_from_one_address"]
    limits.at_most(most, "feedback", address, within=timedelta(hours=1))
    columns = {
        "id": id,
        "text": text,
        "contact_sealed": crypto.seal(contact, about=f"feedback {id}") if contact else None,
        "received_at": clock.now(),
    }
    if not insert_once(Feedback, **columns):
        raise Busy  # another try of the same was quicker: the next one is its replay
    return Feedback(**columns)
