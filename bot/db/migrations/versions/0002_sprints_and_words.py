"""Writers: the ledger with projects and goals, and sprints.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", Key, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("used_date", sa.String(length=10), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("pause", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_plans_interaction_id")),
    )
    op.create_index(op.f("ix_plans_guild_id"), "plans", ["guild_id"], unique=False)
    op.create_table(
        "sprint_settings",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("counting", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_sprint_settings")),
    )
    op.create_table(
        "listed",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_listed_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guild_id", "person_id", name=op.f("pk_listed")),
    )
    op.create_table(
        "projects",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("genre", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_projects_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_projects_interaction_id")),
        sa.UniqueConstraint("person_id", "folded", name=op.f("uq_projects_person_id_folded")),
    )
    op.create_table(
        "sprints",
        sa.Column("id", Key, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("starter_id", Key, nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("pause", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["starter_id"], ["persons.id"], name=op.f("fk_sprints_starter_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sprints")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_sprints_interaction_id")),
    )
    op.create_index(op.f("ix_sprints_guild_id"), "sprints", ["guild_id"], unique=False)
    op.create_index(
        "uq_sprints_live",
        "sprints",
        ["channel_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "entries",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("project_id", Key, nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("root_id", Key, nullable=True),
        sa.Column("origin_id", Key, nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("void", sa.Integer(), nullable=False),
        sa.Column("left_off", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["origin_id"], ["entries.id"], name=op.f("fk_entries_origin_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_entries_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_entries_project_id")
        ),
        sa.ForeignKeyConstraint(["root_id"], ["entries.id"], name=op.f("fk_entries_root_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_entries_key")),
    )
    op.create_index(
        "ix_entries_boards",
        "entries",
        ["guild_id", "left_off", "day", "unit", "person_id", "amount", "root_id", "void"],
        unique=False,
    )
    op.create_index(op.f("ix_entries_origin_id"), "entries", ["origin_id"], unique=False)
    op.create_index(op.f("ix_entries_person_id_day"), "entries", ["person_id", "day"], unique=False)
    op.create_index(
        op.f("ix_entries_person_id_root_id"), "entries", ["person_id", "root_id"], unique=False
    )
    op.create_index(
        op.f("ix_entries_project_id_unit"), "entries", ["project_id", "unit"], unique=False
    )
    op.create_index(op.f("ix_entries_root_id"), "entries", ["root_id"], unique=False)
    op.create_table(
        "goals",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("project_id", Key, nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.String(length=10), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=True),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_goals_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_goals_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_goals_interaction_id")),
    )
    op.create_index(op.f("ix_goals_person_id"), "goals", ["person_id"], unique=False)
    op.create_index(op.f("ix_goals_project_id"), "goals", ["project_id"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("once", sa.Integer(), nullable=False),
        sa.Column("told_of", Key, nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_reminders_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["told_of"], ["sprints.id"], name=op.f("fk_reminders_told_of"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("channel_id", "person_id", name=op.f("pk_reminders")),
    )
    op.create_index(op.f("ix_reminders_person_id"), "reminders", ["person_id"], unique=False)
    op.create_index(op.f("ix_reminders_told_of"), "reminders", ["told_of"], unique=False)
    op.create_table(
        "rounds",
        sa.Column("id", Key, nullable=False),
        sa.Column("sprint_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("rang_at", sa.BigInteger(), nullable=True),
        sa.Column("counting_until", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sprint_id"], ["sprints.id"], name=op.f("fk_rounds_sprint_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("sprint_id", "number", name=op.f("uq_rounds_sprint_id_number")),
    )
    op.create_table(
        "writers",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("project_id", Key, nullable=False),
        sa.Column("pace", sa.Integer(), nullable=True),
        sa.Column("private", sa.Integer(), nullable=False),
        sa.Column("streak_hidden", sa.Integer(), nullable=False),
        sa.Column("warning_minute", sa.Integer(), nullable=True),
        sa.Column("warning_guild_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_writers_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_writers_project_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_writers")),
    )
    op.create_index(op.f("ix_writers_project_id"), "writers", ["project_id"], unique=False)
    op.create_table(
        "participants",
        sa.Column("id", Key, nullable=False),
        sa.Column("round_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("project_id", Key, nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("quiet", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("written", sa.BigInteger(), nullable=True),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("final", sa.Integer(), nullable=False),
        sa.Column("entry_id", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_participants_entry_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["persons.id"],
            name=op.f("fk_participants_person_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name=op.f("fk_participants_project_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_participants_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint(
            "round_id", "person_id", name=op.f("uq_participants_round_id_person_id")
        ),
    )
    op.create_index(op.f("ix_participants_person_id"), "participants", ["person_id"], unique=False)
    op.create_table(
        "declarations",
        sa.Column("id", Key, nullable=False),
        sa.Column("participant_id", Key, nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=False),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("written", sa.BigInteger(), nullable=True),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("final", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_declarations_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_declarations_interaction_id")),
        sa.UniqueConstraint("undone_by", name=op.f("uq_declarations_undone_by")),
    )
    op.create_index(
        op.f("ix_declarations_participant_id"), "declarations", ["participant_id"], unique=False
    )
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.alter_column("approved_by", existing_type=sa.INTEGER(), nullable=True)
        batch_op.drop_constraint(batch_op.f("fk_approvals_approved_by"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_approvals_approved_by"),
            "persons",
            ["approved_by"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_index(op.f("ix_outbox_message_id"), "outbox", ["message_id"], unique=False)
