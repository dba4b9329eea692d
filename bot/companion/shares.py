"""What shows a story's text in channels besides its posts: quotes and answers that were shared, and
quotes of the day."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from bot.companion import ask, quotes
from bot.delivery import service as outbox
from bot.serials import records


def take_down(
    conn: Connection, story_ids: Collection[int], *, kept_in: Collection[int] = ()
) -> None:
    """Delete them all, except in these channels."""
    for kind, subjects in _shown(conn, story_ids).items():
        outbox.remove(conn, kind, *subjects, kept_in=kept_in)


def take_down_exposed(conn: Connection, guild_id: int, restricted: Collection[int]) -> None:
    """Delete those of stories for adults outside the server's age-restricted channels."""
    take_down(conn, _for_adults(conn, guild_id), kept_in=restricted)


def exposed(conn: Connection, guild_id: int, restricted: Collection[int]) -> bool:
    """Whether there are any of stories for adults outside the server's age-restricted channels."""
    return any(
        message.channel_id not in restricted
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
