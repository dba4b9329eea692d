"""Who is told of sprints in a channel, by a ping on the board. Whoever stays away stops being."""

from dataclasses import dataclass

from sqlalchemy import Connection, case, delete, or_, select, update

from bot.db.metadata import upsert
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import records
from bot.sprints.records import Round
from bot.sprints.tables import reminders

ENOUGH_MISSED = 3  # in a row
MANY = 10  # people, from which on a role is pinged in their stead
MOST_TOLD = 25  # people where there is no role: a board has no room for more


@dataclass(frozen=True, slots=True)
class Told:
    """Ids of Discord."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()


def remind(
    conn: Connection, member: Member, guild_id: int, channel_id: int, now: int, *, once: bool
) -> int | None:
    """Tell the member before sprints in the channel, or before the next one alone. Returns the role
    that is pinged instead once there are many."""
    said = {"once": int(once), "missed": 0, "told_of": None}
    conn.execute(
        upsert(reminders)
        .values(
            channel_id=channel_id,
            person_id=people.person_id(conn, member, now),
            guild_id=guild_id,
            **said,
        )
        .on_conflict_do_update(index_elements=["channel_id", "person_id"], set_=said)
    )
    return records.settings(conn, guild_id).role_id


def forget(conn: Connection, member: Member, channel_id: int) -> bool:
    """False where they had not asked to be reminded."""
    dropped = conn.execute(
        delete(reminders).where(
            reminders.c.channel_id == channel_id,
            reminders.c.person_id == people.find(conn, member.discord_id, lock=True),
        )
    )
    return dropped.rowcount == 1


def tell(conn: Connection, begun: Round, starter_id: int | None) -> None:
    """Everyone who asked is told of this sprint, but for the one who starts it."""
    conn.execute(
        update(reminders)
        .where(
            reminders.c.channel_id == begun.channel_id,
            reminders.c.guild_id == begun.guild_id,
            reminders.c.person_id != (starter_id or 0),
        )
        .values(told_of=begun.sprint_id)
    )


def told(conn: Connection, found: Round) -> Told:
    """Whom the board pings: its first round's, for the others know."""
    if found.number > 1:
        return Told()
    ids = conn.scalars(select(reminders.c.person_id).where(reminders.c.told_of == found.sprint_id))
    users = people.discord_ids(conn, set(ids)).values()
    role_id = records.settings(conn, found.guild_id).role_id
    if len(users) > MANY and role_id is not None:
        return Told(roles=(role_id,))
    return Told(users=tuple(user for user in users if user is not None)[:MOST_TOLD])


def settle(conn: Connection, over: Round, came: set[int | None]) -> None:
    """A round is over, and if it was the first, who was told and came is told again, who missed
    several in a row is not."""
    if over.number > 1:
        return
    told_of_it = reminders.c.told_of == over.sprint_id
    here = reminders.c.person_id.in_(came)
    missed = case((here, 0), else_=reminders.c.missed + 1)
    conn.execute(update(reminders).where(told_of_it).values(missed=missed))
    conn.execute(
        delete(reminders).where(
            told_of_it, or_(reminders.c.once == 1, reminders.c.missed >= ENOUGH_MISSED)
        )
    )
