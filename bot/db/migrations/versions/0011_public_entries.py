"""Whether others may be shown an entry. What was logged before nobody can tell apart, so it is
private, but for counts in sprints: the results have named those already.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entries", sa.Column("public", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE entries SET public = 1 WHERE guild_id IS NOT NULL AND COALESCE(root_id, id) IN "
        "(SELECT id FROM entries WHERE source = 'sprint')"
    )
    op.drop_index("ix_entries_boards", "entries")
    op.create_index(
        "ix_entries_boards",
        "entries",
        ["guild_id", "left_off", "public", "day", "unit", "person_id", "amount", "root_id", "void"],
        unique=False,
    )
