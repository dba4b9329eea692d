"""Alembic's entry: run the migrations on the connection that bot.db.migrate hands over."""

from alembic import context

from bot.db.metadata import is_ours, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
