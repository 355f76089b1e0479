import uuid
from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, synonym

from server.core.db import Base
from server.core.ids import new_id


class Reminder(Base):
    """One line of one person's inbox. `occasion` is the moment it is about: moved, it is another
    reminder. `at`: when the inbox shows it; `bell_at`: when a channel may ring, never after."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("person_id", "kind", "about_id", "occasion"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(index=True)
    owner_id = synonym("person_id")
    kind: Mapped[str] = mapped_column(String(30))
    about_id: Mapped[uuid.UUID] = mapped_column(index=True)
    occasion: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    bell_at: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(String(300))
    link: Mapped[str] = mapped_column(String(100))
    seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
