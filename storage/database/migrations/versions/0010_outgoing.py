"""When a notice was first tried in vain, how leads are reached, and return addresses that do not answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, create the tables."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("outbox", sa.Column("since", number, nullable=False, server_default=sa.text("0")))
    op.add_column("return_addresses", sa.Column("refused", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.create_table(
        "reached",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("taken_at", number, nullable=False),
        sa.Column("refused_at", number, nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "channel", name=op.f("pk_reached")),
        sqlite_strict=True,
    )
    op.create_table(
        "pagers",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", number, nullable=False),
        sa.Column("tries", number, nullable=False),
        sa.Column("confirmed_at", number, nullable=False),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_pagers")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Take them away, with all that is in them."""
    op.drop_table("pagers")
    op.drop_table("reached")
    op.drop_column("return_addresses", "refused")
    op.drop_column("outbox", "since")
