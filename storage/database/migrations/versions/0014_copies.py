"""Of which version of its case a row of a queue is a copy.

Rows of before are copied anew when the store is first opened, since a migration has no key.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: 0 is of no version."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("readers", sa.Column("version", number, nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    """Take it away: an older Hark takes the rows for made up, and makes them again."""
    op.drop_column("readers", "version")
