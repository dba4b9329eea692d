"""Search: the terms of every paragraph of prose, and the index in which they are found.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from bot.stories.analyser import joined

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH = 2000  # paragraphs
ORDINALS = 24  # bits

paragraphs = sa.table(
    "paragraphs",
    sa.column("id", sa.BigInteger),
    sa.column("story_id", sa.BigInteger),
    sa.column("chapter_id", sa.BigInteger),
    sa.column("ordinal", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("runs", sa.JSON),
)
search_index = sa.table("search_index", sa.column("rowid"), sa.column("terms"))


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Terms are letters and digits with spaces between, which is what `ascii` parts them at.
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5"
            "(terms, columnsize = 0, tokenize = 'ascii')"
        )
    else:
        op.execute(
            "CREATE TABLE search_index (rowid BIGINT PRIMARY KEY, terms TEXT NOT NULL, "
            "vector TSVECTOR GENERATED ALWAYS AS "
            "(array_to_tsvector(string_to_array(terms, ' '))) STORED)"
        )
        op.execute("CREATE INDEX ix_search_index_vector ON search_index USING gin (vector)")
    _index_stories()


def _index_stories() -> None:
    conn, last = op.get_bind(), 0
    batch = (
        sa.select(paragraphs)
        .where(
            paragraphs.c.kind == "prose",
            paragraphs.c.chapter_id.is_not(None),
            paragraphs.c.id > sa.bindparam("last"),
        )
        .order_by(paragraphs.c.id)
        .limit(BATCH)
    )
    while rows := conn.execute(batch, {"last": last}).all():
        last = rows[-1].id
        found = [
            {
                "rowid": row.story_id << ORDINALS | row.ordinal,
                "terms": joined("".join(text for text, _ in row.runs)),
            }
            for row in rows
        ]
        if found := [row for row in found if row["terms"]]:
            conn.execute(sa.insert(search_index), found)
