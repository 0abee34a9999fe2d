"""What a partner is here by, and until when a share is to be answered; what is there already has neither."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: whoever is here came without an agreement, until two leads make one."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for table in ("leads", "invites"):
        op.add_column(table, sa.Column("agreement", sa.Text(), nullable=True))
    op.add_column("shares", sa.Column("answer_by", number, nullable=False, server_default=sa.text("0")))
    op.add_column("shares", sa.Column("told", sa.Integer(), nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    """Take them away: an older Hark takes a roster with an agreement for forged, so go back to a backup of then."""
    for column in ("told", "answer_by"):
        op.drop_column("shares", column)
    for table in ("leads", "invites"):
        op.drop_column(table, "agreement")
