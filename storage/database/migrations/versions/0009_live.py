"""Going live, what was last done when, and the day on which a lead last unlocked."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the day, and create the tables."""
    op.add_column("leads", sa.Column("unlocked_day", sa.Text(), nullable=True))
    # Nobody knows when they last unlocked: their thirty days begin today.
    leads = sa.table("leads", sa.column("unlocked_day", sa.Text()))
    op.execute(leads.update().values(unlocked_day=datetime.now(UTC).date().isoformat()))
    op.create_table(
        "live",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_live_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live")),
        sqlite_strict=True,
    )
    op.create_table(
        "happened",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("hour", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_happened")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("happened")
    op.drop_table("live")
    op.drop_column("leads", "unlocked_day")
