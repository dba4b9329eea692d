"""Where a project stood before anything was logged for it, so that the first running total of a
manuscript that exists already isn't a day's work. And which import made an entry, a project or a
starting count, so that a mistaken import can be undone whole. And words
no longer go to a project that is archived: where one was the usual one, the writer's newest other
takes its place, and if there is none it is active again.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "starting_counts",
        sa.Column("project_id", Key, autoincrement=False, nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_starting_counts_{name}_id"),
                ondelete="CASCADE",
            )
            for name, table in (("project", "projects"), ("person", "persons"))
        ),
        sa.PrimaryKeyConstraint("project_id", "unit", name=op.f("pk_starting_counts")),
    )
    op.create_index(op.f("ix_starting_counts_person_id"), "starting_counts", ["person_id"])
    for table in ("entries", "projects"):
        op.add_column(table, sa.Column("import_id", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE writers SET project_id = COALESCE((SELECT MAX(id) FROM projects WHERE "
        "projects.person_id = writers.person_id AND status <> 'archived'), project_id) "
        "WHERE project_id IN (SELECT id FROM projects WHERE status = 'archived')"
    )
    op.execute(
        "UPDATE projects SET status = 'active' WHERE status = 'archived' AND id IN "
        "(SELECT project_id FROM writers)"
    )
