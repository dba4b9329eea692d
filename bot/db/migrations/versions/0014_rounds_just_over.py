"""Who counts after a sprint's results means the one that has just ended: find it at once, however
many sprints a server has had.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_rounds_finished_at", "rounds", ["finished_at"])
