"""A lead's keys of before while they are renewed, what she signed with before, and her codes for a lost phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_NEW = ("former_verifying", "former_seed", "spare_codes")


def upgrade() -> None:
    """Add the columns: nobody has renewed her keys yet, and nobody has spare codes."""
    for name in _NEW:
        op.add_column("leads", sa.Column(name, sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take them away: what was signed before with other keys is not genuine any more then."""
    for name in _NEW:
        op.drop_column("leads", name)
