"""A story that is already under way elsewhere starts here at a later chapter."""

from sqlalchemy import Connection, select, update

from bot.delivery import service as outbox
from bot.errors import BadInput, Conflict
from bot.serials import notes, posting
from bot.serials.records import Actor, Serial, get, owned
from bot.serials.tables import excerpts
from bot.stories import service as stories


def start_at(conn: Connection, actor: Actor, guild_id: int, serial_id: int, number: int) -> Serial:
    """Post nothing before this chapter: those before it are out elsewhere, and readers may read
    them once the first part is posted here. 1: post it all. Raises BadInput, and Conflict once
    something is posted or on its way."""
    serial = owned(conn, actor, guild_id, serial_id)
    chapters = stories.contents(conn, serial.story.id)
    if not 1 <= number <= len(chapters):
        raise BadInput(
            f"{serial.story.quoted} has chapters 1 to {len(chapters)}: type the number of one."
        )
    rows = conn.execute(
        select(excerpts.c.id, excerpts.c.chapter_id, excerpts.c.state).where(
            excerpts.c.serial_id == serial_id
        )
    ).all()
    if any(row.state in (posting.PROMISED, posting.PUBLISHED) for row in rows):
        raise Conflict(
            f"{serial.story.quoted} has begun here, so where it starts can't be changed any more."
        )
    before = {chapter.id for chapter in chapters[: number - 1]}
    for state, ids in (
        (posting.ELSEWHERE, [row.id for row in rows if row.chapter_id in before]),
        (posting.PLANNED, [row.id for row in rows if row.chapter_id not in before]),
    ):
        conn.execute(update(excerpts).where(excerpts.c.id.in_(ids)).values(state=state))
    outbox.remove(conn, posting.EXCERPT, *(row.id for row in rows))  # refused after a first page
    notes.arrange(conn, serial_id, serial.story.id)
    return get(conn, guild_id, serial_id)
