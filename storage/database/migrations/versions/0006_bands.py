"""How many concerns a source sent that day: a queue is ordered by that after the urgency.

Cases from before are in the first band, and their MACs hold as they are. Gone back from, cases of later bands lose
theirs, so that an older Hark takes them for forged: go back only to a backup of that time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OLD = ["rank", "due_at", "case_id"]
_NEW = ["rank", "band", "due_at", "case_id"]


def upgrade() -> None:
    """Count sources, and put the band into the order of every queue."""
    op.create_table(
        "sources",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_sources")),
        sqlite_strict=True,
    )
    op.add_column("cases", sa.Column("bands", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("readers", sa.Column("band", sa.Integer(), server_default=sa.text("1"), nullable=False))
    _order(_NEW)


def downgrade() -> None:
    """Forget the bands."""
    _order(_OLD)
    op.drop_column("readers", "band")
    op.drop_column("cases", "bands")
    op.drop_table("sources")


def _order(by: list[str]) -> None:
    for name in ("queue", "mine", "new", "unread"):
        op.drop_index(f"ix_readers_{name}", table_name="readers")
    op.create_index("ix_readers_queue", "readers", ["lead_id", "open", *by])
    op.create_index("ix_readers_mine", "readers", ["lead_id", "owner", "open", *by])
    op.create_index(
        "ix_readers_new",
        "readers",
        ["lead_id", *by],
        sqlite_where=sa.text("status = 'new'"),
        postgresql_where=sa.text("status = 'new'"),
    )
    op.create_index(
        "ix_readers_unread",
        "readers",
        ["lead_id", *by],
        sqlite_where=sa.text("unread = 1"),
        postgresql_where=sa.text("unread = 1"),
    )
