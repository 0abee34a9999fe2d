"""Cases, their keys, headers, entries and queues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("opened_hour", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("touched_hour", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("due_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("act_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("own_entries", sa.Integer(), nullable=False),
        sa.Column("last_word", sa.Integer(), nullable=False),
        sa.Column("reporter_read", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("access", sa.LargeBinary(), nullable=False),
        sa.Column("header_version", sa.Integer(), nullable=False),
        sa.Column("desk_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 0 AND 3", name=op.f("ck_cases_rank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
        sqlite_strict=True,
    )
    op.create_table(
        "epochs",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("talk", sa.LargeBinary(), nullable=False),
        sa.Column("desk", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_epochs_case_id")),
        sa.PrimaryKeyConstraint("case_id", "epoch", name=op.f("pk_epochs")),
        sqlite_strict=True,
    )
    op.create_table(
        "wraps",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_wraps_case_id")),
        sa.PrimaryKeyConstraint("case_id", "epoch", "key_id", name=op.f("pk_wraps")),
        sqlite_strict=True,
    )
    op.create_table(
        "receipts",
        sa.Column("row_id", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("wrapping", sa.LargeBinary(), nullable=False),
        sa.Column("verifying", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_receipts_case_id")),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("case_id", name=op.f("uq_receipts_case_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "headers",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_headers_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_headers")),
        sqlite_strict=True,
    )
    op.create_table(
        "entries",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("hour", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('talk', 'desk')", name=op.f("ck_entries_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_entries_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_entries")),
        sqlite_strict=True,
    )
    op.create_table(
        "readers",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("read_to", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_readers_case_id")),
        sa.PrimaryKeyConstraint("lead_id", "case_id", name=op.f("pk_readers")),
        sqlite_strict=True,
    )
    op.create_index("ix_readers_case", "readers", ["case_id"], unique=False)
    op.create_index("ix_readers_due", "readers", ["lead_id", "open", "due_at"], unique=False)
    op.create_index(
        "ix_readers_mine", "readers", ["lead_id", "owner", "open", "rank", "due_at", "case_id"], unique=False
    )
    op.create_index(
        "ix_readers_new",
        "readers",
        ["lead_id", "rank", "due_at", "case_id"],
        unique=False,
        sqlite_where=sa.text("status = 'new'"),
        postgresql_where=sa.text("status = 'new'"),
    )
    op.create_index("ix_readers_queue", "readers", ["lead_id", "open", "rank", "due_at", "case_id"], unique=False)
    op.create_index(
        "ix_readers_unread",
        "readers",
        ["lead_id", "rank", "due_at", "case_id"],
        unique=False,
        sqlite_where=sa.text("unread = 1"),
        postgresql_where=sa.text("unread = 1"),
    )


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("readers")
    op.drop_table("entries")
    op.drop_table("headers")
    op.drop_table("receipts")
    op.drop_table("wraps")
    op.drop_table("epochs")
    op.drop_table("cases")
