"""The ladder goes on until somebody acknowledges; the rota; offers of a handover."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add how often a row was told and whether its lead held it; create the tables."""
    for name in ("told", "held"):
        op.add_column("outbox", sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.create_table(
        "rota",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_rota")),
        sqlite_strict=True,
    )
    op.create_table(
        "handovers",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("giver", sa.Text(), nullable=False),
        sa.Column("taker", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_handovers_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_handovers")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_handovers_taker"), "handovers", ["taker"], unique=False)


def downgrade() -> None:
    """Take them away, with all that is in them."""
    op.drop_table("handovers")
    op.drop_table("rota")
    for name in ("held", "told"):
        op.drop_column("outbox", name)
