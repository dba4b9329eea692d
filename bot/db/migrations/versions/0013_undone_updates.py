"""What a story was before its author's last change of its text, so that they can undo it; and which
new versions came by /serial add, and so need not be the whole story.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("updates", sa.Column("added", sa.Integer(), server_default="0", nullable=False))
    op.add_column("updates", sa.Column("new_from", sa.Integer(), nullable=True))
