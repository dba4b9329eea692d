"""Readers save quotes, as places in a story's text, and a server may have one a day.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "quotes",
        sa.Column("id", Key, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("start_ordinal", sa.Integer(), nullable=True),
        sa.Column("start_offset", sa.Integer(), nullable=True),
        sa.Column("end_ordinal", sa.Integer(), nullable=True),
        sa.Column("end_offset", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_quotes_story_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_quotes_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("story_id", "number", name=op.f("uq_quotes_story_id_number")),
        sa.UniqueConstraint(
            "story_id", "start_ordinal", "start_offset", "end_ordinal", "end_offset",
            name=op.f("uq_quotes_story_id_start_ordinal_start_offset_end_ordinal_end_offset"),
        ),
    )  # fmt: skip
    for name in ("guild_id", "person_id"):
        op.create_index(op.f(f"ix_quotes_{name}"), "quotes", [name], unique=False)
    op.create_table(
        "quote_times",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_quote_times")),
    )
    op.create_table(
        "quote_days",
        sa.Column("id", Key, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("quote_id", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.id"], name=op.f("fk_quote_days_quote_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_days")),
        sa.UniqueConstraint("guild_id", "day", name=op.f("uq_quote_days_guild_id_day")),
    )
    op.create_index(op.f("ix_quote_days_quote_id"), "quote_days", ["quote_id"], unique=False)
