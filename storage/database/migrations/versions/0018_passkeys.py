"""The leads' passkeys, sealed: one row for each lead who ever had one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "passkeys",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_passkeys")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Take it away: leads unlock with passphrase and code."""
    op.drop_table("passkeys")
