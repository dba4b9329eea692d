"""What is held on a person themselves, and their going."""

from sqlalchemy import Connection, delete, select, update

from bot.db.held import Held, rows
from bot.delivery import public_answers
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
    return {
        "persons": rows(conn, select(persons).where(persons.c.id == person_id)),
        "names": rows(conn, select(names).where(names.c.person_id == person_id)),
        **public_answers.held(conn, person_id),
    }


def held_on_owner(conn: Connection, discord_id: int) -> Held:
    """Of a server's owner its id is kept, also where they have never used the bot."""
    return {"guilds": rows(conn, select(guilds.c.id).where(guilds.c.owner_id == discord_id))}


def forget_owner(conn: Connection, discord_id: int) -> bool:
    """False where they own no server that is known."""
    owned = update(guilds).where(guilds.c.owner_id == discord_id).values(owner_id=None)
    return conn.execute(owned).rowcount > 0


def erase(conn: Connection, person_id: int) -> None:
    """The last to be called: whatever else names the person is gone by then."""
    person = conn.execute(select(persons).where(persons.c.id == person_id)).one()
    if person.dm_channel_id is not None:
        outbox.forget_channel(conn, person.dm_channel_id)
    public_answers.erase_person(conn, person_id)
    conn.execute(delete(names).where(names.c.person_id == person_id))
    conn.execute(delete(persons).where(persons.c.id == person_id))
