"""Where public answers to commands stand, and whom or which story each names: they go with them.

Until now only the outbox knew its messages, so that a `/wrote` line outlived its erased writer.
Edits that wait for a permission, which were given up until now, are found by their server, and the
servers that someone owns by their owner.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "public_answers",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", Key, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_public_answers_{name}_id"),
                ondelete="CASCADE",
            )
            for name, table in (("person", "persons"), ("story", "stories"))
        ),
        sa.PrimaryKeyConstraint("person_id", "message_id", name=op.f("pk_public_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_public_answers_story_id", "public_answers", ["story_id"], unique=False,
        sqlite_where=sa.text("story_id IS NOT NULL"),
        postgresql_where=sa.text("story_id IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_outbox_unedited", "outbox", ["guild_id"], unique=False,
        sqlite_where=sa.text("dirty = 3"), postgresql_where=sa.text("dirty = 3"),
    )  # fmt: skip
    op.create_index(op.f("ix_guilds_owner_id"), "guilds", ["owner_id"], unique=False)
