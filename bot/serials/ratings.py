"""Whom a story suits, and what follows: what is for adults stays in age-restricted channels."""

from collections.abc import Collection

from sqlalchemy import Connection, update

from bot.delivery import service as outbox
from bot.delivery.rules import Act
from bot.errors import Conflict, NotAllowed
from bot.serials import posting
from bot.serials.records import Actor, Serial, State, get, governed, in_guild
from bot.serials.tables import serials
from bot.stories import service as stories
from bot.stories.model import Rating
from bot.stories.service import Story

UNRESTRICTED = "unrestricted"  # the trouble of what is for adults and in a channel for everyone


def may_show(story: Story, *, restricted: bool) -> bool:
    """Whether its text may be shown in a channel that is age-restricted or not."""
    return restricted or not story.rating.for_adults


def check(story: Story, *, restricted: bool) -> None:
    """Raises NotAllowed where its text may not be shown."""
    if not may_show(story, restricted=restricted):
        raise NotAllowed(
            f"{story.quoted} is rated {story.rating}, so its text is shown in age-restricted "
            "channels alone: do this in one, or for one."
        )


def rate(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    rating: Rating,
    unrestricted: Collection[int],
    now: int,
) -> Serial:
    """Say whom it suits: its author does, though not below what moderators have said, and they may
    only raise it. `unrestricted` are the server's channels that are not age-restricted. Raises
    NotAllowed, Conflict."""
    serial = governed(conn, actor, guild_id, serial_id)
    story, least = serial.story, serial.story.least_rating
    if serial.owner_discord_id != actor.member.discord_id:
        if rating.height < story.rating.height:
            raise Conflict("Moderators may raise a rating; only its author may lower it.")
        least = rating
    elif rating.height < least.height:
        raise NotAllowed(f"Moderators have rated {story.quoted} {least}: that is the least.")
    stories.rate(conn, story.id, rating, least)
    if rating.for_adults:
        posting.forget_crossposts(conn, serial_id)
    elif story.rating.for_adults:  # corrections of its posts may have waited for this
        outbox.unblock(conn, outbox.blocked_channels(conn, guild_id), [Act.POST])
    if exposed(conn, guild_id, unrestricted):
        pause_exposed(conn, guild_id, unrestricted, now)
    return get(conn, guild_id, serial_id)


def raise_to(conn: Connection, serial: Serial, rating: Rating) -> None:
    """Rate the serial's story as high as text for adults that is about to join it. A lower rating
    may only be a file's that says none."""
    if rating.for_adults and rating.height > serial.story.rating.height:
        stories.rate(conn, serial.story.id, rating, serial.story.least_rating)
        posting.forget_crossposts(conn, serial.id)


def exposed(conn: Connection, guild_id: int, unrestricted: Collection[int]) -> list[Serial]:
    """Serials for adults that are posted in these unrestricted channels."""
    return [
        serial
        for serial in in_guild(conn, guild_id)
        if serial.story.rating.for_adults
        and serial.state in (State.ACTIVE, State.WAITING)
        and serial.channel_id in unrestricted
    ]


def pause_exposed(conn: Connection, guild_id: int, unrestricted: Collection[int], now: int) -> None:
    """Pause them, and tell their authors why."""
    for serial in exposed(conn, guild_id, unrestricted):
        conn.execute(
            update(serials)
            .where(serials.c.id == serial.id)
            .values(state=State.PAUSED, trouble=UNRESTRICTED)
        )
        posting.cancel_slots(conn, serial.id)
        posting.withdraw_promised(conn, serial.id)
        posting.tell_author(conn, posting.EXPOSED, serial.id, now)
