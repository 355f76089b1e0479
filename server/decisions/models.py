import uuid

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.core.records import Recorded


class Decision(Recorded, Base):
    """One word on one held record, under that record's scope. `author_id` decided, `sender_id` is
    told of it. `settles`: it changed something; a second one that wishes what stands already is
    kept too, and does not."""

    __tablename__ = "decision"
    author_id: Mapped[uuid.UUID]
    sender_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[uuid.UUID] = mapped_column(index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(200))
    link: Mapped[str] = mapped_column(String(100))
    settles: Mapped[bool]

    @property
    def audit_detail(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "record": str(self.record_id),
            "verdict": self.verdict,
            "settles": self.settles,
        }
