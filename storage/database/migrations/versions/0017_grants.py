"""Past cases that are being given to a colleague, and how far that is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "grants",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("lead_id", "taker", "scope")),
        sa.Column("since", number, nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("granted", number, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_grants")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Take it away: what is under way ends."""
    op.drop_table("grants")
