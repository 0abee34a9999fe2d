"""Every column of a notice, and of what became of the ways to a lead, under a MAC with a version.

Rows of before get their MAC when the store is first opened, since a migration has no key.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: version 0 is of before."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for table in ("outbox", "reached"):
        op.add_column(table, sa.Column("version", number, nullable=False, server_default=sa.text("0")))
    op.add_column("reached", sa.Column("mac", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take them away: an older Hark takes the notices for made up, and tells of what waits anew."""
    op.drop_column("reached", "mac")
    for table in ("outbox", "reached"):
        op.drop_column(table, "version")
