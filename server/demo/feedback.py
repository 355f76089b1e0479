from datetime import timedelta

from server.about import service
from server.about.models import Feedback

from . import days
from .city import City, add, dice, log, new_id, words


def build(city: City) -> None:
    """A few words in the box that anyone may write into, none with a telephone number."""
    chance = dice("feedback")
    texts = words()["feedback"]["texts"]
    for text, made_at in zip(texts, days.moments(city.now, len(texts), chance), strict=True):
        row = add(
            city,
            Feedback,
            id=new_id(chance),
            text=text,
            received_at=min(made_at + timedelta(seconds=1), city.now),
        )
        log(city, service.send_feedback, row, by=row["id"])
