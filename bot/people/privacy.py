"""What is held on a person themselves, and their going."""

from sqlalchemy import Connection, delete, select, update

from bot.db.held import Held, rows
from bot.delivery import service as outbox
from bot.people.tables import guilds, names, persons


def lock(conn: Connection, discord_id: int) -> int | None:
    """The person; nobody writes anything of theirs until the transaction ends. SQLite has one
    writer anyway and leaves this out."""
    found: int | None = conn.scalar(
        select(persons.c.id).where(persons.c.discord_id == discord_id).with_for_update()
    )
    return found


def held(conn: Connection, person_id: int) -> Held:
    discord_id = select(persons.c.discord_id).where(persons.c.id == person_id).scalar_subquery()
    return {
        "persons": rows(conn, select(persons).where(persons.c.id == person_id)),
        "names": rows(conn, select(names).where(names.c.person_id == person_id)),
        "guilds": rows(conn, select(guilds.c.id).where(guilds.c.owner_id == discord_id)),
    }


def erase(conn: Connection, person_id: int) -> None:
    """The last to be called: whatever else names the person is gone by then."""
    person = conn.execute(select(persons).where(persons.c.id == person_id)).one()
    if person.dm_channel_id is not None:
        outbox.forget_channel(conn, person.dm_channel_id)
    conn.execute(update(guilds).where(guilds.c.owner_id == person.discord_id).values(owner_id=None))
    conn.execute(delete(names).where(names.c.person_id == person_id))
    conn.execute(delete(persons).where(persons.c.id == person_id))
