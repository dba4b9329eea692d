"""The author's desk: ratings, notes that are posted, other channels and lengths, new versions; and
what the admins of a server are told about the bot's health.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table, column in (
        ("stories", sa.Column("rating", sa.String(), nullable=False, server_default="teen")),
        (
            "stories",
            sa.Column("least_rating", sa.String(), nullable=False, server_default="general"),
        ),
        ("paragraphs", sa.Column("shown", sa.String(), nullable=True)),
        ("serials", sa.Column("starts_on", sa.String(), nullable=True)),
        ("serials", sa.Column("role_id", sa.BigInteger(), nullable=True)),
        ("serials", sa.Column("threads", sa.Integer(), nullable=False, server_default="0")),
        ("serials", sa.Column("crossposts", sa.Integer(), nullable=False, server_default="0")),
        ("serials", sa.Column("previously", sa.Integer(), nullable=False, server_default="0")),
        ("serials", sa.Column("length", sa.Integer(), nullable=True)),
        ("serials", sa.Column("recut_by", sa.BigInteger(), nullable=True)),
        ("outbox", sa.Column("act", sa.String(), nullable=False, server_default="post")),
        ("outbox", sa.Column("target", sa.BigInteger(), nullable=True)),
        ("outbox", sa.Column("sent_at", sa.BigInteger(), nullable=True)),
        ("jobs", sa.Column("guild_id", sa.BigInteger(), nullable=True)),
    ):
        op.add_column(table, column)
    op.create_index(op.f("ix_jobs_guild_id"), "jobs", ["guild_id"], unique=False)
    for name in ("due", "sent_at"):
        op.create_index(
            op.f(f"ix_outbox_guild_id_{name}"), "outbox", ["guild_id", name], unique=False
        )
    op.create_table(
        "updates",
        sa.Column("draft_id", Key, nullable=False),
        sa.Column("serial_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["serials.id"], name=op.f("fk_updates_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["serial_id"], ["serials.id"], name=op.f("fk_updates_serial_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_updates")),
    )
    op.create_index(op.f("ix_updates_serial_id"), "updates", ["serial_id"], unique=False)
    op.create_table(
        "mirrors",
        sa.Column("serial_id", Key, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["serial_id"], ["serials.id"], name=op.f("fk_mirrors_serial_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("serial_id", "channel_id", name=op.f("pk_mirrors")),
    )
    op.create_table(
        "cuts",
        sa.Column("id", Key, nullable=False),
        sa.Column("serial_id", Key, nullable=False),
        sa.Column("starts", sa.JSON(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["serial_id"], ["serials.id"], name=op.f("fk_cuts_serial_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cuts")),
    )
    op.create_index(op.f("ix_cuts_serial_id"), "cuts", ["serial_id"], unique=False)
