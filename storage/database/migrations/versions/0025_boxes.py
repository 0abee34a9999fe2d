"""The box of each site and term: how people felt, led back to no case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, with nothing in them: what was answered before stays in its cases."""
    op.create_table(
        "boxes",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("wraps", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("site", "term", name=op.f("pk_boxes")),
        sqlite_strict=True,
    )
    op.create_table(
        "box_letters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box_letters")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_box_letters_term"), "box_letters", ["term"])
    op.create_table(
        "box_marks",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_box_marks")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_box_marks_term"), "box_marks", ["term"])
    op.create_table(
        "pending_letters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_letters")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_pending_letters_day"), "pending_letters", ["day"])


def downgrade() -> None:
    """Drop them: what people felt is lost."""
    for name in ("pending_letters", "box_marks", "box_letters", "boxes"):
        op.drop_table(name)
