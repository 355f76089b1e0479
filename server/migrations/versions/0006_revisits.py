"""The day on which a secretary means to go again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("visit") as visit:
        visit.add_column(sa.Column("revisit_on", sa.Date()))
        visit.create_index("ix_visit_revisit_on", ["revisit_on"])


def downgrade() -> None:
    with op.batch_alter_table("visit") as visit:
        visit.drop_index("ix_visit_revisit_on")
        visit.drop_column("revisit_on")
