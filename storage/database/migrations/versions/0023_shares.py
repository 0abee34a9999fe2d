"""What partners are given of cases, and what they answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, with nothing in them."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "shares",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("until", number, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_shares_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sqlite_strict=True,
    )
    op.create_index("ix_shares_case", "shares", ["case_id"])
    op.create_index("ix_shares_partner", "shares", ["partner"])
    op.create_table(
        "share_answers",
        sa.Column("share_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("wraps", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_share_answers_case_id")),
        sa.PrimaryKeyConstraint("share_id", "number", name=op.f("pk_share_answers")),
        sqlite_strict=True,
    )
    op.create_index("ix_share_answers_case", "share_answers", ["case_id"])


def downgrade() -> None:
    """Drop them: what was shared opens for nobody any more, and what waited to be taken in is lost."""
    op.drop_table("share_answers")
    op.drop_table("shares")
