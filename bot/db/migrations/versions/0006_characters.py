"""The cards that authors keep on their characters, with the place from which each thing on them may
be known.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "characters",
        sa.Column("id", Key, nullable=False),
        sa.Column("story_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_characters_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_characters")),
    )
    op.create_index(op.f("ix_characters_story_id"), "characters", ["story_id"], unique=False)
    op.create_table(
        "character_names",
        sa.Column("id", Key, nullable=False),
        sa.Column("story_id", Key, nullable=False),
        sa.Column("character_id", Key, nullable=False),
        sa.Column("alias", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=True),
        sa.Column("paragraph_id", Key, nullable=True),
        sa.Column("offset", sa.Integer(), nullable=True),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("searched", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_character_names_story_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["character_id"],
            ["characters.id"],
            name=op.f("fk_character_names_character_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"],
            ["paragraphs.id"],
            name=op.f("fk_character_names_paragraph_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_character_names")),
        sa.UniqueConstraint("story_id", "folded", name=op.f("uq_character_names_story_id_folded")),
    )
    op.create_table(
        "character_facts",
        sa.Column("id", Key, nullable=False),
        sa.Column("character_id", Key, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=True),
        sa.Column("paragraph_id", Key, nullable=True),
        sa.Column("offset", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["character_id"],
            ["characters.id"],
            name=op.f("fk_character_facts_character_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"],
            ["paragraphs.id"],
            name=op.f("fk_character_facts_paragraph_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_character_facts")),
        sa.UniqueConstraint(
            "character_id", "text", name=op.f("uq_character_facts_character_id_text")
        ),
    )
    for table, column in (
        ("character_names", "character_id"),
        ("character_names", "paragraph_id"),
        ("character_facts", "paragraph_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
