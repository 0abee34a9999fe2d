"""What binds a row: MACs of queue rows, notices, leads' own rows and pagers; recipients and offers in the clear row.

Rows of before get theirs when the store is first opened, since a migration has no key. What was last done, and the
alerts, stand in the register beside the key file from now on; those that stood are noted anew once they are met again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MACS = {"readers": "mac", "outbox": "mac", "leads": "state_mac", "pagers": "mac"}


def upgrade() -> None:
    """Add the columns; take away the tables that the register stands for."""
    op.add_column("cases", sa.Column("recipients", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("cases", sa.Column("offered", sa.Text(), nullable=True))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("pagers", sa.Column("version", number, server_default=sa.text("0"), nullable=False))
    for table, column in _MACS.items():
        op.add_column(table, sa.Column(column, sa.LargeBinary(), nullable=True))
    op.drop_table("alerts")
    op.drop_table("happened")


def downgrade() -> None:
    """Take them away: an older Hark takes cases of this one for forged, so go back only to a backup of that time."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "happened",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("hour", number, nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_happened")),
        sqlite_strict=True,
    )
    op.create_table(
        "alerts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", number, nullable=False),
        sa.Column("last_at", number, nullable=False),
        sa.Column("told_at", number, nullable=False),
        sa.PrimaryKeyConstraint("kind", "lead_id", name=op.f("pk_alerts")),
        sqlite_strict=True,
    )
    for table, column in reversed(_MACS.items()):
        op.drop_column(table, column)
    op.drop_column("pagers", "version")
    op.drop_column("cases", "offered")
    op.drop_column("cases", "recipients")
