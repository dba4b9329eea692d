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
