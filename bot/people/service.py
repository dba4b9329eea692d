"""Who is who, and what time it is for them."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from bot.db.metadata import upsert
from bot.people.tables import guilds, names, persons
from bot.people.zones import DEFAULT_ZONE


@dataclass(frozen=True, slots=True)
class Member:
    """Who acts, as Discord introduces them. `guild_id` is None in direct messages."""

    discord_id: int
    name: str
    guild_id: int | None


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone and whose it is: "yours", "the server's" or "the default"."""

    zone: ZoneInfo
    whose: str


_FIND = select(persons.c.id).where(persons.c.discord_id == bindparam("discord"))
_FIND_AND_LOCK = _FIND.with_for_update(read=True, key_share=True)
_NAMED = upsert(names)
_SEEN = _NAMED.on_conflict_do_update(
    index_elements=[names.c.person_id, names.c.guild_id],
    set_={"name": _NAMED.excluded.name},
    where=names.c.name != _NAMED.excluded.name,
)


def person_id(conn: Connection, member: Member, now: int) -> int:
    """The member's person, made if unknown; the name they go by here is kept."""
    found = find(conn, member.discord_id, lock=True)
    if found is None:
        conn.execute(
            upsert(persons)
            .values(discord_id=member.discord_id, created_at=now)
            .on_conflict_do_nothing(index_elements=[persons.c.discord_id])
        )
        found = conn.scalars(
            select(persons.c.id).where(persons.c.discord_id == member.discord_id)
        ).one()
    if member.guild_id is not None:
        seen = {"person_id": found, "guild_id": member.guild_id, "name": member.name}
        conn.execute(_SEEN, seen)
    return found


def find(conn: Connection, discord_id: int, *, lock: bool = False) -> int | None:
    """`lock`: nobody erases the person until the transaction ends. Whatever writes of a person
    begins with this, as erasing them does (privacy.py): in another order the two would wait for
    each other for ever. SQLite has one writer anyway and leaves it out."""
    query = _FIND_AND_LOCK if lock else _FIND
    found: int | None = conn.scalar(query, {"discord": discord_id})
    return found


def set_zone(conn: Connection, member: Member, zone: str, now: int) -> None:
    conn.execute(
        update(persons).where(persons.c.id == person_id(conn, member, now)).values(zone=zone)
    )


def set_guild_zone(conn: Connection, guild_id: int, zone: str) -> None:
    know_guild(conn, guild_id)
    conn.execute(update(guilds).where(guilds.c.id == guild_id).values(zone=zone))


def guild_zone(conn: Connection, guild_id: int | None) -> Zone:
    name = conn.scalar(select(guilds.c.zone).where(guilds.c.id == guild_id))
    if name is None:
        return Zone(ZoneInfo(DEFAULT_ZONE), "the default")
    return Zone(ZoneInfo(name), "the server's")


def set_week(conn: Connection, guild_id: int, begins: int) -> None:
    """`begins`: a weekday, Monday is 0."""
    know_guild(conn, guild_id)
    conn.execute(update(guilds).where(guilds.c.id == guild_id).values(week_begins=begins))


def week_begins(conn: Connection, guild_id: int | None) -> int:
    """The weekday on which a server's weeks begin; Monday, unless it says otherwise."""
    if guild_id is None:
        return 0
    begins: int | None = conn.scalar(select(guilds.c.week_begins).where(guilds.c.id == guild_id))
    return begins or 0


def zone_of(conn: Connection, member: Member) -> Zone:
    """The member's own zone, else the server's, else UTC."""
    return _own_or_guild_zone(conn, persons.c.discord_id == member.discord_id, member.guild_id)


def zone_of_person(conn: Connection, person_id: int, guild_id: int | None) -> Zone:
    return _own_or_guild_zone(conn, persons.c.id == person_id, guild_id)


def _own_or_guild_zone(conn: Connection, who: ColumnElement[bool], guild_id: int | None) -> Zone:
    name = conn.scalar(select(persons.c.zone).where(who))
    return guild_zone(conn, guild_id) if name is None else Zone(ZoneInfo(name), "yours")


def zones_of(conn: Connection, guild_id: int, person_ids: set[int]) -> dict[int, ZoneInfo]:
    """Their own zones, else the server's, else UTC."""
    default = guild_zone(conn, guild_id).zone
    rows = conn.execute(select(persons.c.id, persons.c.zone).where(persons.c.id.in_(person_ids)))
    return {row.id: ZoneInfo(row.zone) if row.zone else default for row in rows}


def set_dm_channel(conn: Connection, discord_id: int, channel_id: int) -> None:
    conn.execute(
        update(persons).where(persons.c.discord_id == discord_id).values(dm_channel_id=channel_id)
    )


def know_guild(conn: Connection, guild_id: int) -> None:
    conn.execute(upsert(guilds).values(id=guild_id).on_conflict_do_nothing())


def dm_channel(conn: Connection, person_id: int) -> int | None:
    """The channel to the person that they had us open, if any."""
    channel_id: int | None = conn.scalar(
        select(persons.c.dm_channel_id).where(persons.c.id == person_id)
    )
    return channel_id


def notice_channel(conn: Connection, guild_id: int | None) -> int | None:
    """Where the bot may speak to a server's admins."""
    channel_id: int | None = conn.scalar(
        select(guilds.c.notice_channel_id).where(guilds.c.id == guild_id)
    )
    return channel_id


_NAMES = select(names.c.person_id, names.c.name).where(
    names.c.guild_id == bindparam("guild"),
    names.c.person_id.in_(bindparam("ids", expanding=True)),
)


def names_of(conn: Connection, guild_id: int, person_ids: set[int]) -> dict[int, str]:
    """What they were last called in the server; who was never seen there is left out."""
    rows = conn.execute(_NAMES, {"guild": guild_id, "ids": sorted(person_ids)})
    return {row.person_id: row.name for row in rows}


_DISCORD_IDS = select(persons.c.id, persons.c.discord_id).where(
    persons.c.id.in_(bindparam("ids", expanding=True))
)


def discord_ids(conn: Connection, person_ids: set[int]) -> dict[int, int | None]:
    """Their Discord ids by their own; None for someone erased."""
    rows = conn.execute(_DISCORD_IDS, {"ids": sorted(person_ids)})
    return {row.id: row.discord_id for row in rows}


def known_guilds(conn: Connection) -> dict[int, int | None]:
    """The servers that the bot has greeted, each with its owner's Discord id."""
    rows = conn.execute(select(guilds.c.id, guilds.c.owner_id).where(guilds.c.greeted_at > 0))
    return {row.id: row.owner_id for row in rows}
