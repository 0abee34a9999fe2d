"""A round table on a share, as its partner is given it; what is there already has none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty."""
    op.add_column("shares", sa.Column("round_table", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take it away: an older Hark takes a share with a round table for forged, so go back to a backup of then."""
    op.drop_column("shares", "round_table")
