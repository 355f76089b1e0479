"""Where people can be reached beside the inbox, and the providers' tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "address",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("user.id"), nullable=False, index=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("sealed", sa.String(2000), nullable=False),
        sa.Column("hashed", sa.String(64), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("broken", sa.String(200)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("channel", "hashed"),
    )
    op.create_table(
        "message_grant",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("user.id"), nullable=False, index=True),
        sa.Column("template_id", sa.String(64), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )
    op.create_table(
        "access_token",
        sa.Column("provider", sa.String(20), primary_key=True),
        sa.Column("sealed", sa.String(2000)),
        sa.Column("expires_at", MOMENT),
        sa.Column("claimed_until", MOMENT),
    )
    op.create_table(
        "exchange",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("sealed", sa.String(500), nullable=False),
        sa.Column("at", MOMENT, nullable=False, index=True),
    )


def downgrade() -> None:
    for name in ("exchange", "access_token", "message_grant", "address"):
        op.drop_table(name)
