"""Bells, their attempts, what rings for whom, and the calendar feed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bell",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("occasion", sa.String(60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("next_at", MOMENT, nullable=False, index=True),
        sa.Column("claimed_until", MOMENT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.UniqueConstraint("person_id", "occasion"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("bell_id", sa.Uuid(), sa.ForeignKey("bell.id"), nullable=False, index=True),
        sa.Column("person_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False, index=True),
        sa.Column("ended_at", MOMENT),
        sa.Column("outcome", sa.String(20), index=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
    )
    _choices_and_feeds()
    with op.batch_alter_table("reminder") as reminder:
        reminder.add_column(sa.Column("snoozed_until", MOMENT))
        reminder.add_column(sa.Column("bell_id", sa.Uuid()))
        reminder.create_index("ix_reminder_bell_id", ["bell_id"])


def _choices_and_feeds() -> None:
    op.create_table(
        "reminder_choice",
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("user.id"), primary_key=True),
        sa.Column("kind", sa.String(30), primary_key=True),
        sa.Column("rings", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("user.id"), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("sealed", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    with op.batch_alter_table("reminder") as reminder:
        reminder.drop_index("ix_reminder_bell_id")
        reminder.drop_column("bell_id")
        reminder.drop_column("snoozed_until")
    for name in ("calendar_feed", "reminder_choice", "delivery", "bell"):
        op.drop_table(name)
