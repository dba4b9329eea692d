"""Small things the bot remembers about itself, by name."""

from sqlalchemy import Column, Connection, String, Table, select

from bot.db.metadata import metadata, upsert

facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)


def recall(conn: Connection, name: str) -> str | None:
    value: str | None = conn.scalar(select(facts.c.value).where(facts.c.name == name))
    return value


def remember(conn: Connection, name: str, value: str) -> None:
    conn.execute(
        upsert(facts)
        .values(name=name, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )
