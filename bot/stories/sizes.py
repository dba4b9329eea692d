"""How much text each story holds."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select, update

from bot.stories.model import Block
from bot.stories.tables import stories

# Of an `owner` in a `guild`: each story's id and bytes.
OF_OWNER = (
    select(stories.c.id, stories.c.bytes)
    .where(stories.c.owner_id == bindparam("owner"), stories.c.guild_id == bindparam("guild"))
    .subquery()
)


def of_blocks(blocks: Iterable[Block]) -> int:
    """The bytes of their text, as UTF-8."""
    return sum(len(block.source.encode()) for block in blocks)


def of_story(conn: Connection, story_id: int) -> int:
    size: int = conn.scalars(select(stories.c.bytes).where(stories.c.id == story_id)).one()
    return size


def append(conn: Connection, story_id: int, draft_id: int) -> None:
    """The draft's text has become the story's."""
    more = of_story(conn, draft_id)
    of = update(stories).where(stories.c.id == bindparam("story"))
    conn.execute(of.values(bytes=stories.c.bytes + more), {"story": story_id})
    conn.execute(of.values(bytes=0), {"story": draft_id})


def set_size(conn: Connection, story_id: int, size: int) -> None:
    """The story's whole text now has so many bytes."""
    conn.execute(update(stories).where(stories.c.id == story_id).values(bytes=size))
