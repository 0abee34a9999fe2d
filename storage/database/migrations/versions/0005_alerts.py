"""What is wrong with Hark itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "alerts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", number, nullable=False),
        sa.Column("last_at", number, nullable=False),
        sa.Column("told_at", number, nullable=False),
        sa.PrimaryKeyConstraint("kind", "lead_id", name=op.f("pk_alerts")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop it, with all that is in it."""
    op.drop_table("alerts")
