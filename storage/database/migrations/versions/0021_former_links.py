"""A second MAC of links of the audit chain that were made under an earlier server key (decision 31)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: a link without it is of the present key."""
    op.add_column("audit", sa.Column("bound", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take it away: an older Hark knows no link of an earlier key again."""
    op.drop_column("audit", "bound")
