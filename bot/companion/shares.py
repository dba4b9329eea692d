"""What shows a story's text in channels besides its posts: quotes and answers that were shared, and
quotes of the day."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from bot.companion import ask, quotes
from bot.delivery import service as outbox
from bot.serials import records


def take_down(
    conn: Connection, story_ids: Collection[int], channel_ids: Collection[int] | None = None
) -> None:
    """Delete them all, or those in these channels."""
    for kind, subjects in _shown(conn, story_ids).items():
        outbox.remove(conn, kind, *subjects, channel_ids=channel_ids)


def take_down_exposed(conn: Connection, guild_id: int, unrestricted: Collection[int]) -> None:
    """Delete those of stories for adults in the server's unrestricted channels."""
    take_down(conn, _for_adults(conn, guild_id), unrestricted)


def exposed(conn: Connection, guild_id: int, unrestricted: Collection[int]) -> bool:
    """Whether there are any of stories for adults in the server's unrestricted channels."""
    return any(
        message.channel_id in unrestricted
        for kind, subjects in _shown(conn, _for_adults(conn, guild_id)).items()
        for message in outbox.messages(conn, kind, *subjects)
    )


def _shown(conn: Connection, story_ids: Collection[int]) -> dict[str, Sequence[int]]:
    return {**quotes.shown(conn, story_ids), ask.SHARED: list(story_ids)}


def _for_adults(conn: Connection, guild_id: int) -> list[int]:
    return [
        serial.story.id
        for serial in records.in_guild(conn, guild_id)
        if serial.story.rating.for_adults
    ]
