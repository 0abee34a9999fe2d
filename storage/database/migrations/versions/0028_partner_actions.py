"""What a partner is to do for a share, in its row: a number and days; shares of before have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty, and the index of what is due."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("shares", sa.Column("actions", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("shares", sa.Column("remind_at", number, nullable=False, server_default=sa.text("0")))
    due = sa.text("remind_at > 0")
    op.create_index("ix_shares_remind_at", "shares", ["remind_at"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    """Take them away: an older Hark takes a share with an action for forged, so go back to a backup of then."""
    op.drop_index("ix_shares_remind_at", table_name="shares")
    op.drop_column("shares", "remind_at")
    op.drop_column("shares", "actions")
