"""The leads' indexes of the people in their cases, sealed: some rows of 64 KiB for each lead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; each lead's index is made when she unlocks."""
    op.create_table(
        "name_segments",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "segment", name=op.f("pk_name_segments")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Take it away: it is made again."""
    op.drop_table("name_segments")
