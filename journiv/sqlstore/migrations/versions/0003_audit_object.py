"""Find the rows of the audit log that are about an account, whoever acted."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make an index."""
    op.create_index("ix_audit_object", "audit", ["object", "number"])


def downgrade() -> None:
    """Refuse: what a later release stored would be lost."""
    raise NotImplementedError("Restore the copy that was made before the upgrade.")
