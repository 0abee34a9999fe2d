"""Until when a case is kept, in its clear row; cases of before have no date, and are kept until somebody gives one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NEVER = "253402300799"


def upgrade() -> None:
    """Add the columns, and the indexes by which a case whose time is over is found."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("cases", sa.Column("keep_until", number, nullable=False, server_default=sa.text(_NEVER)))
    op.add_column("cases", sa.Column("retention", sa.Text(), nullable=False, server_default=sa.text("''")))
    dated, noted = sa.text(f"keep_until < {_NEVER}"), sa.text("retention != ''")
    op.create_index("ix_cases_keep_until", "cases", ["keep_until"], sqlite_where=dated, postgresql_where=dated)
    op.create_index("ix_cases_retention", "cases", ["id"], sqlite_where=noted, postgresql_where=noted)


def downgrade() -> None:
    """Take them away: an older Hark takes a case with a date for forged, so go back only to a backup of that time."""
    op.drop_index("ix_cases_retention", table_name="cases")
    op.drop_index("ix_cases_keep_until", table_name="cases")
    op.drop_column("cases", "retention")
    op.drop_column("cases", "keep_until")
