"""The zone in which an entry was made, so that its time of day stays what it was when its writer
moves; the day on which a server's weeks begin; and how long a sprint lasts in one channel.

Revision ID: 0017
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entries", sa.Column("zone", sa.String(), nullable=True))
    op.add_column("guilds", sa.Column("week_begins", sa.Integer(), nullable=True))
    op.create_table(
        "sprint_lengths",
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_sprint_lengths")),
    )
