"""Audit lines can be added, never changed or removed: the database itself refuses."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "audit lines are append-only"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_line_append_only BEFORE UPDATE OR DELETE ON audit_line "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_line_no_{verb.lower()} BEFORE {verb} ON audit_line "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_line_append_only ON audit_line")
        op.execute("DROP FUNCTION refuse_audit_change()")
        return
    for verb in ("update", "delete"):
        op.execute(f"DROP TRIGGER audit_line_no_{verb}")
