import uuid
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Scoped


class Photo(Scoped, Base):
    """A photo that a record listed: awaited until its bytes arrive. `digest` is that of the bytes
    the phone sent, `kept_digest` that of the picture rebuilt from its pixels."""

    __tablename__ = "photo"
    record_kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[uuid.UUID] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int]
    stage: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    listed_at: Mapped[datetime]
    kept_digest: Mapped[str | None] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    stored_at: Mapped[datetime | None]

    @property
    def audit_detail(self) -> dict[str, str]:
        return {"record": str(self.record_id), "digest": self.digest}
