"""The open actions of a case, in its clear row; cases of before have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NEVER = "253402300799"


def upgrade() -> None:
    """Add the columns, and the index by which a case is found of which somebody is to be told."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("cases", sa.Column("actions", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("cases", sa.Column("remind_at", number, nullable=False, server_default=sa.text(_NEVER)))
    due = sa.text(f"remind_at < {_NEVER}")
    op.create_index("ix_cases_remind_at", "cases", ["remind_at"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    """Take them away: an older Hark takes a case with an action for forged, so go back only to a backup of then."""
    op.drop_index("ix_cases_remind_at", table_name="cases")
    op.drop_column("cases", "remind_at")
    op.drop_column("cases", "actions")
