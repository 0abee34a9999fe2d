"""What partners and leads write together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, with nothing in them."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "threads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("writings", sa.Integer(), nullable=False),
        sa.Column("wraps", sa.LargeBinary(), nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sqlite_strict=True,
    )
    op.create_index("ix_threads_site", "threads", ["site"])
    op.create_table(
        "thread_writings",
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_thread_writings_thread_id")),
        sa.PrimaryKeyConstraint("thread_id", "number", name=op.f("pk_thread_writings")),
        sqlite_strict=True,
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("wraps", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sqlite_strict=True,
    )
    op.create_index("ix_letters_kind", "letters", ["kind", "site", "period"])
    op.create_table(
        "checkins",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("week", number, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("site", "week", "mark", name=op.f("pk_checkins")),
        sqlite_strict=True,
    )
    op.create_table(
        "boards",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_boards")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop them: what was written together is lost."""
    op.drop_table("boards")
    op.drop_table("checkins")
    op.drop_table("letters")
    op.drop_table("thread_writings")
    op.drop_table("threads")
