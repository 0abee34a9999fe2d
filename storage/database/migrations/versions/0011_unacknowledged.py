"""Which cases nobody has acknowledged, for finding those that nobody is told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_cases_unacknowledged",
        "cases",
        ["id"],
        sqlite_where=sa.text("due = 'acknowledge'"),
        postgresql_where=sa.text("due = 'acknowledge'"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_cases_unacknowledged", "cases")
