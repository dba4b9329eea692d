"""Everything that is held on a member, their going, and what a server sets and sees."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.challenges import course
from bot.challenges import privacy as challenges
from bot.community import cleaning
from bot.companion import daily, shares
from bot.companion import privacy as companion
from bot.db.held import Held
from bot.delivery import public_answers
from bot.delivery import service as outbox
from bot.errors import NotFound
from bot.people import privacy as people
from bot.people import service
from bot.people.service import Member
from bot.serials import privacy as serials
from bot.serials import ratings, records, removal
from bot.serials.records import Actor, Serial
from bot.serials.service import set_guild_zone as set_serials_zone
from bot.sprints import plans
from bot.sprints import privacy as sprints
from bot.stories import privacy as stories
from bot.stories.model import Rating
from bot.words import boards, ledger
from bot.words import privacy as words
from bot.words.boards import Entered
from bot.words.imports import EVERYTHING
from bot.words.ledger import Entry

STRANGER = "I hold nothing on you."
PACE = 5_000  # ms that Discord may take for each of many edits or deletions in a channel
LEAST = 10 * 60_000  # ms


@dataclass(frozen=True, slots=True)
class Export:
    """What is held on a person: their entries as they stand, oldest first, and all by table."""

    entries: list[Entry]
    everything: Held


@dataclass(frozen=True, slots=True)
class Erased:
    """Whether the database's files are ours to clean, and when that and the messages are done, at
    the latest."""

    cleans_files: bool
    done_by: int


def export(conn: Connection, member: Member) -> Export:
    """Raises NotFound."""
    everything: Held = people.held_on_owner(conn, member.discord_id)
    person_id = service.find(conn, member.discord_id)
    if person_id is None:
        if not everything["guilds"]:
            raise NotFound(STRANGER)
        return Export([], everything)
    for room in (people, words, sprints, challenges, companion, stories, serials):
        everything |= room.held(conn, person_id)
    return Export(ledger.latest(conn, person_id, EVERYTHING)[::-1], everything)


def erase(conn: Connection, member: Member, now: int) -> Erased:
    """Have the person gone from every table; in old sprints "a writer" stays. Jobs and the outbox
    do the rest: the files, and the messages that named them. Raises NotFound."""
    zone = service.zone_of(conn, member).zone
    person_id = people.lock(conn, member.discord_id)
    owns_servers = people.forget_owner(conn, member.discord_id)
    if person_id is not None:
        _erase(conn, person_id, now)
    elif not owns_servers:
        raise NotFound(STRANGER)
    messages_by = now + LEAST + outbox.backlog(conn) * PACE
    done_by = max(cleaning.begin(conn, zone, now), messages_by)
    return Erased(conn.dialect.name == "sqlite", done_by)


def _erase(conn: Connection, person_id: int, now: int) -> None:
    serials.lock(conn, person_id)
    companion.erase(conn, person_id)
    serials.erase(conn, person_id)
    sprints.erase(conn, person_id, now)
    challenges.erase(conn, person_id)
    words.erase(conn, person_id)
    people.erase(conn, person_id)


def remove_serial(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    typed: str,
    reason: str,
    now: int,
) -> Serial:
    """`removal.remove`, and what was shared of the story goes as well, and what is left of it in
    files."""
    story_id = records.get(conn, guild_id, serial_id).story.id
    shares.take_down(conn, [story_id])
    public_answers.erase_stories(conn, [story_id])
    cleaning.begin(conn, service.zone_of(conn, actor.member).zone, now)
    return removal.remove(conn, actor, guild_id, serial_id, typed, reason)


def rate(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    rating: Rating,
    unrestricted: Collection[int],
    now: int,
) -> Serial:
    """`ratings.rate`, and what was shared where it may not be shown any more is taken down."""
    serial = ratings.rate(conn, actor, guild_id, serial_id, rating, unrestricted, now)
    shares.take_down_exposed(conn, guild_id, unrestricted)
    return serial


def exposed(conn: Connection, guild_id: int, unrestricted: Collection[int]) -> bool:
    """Whether anything for adults is posted, or was shared, in these unrestricted channels."""
    return bool(ratings.exposed(conn, guild_id, unrestricted)) or shares.exposed(
        conn, guild_id, unrestricted
    )


def hide_exposed(conn: Connection, guild_id: int, unrestricted: Collection[int], now: int) -> None:
    """Pause what is posted there, and take down what was shared there."""
    ratings.pause_exposed(conn, guild_id, unrestricted, now)
    shares.take_down_exposed(conn, guild_id, unrestricted)


def set_guild_zone(conn: Connection, guild_id: int, zone: str, now: int) -> None:
    """Change the server's time zone, and with it what is planned by it."""
    set_serials_zone(conn, guild_id, zone, now)
    plans.reschedule(conn, guild_id, now)
    course.reschedule(conn, guild_id, now)
    daily.reschedule(conn, guild_id, now)


def entered(conn: Connection, guild_id: int, discord_id: int) -> list[Entered]:
    """What a member logged in the server last for all to see, newest first."""
    person_id = service.find(conn, discord_id)
    return [] if person_id is None else boards.entries_here(conn, guild_id, person_id)


def leave_private_off(
    conn: Connection, guild_id: int, discord_id: int, off: bool, now: int
) -> None:
    """Whether what a member has logged privately in the server stays out of its challenges."""
    person_id = service.find(conn, discord_id, lock=True)
    if person_id is not None:
        boards.leave_private_off(conn, guild_id, person_id, off, now)
