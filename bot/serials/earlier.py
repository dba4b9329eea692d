"""What a serial's story was before its last change, kept until something new is posted."""

from sqlalchemy import Connection, insert, select

from bot.serials.records import Serial, State
from bot.serials.tables import excerpts, serials, updates
from bot.stories import changing
from bot.stories import service as stories


def keep(conn: Connection, serial: Serial, new_from: int) -> int:
    """Copy the story and the cut of its parts, in place of an earlier copy. Its text is about to be
    new from that ordinal on. Returns the copy's id."""
    story_id, chapter_ids = changing.copy(conn, serial.story.id)
    draft_id: int = conn.scalars(
        insert(serials)
        .values(guild_id=serial.guild_id, story_id=story_id, state=State.DRAFT)
        .returning(serials.c.id)
    ).one()
    parts = conn.execute(select(excerpts).where(excerpts.c.serial_id == serial.id)).all()
    names = (
        "number", "start_ordinal", "start_offset", "end_ordinal", "end_offset", "pages", "words",
        "state",
    )  # fmt: skip
    if parts:
        conn.execute(
            insert(excerpts),
            [
                {
                    **{name: part._mapping[name] for name in names},
                    "serial_id": draft_id,
                    "chapter_id": chapter_ids[part.chapter_id],
                }
                for part in parts
            ],
        )
    drop(conn, serial.id)  # not before: its id would be given again, and its old button answer
    conn.execute(insert(updates).values(draft_id=draft_id, serial_id=serial.id, new_from=new_from))
    return draft_id


def of(conn: Connection, serial_id: int) -> int | None:
    """The id of the copy that is kept, if the last change can be undone."""
    found: int | None = conn.scalar(
        select(updates.c.draft_id).where(
            updates.c.serial_id == serial_id, updates.c.new_from.is_not(None)
        )
    )
    return found


def drop(conn: Connection, serial_id: int, *, posted: int | None = None) -> None:
    """Keep the copy no longer; with `posted`, only if the text is new at that ordinal or before."""
    found = (
        select(serials.c.story_id)
        .join(updates, updates.c.draft_id == serials.c.id)
        .where(updates.c.serial_id == serial_id, updates.c.new_from.is_not(None))
    )
    if posted is not None:
        found = found.where(updates.c.new_from <= posted)
    for story_id in conn.scalars(found).all():
        stories.remove(conn, story_id)
