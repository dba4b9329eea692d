"""How a member likes things, whichever room it concerns. What is not said stays as it was."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.companion import readership, subscriptions
from bot.errors import NotAllowed
from bot.people import service as people
from bot.people.service import Member
from bot.words import boards, settings, streaks

NEVER = -1  # as a minute of the day


@dataclass(frozen=True, slots=True)
class Likes:
    """How a member likes things. `pace` in words a minute; `listed` is None in direct messages;
    `warning` is the minute of the day at which they are warned for their streak, None for never;
    `counted`: among a story's readers."""

    pace: int
    private: bool
    listed: bool | None
    streak_hidden: bool
    warning: int | None
    counted: bool = True


def of(conn: Connection, member: Member) -> Likes:
    person_id = people.find(conn, member.discord_id) or 0
    guild_id = member.guild_id
    return Likes(
        settings.pace(conn, person_id),
        settings.private(conn, person_id),
        None if guild_id is None else boards.is_listed(conn, guild_id, person_id),
        settings.streak_hidden(conn, person_id),
        streaks.warning_minute(conn, person_id),
        readership.is_counted(conn, person_id),
    )


def set_pace(conn: Connection, member: Member, pace: int, now: int) -> None:
    """Raises BadInput."""
    settings.set_pace(conn, people.person_id(conn, member, now), pace, now)


def set_privacy(
    conn: Connection,
    member: Member,
    private: bool | None,
    listed: bool | None,
    now: int,
    counted: bool | None = None,
) -> None:
    """Raises NotAllowed."""
    person_id = people.person_id(conn, member, now)
    if private is not None:
        settings.set_private(conn, person_id, private, now)
    if listed is not None:
        if member.guild_id is None:
            raise NotAllowed("A leaderboard is a server's: set `listed` there.")
        boards.set_listed(conn, member.guild_id, person_id, listed)
    if counted is not None:
        readership.set_counted(conn, member, counted, now)


def set_streak(
    conn: Connection, member: Member, hidden: bool | None, warning: int | None, now: int
) -> None:
    """A warning at NEVER takes it away."""
    if hidden is not None:
        person_id = people.person_id(conn, member, now)
        settings.set_streak_hidden(conn, person_id, hidden, now)
    if warning is not None:
        streaks.ask_warning(conn, member, None if warning == NEVER else warning, now)


def set_zone(conn: Connection, member: Member, zone: str, now: int) -> None:
    """Change the member's time zone, and with it when they are warned and get parts to read."""
    people.set_zone(conn, member, zone, now)
    streaks.reschedule_warning(conn, member, now)
    subscriptions.reschedule(conn, member, now)
