"""What waits for two leads, on the roster; and where each lead unlocked before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns: nothing waits, and no place is known. Whoever reads goes on reading."""
    op.add_column("roster", sa.Column("waiting", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("leads", sa.Column("places", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("leads", "places")
    op.drop_column("roster", "waiting")
