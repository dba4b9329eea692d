"""Reading at one's own pace: parts by direct message, reading ahead where the author lets readers,
and readers who do not want to be counted.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "serials", sa.Column("read_ahead", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "uncounted",
        sa.Column("person_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_uncounted_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_uncounted")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", Key, nullable=False),
        sa.Column("serial_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("place_ordinal", sa.Integer(), nullable=False),
        sa.Column("place_offset", sa.Integer(), nullable=False),
        sa.Column("promised", Key, nullable=True),
        sa.Column("why_stopped", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["serial_id"], ["serials.id"], name=op.f("fk_subscriptions_serial_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_subscriptions_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["promised"], ["excerpts.id"], name=op.f("fk_subscriptions_promised"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "person_id", "serial_id", name=op.f("uq_subscriptions_person_id_serial_id")
        ),
    )  # fmt: skip
    for name in ("serial_id", "promised"):
        op.create_index(op.f(f"ix_subscriptions_{name}"), "subscriptions", [name], unique=False)
