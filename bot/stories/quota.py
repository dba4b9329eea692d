"""How much text an author may keep in a server."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, select, update

from bot.errors import Conflict
from bot.stories.model import Block
from bot.stories.tables import stories

USUAL = 50_000_000  # bytes, where the operator says nothing else: some eighty novels


def size(blocks: Iterable[Block]) -> int:
    """The bytes of their text, as UTF-8."""
    return sum(len(block.source.encode()) for block in blocks)


def check(
    conn: Connection,
    guild_id: int,
    owner_id: int,
    blocks: Iterable[Block],
    quota: int,
    replaced: int | None = None,
) -> None:
    """Raises Conflict where the author may not keep these blocks too. `replaced` is the id of a
    story that they take the place of."""
    held: int = conn.scalars(
        select(func.coalesce(func.sum(stories.c.bytes), 0)).where(
            stories.c.owner_id == owner_id,
            stories.c.guild_id == guild_id,
            stories.c.id.is_distinct_from(replaced),
        )
    ).one()
    more = size(blocks)
    if held + more > quota:
        raise Conflict(
            f"There is no room for that file's {_spoken(more)} of text: an author may keep "
            f"{_spoken(quota)} in this server, and you have {_spoken(int(held))}. To make room, "
            "`/serial remove` a story, or discard a draft in `/serial status`."
        )


def append(conn: Connection, story_id: int, draft_id: int) -> None:
    """The draft's text has become the story's."""
    more = conn.scalars(select(stories.c.bytes).where(stories.c.id == draft_id)).one()
    of = update(stories).where(stories.c.id == bindparam("story"))
    conn.execute(of.values(bytes=stories.c.bytes + more), {"story": story_id})
    conn.execute(of.values(bytes=0), {"story": draft_id})


def set_size(conn: Connection, story_id: int, text: str) -> None:
    """The story's whole text has become this."""
    size = len(text.encode())
    conn.execute(update(stories).where(stories.c.id == story_id).values(bytes=size))


def _spoken(number: int) -> str:
    """ "49.3 MB" """
    if number < 100_000:
        return f"{-(-number // 1000)} KB"
    return f"{number / 1_000_000:.1f}".removesuffix(".0") + " MB"
