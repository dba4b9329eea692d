"""Month-long challenges, and what a server's writers wrote by day, which they are counted from.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _add_day_totals()
    _add_challenges()


def _add_day_totals() -> None:
    op.create_table(
        "day_totals",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_day_totals_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guild_id", "unit", "person_id", "day", name="pk_day_totals"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_day_totals_person_id"), "day_totals", ["person_id"], unique=False)
    op.create_index(
        "ix_day_totals_changed", "day_totals", ["guild_id"], unique=False,
        sqlite_where=sa.text("changed = 1"), postgresql_where=sa.text("changed = 1"),
    )  # fmt: skip
    op.execute(
        "INSERT INTO day_totals "
        "SELECT guild_id, unit, person_id, day, SUM(amount), "
        "SUM(CASE WHEN root_id IS NULL AND void = 0 THEN 1 ELSE 0 END), 0 "
        "FROM entries WHERE guild_id IS NOT NULL AND left_off = 0 "
        "GROUP BY guild_id, unit, person_id, day"
    )


def _add_challenges() -> None:
    op.create_table(
        "challenges",
        sa.Column("id", Key, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.String(10), nullable=False),
        sa.Column("last_day", sa.String(10), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("summed_up", sa.String(10), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_challenges_interaction_id")),
    )
    op.create_index(
        "uq_challenges_running", "challenges", ["guild_id", "folded"], unique=True,
        sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"),
    )  # fmt: skip
    op.create_index(op.f("ix_challenges_guild_id"), "challenges", ["guild_id"], unique=False)
    op.create_table(
        "challengers",
        sa.Column("challenge_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.String(10), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        *_of_a_person("challengers"),
        sa.PrimaryKeyConstraint("challenge_id", "person_id", name=op.f("pk_challengers")),
    )
    op.create_table(
        "badges",
        sa.Column("challenge_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("badge", sa.String(), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("said_on", sa.String(10), nullable=True),
        *_of_a_person("badges"),
        sa.PrimaryKeyConstraint("challenge_id", "person_id", "badge", name=op.f("pk_badges")),
    )
    for table in ("challengers", "badges"):
        op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"], unique=False)


def _of_a_person(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [f"{kind}_id"], [f"{kind}s.id"], name=op.f(f"fk_{table}_{kind}_id"), ondelete="CASCADE"
        )
        for kind in ("challenge", "person")
    ]
