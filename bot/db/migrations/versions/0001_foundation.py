"""The ground: people, timers, the outbox, stories, serials and their readers.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "guilds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("greeted_at", sa.BigInteger(), nullable=True),
        sa.Column("notice_channel_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guilds")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_jobs_kind_key")),
    )
    op.create_index(op.f("ix_jobs_due"), "jobs", ["due"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("after_id", Key, nullable=True),
        sa.Column("not_after", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("attempted_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("dirty", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["after_id"], ["outbox.id"], name=op.f("fk_outbox_after_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "kind",
            "subject",
            "channel_id",
            "part",
            name=op.f("uq_outbox_kind_subject_channel_id_part"),
        ),
    )
    op.create_index(
        op.f("ix_outbox_channel_id_state"), "outbox", ["channel_id", "state"], unique=False
    )
    op.create_index(op.f("ix_outbox_due"), "outbox", ["due"], unique=False)
    op.create_index(op.f("ix_outbox_guild_id_state"), "outbox", ["guild_id", "state"], unique=False)
    op.create_table(
        "persons",
        sa.Column("id", Key, nullable=False),
        sa.Column("discord_id", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("dm_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("discord_id", name=op.f("uq_persons_discord_id")),
    )
    op.create_table(
        "names",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_names_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "guild_id", name=op.f("pk_names")),
    )
    op.create_index(op.f("ix_names_guild_id"), "names", ["guild_id"], unique=False)
    op.create_table(
        "stories",
        sa.Column("id", Key, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", Key, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("complete", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["persons.id"], name=op.f("fk_stories_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_stories_interaction_id")),
    )
    op.create_index(op.f("ix_stories_guild_id"), "stories", ["guild_id"], unique=False)
    op.create_index(op.f("ix_stories_owner_id"), "stories", ["owner_id"], unique=False)
    op.create_table(
        "chapters",
        sa.Column("id", Key, nullable=False),
        sa.Column("story_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_chapters_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chapters")),
        sa.UniqueConstraint("story_id", "number", name=op.f("uq_chapters_story_id_number")),
    )
    op.create_table(
        "serials",
        sa.Column("id", Key, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", Key, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", Key, nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("start_now", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["persons.id"], name=op.f("fk_serials_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_serials_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serials")),
        sa.UniqueConstraint("story_id", name=op.f("uq_serials_story_id")),
    )
    op.create_index(op.f("ix_serials_guild_id"), "serials", ["guild_id"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("serial_id", Key, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", Key, nullable=False),
        sa.Column("approved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["persons.id"], name=op.f("fk_approvals_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["serial_id"], ["serials.id"], name=op.f("fk_approvals_serial_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("serial_id", "channel_id", name=op.f("pk_approvals")),
    )
    op.create_table(
        "paragraphs",
        sa.Column("id", Key, nullable=False),
        sa.Column("story_id", Key, nullable=False),
        sa.Column("chapter_id", Key, nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("runs", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chapter_id"],
            ["chapters.id"],
            name=op.f("fk_paragraphs_chapter_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_paragraphs_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paragraphs")),
        sa.UniqueConstraint("story_id", "ordinal", name=op.f("uq_paragraphs_story_id_ordinal")),
    )
    op.create_index(op.f("ix_paragraphs_chapter_id"), "paragraphs", ["chapter_id"], unique=False)
    op.create_table(
        "slots",
        sa.Column("id", Key, nullable=False),
        sa.Column("serial_id", Key, nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("next_date", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["serial_id"], ["serials.id"], name=op.f("fk_slots_serial_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
    )
    op.create_index(op.f("ix_slots_serial_id"), "slots", ["serial_id"], unique=False)
    op.create_table(
        "excerpts",
        sa.Column("id", Key, nullable=False),
        sa.Column("serial_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chapter_id", Key, nullable=False),
        sa.Column("start_ordinal", sa.Integer(), nullable=False),
        sa.Column("start_offset", sa.Integer(), nullable=False),
        sa.Column("end_ordinal", sa.Integer(), nullable=False),
        sa.Column("end_offset", sa.Integer(), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("slot_id", Key, nullable=True),
        sa.Column("local_date", sa.String(), nullable=True),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chapter_id"], ["chapters.id"], name=op.f("fk_excerpts_chapter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["serial_id"], ["serials.id"], name=op.f("fk_excerpts_serial_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slots.id"], name=op.f("fk_excerpts_slot_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excerpts")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_excerpts_interaction_id")),
        sa.UniqueConstraint("serial_id", "number", name=op.f("uq_excerpts_serial_id_number")),
        sa.UniqueConstraint("slot_id", "local_date", name=op.f("uq_excerpts_slot_id_local_date")),
    )
    op.create_index(op.f("ix_excerpts_chapter_id"), "excerpts", ["chapter_id"], unique=False)
    op.create_index(
        "uq_excerpts_promised",
        "excerpts",
        ["serial_id"],
        unique=True,
        sqlite_where=sa.text("state = 'promised'"),
        postgresql_where=sa.text("state = 'promised'"),
    )
    op.create_table(
        "places",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("story_id", Key, nullable=False),
        sa.Column("horizon_ordinal", sa.Integer(), nullable=True),
        sa.Column("horizon_offset", sa.Integer(), nullable=True),
        sa.Column("bookmark_ordinal", sa.Integer(), nullable=True),
        sa.Column("bookmark_offset", sa.Integer(), nullable=True),
        sa.Column("following", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_places_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_places_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "story_id", name=op.f("pk_places")),
    )
    op.create_table(
        "reads",
        sa.Column("excerpt_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpts.id"], name=op.f("fk_reads_excerpt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_reads_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("excerpt_id", "person_id", name=op.f("pk_reads")),
    )
    op.create_index(op.f("ix_reads_person_id"), "reads", ["person_id"], unique=False)
    # ### end Alembic commands ###
