"""Leaders of units, what was held, and for which postings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "unit_leader",
        *_recorded(),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("post", sa.String(10), nullable=False),
        sa.Column("left_on", sa.Date()),
    )
    op.create_table(
        "fulfilment",
        *_recorded(),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(20), nullable=False),
        sa.Column("duty", sa.String(30), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False, index=True),
        sa.Column("leader_id", sa.Uuid(), sa.ForeignKey("unit_leader.id")),
        sa.Column("leader_name", sa.String(40), nullable=False),
        sa.Column("leader_post", sa.String(10), nullable=False),
        sa.Column("notes", sa.String(12000), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("voided_at", MOMENT),
        sa.Column("void_reason", sa.String(200)),
    )
    op.create_table(
        "fulfilment_void",
        *_recorded(),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
    )
    _fulfilled_postings()


def _fulfilled_postings() -> None:
    op.create_table(
        "fulfilled_posting",
        *_scoped(),
        sa.Column("fulfilment_id", sa.Uuid(), sa.ForeignKey("fulfilment.id"), nullable=False),
        sa.Column("posting_id", sa.Uuid(), sa.ForeignKey("posting.id"), nullable=False),
        sa.Column("holder", sa.String(20), nullable=False),
        sa.Column("duty", sa.String(30), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("fulfilment_id", "posting_id"),
    )
    op.create_index("fulfilled_in", "fulfilled_posting", ["posting_id", "duty", "held_on"])


def _scoped() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("branch_id", sa.Uuid(), index=True),
        sa.Column("host_unit_id", sa.Uuid(), index=True),
        sa.Column("sending_unit_id", sa.Uuid(), index=True),
        sa.Column("area_path", sa.String(40), nullable=False, index=True),
    ]


def _recorded() -> list[sa.Column[Any]]:
    return [
        *_scoped(),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False, index=True),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("held_reason", sa.String(200)),
        sa.Column("returned", sa.String(200)),
    ]


def downgrade() -> None:
    for name in ("fulfilled_posting", "fulfilment_void", "fulfilment", "unit_leader"):
        op.drop_table(name)
