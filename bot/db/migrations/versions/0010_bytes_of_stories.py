"""How much text each story holds: an author may keep only so much in a server, and adding it up
from the paragraphs would mean reading all of them for each file.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "stories", sa.Column("bytes", sa.BigInteger(), server_default="0", nullable=False)
    )
    paragraphs = sa.table(
        "paragraphs", sa.column("story_id", sa.BigInteger()), sa.column("source", sa.Text())
    )
    stories = sa.table("stories", sa.column("id", sa.BigInteger()), sa.column("bytes"))
    if op.get_bind().dialect.name == "postgresql":
        size = sa.func.octet_length(paragraphs.c.source)
    else:
        size = sa.func.length(sa.cast(paragraphs.c.source, sa.LargeBinary()))
    total = sa.select(sa.func.coalesce(sa.func.sum(size), 0)).where(
        paragraphs.c.story_id == stories.c.id
    )
    op.execute(stories.update().values(bytes=total.scalar_subquery()))
