"""How much text an author may keep in a server."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.errors import Conflict
from bot.serials.tables import serials, updates
from bot.stories import sizes

USUAL = 50_000_000  # bytes, where the operator says nothing else: some eighty novels
NEW = 0  # in place of the id of a serial that is only being added

_HELD = (
    select(
        func.coalesce(updates.c.serial_id, serials.c.id).label("serial_id"),
        serials.c.id,
        sizes.OF_OWNER.c.bytes,
    )
    .join(sizes.OF_OWNER, sizes.OF_OWNER.c.id == serials.c.story_id)
    .outerjoin(updates, updates.c.draft_id == serials.c.id)
)


@dataclass(frozen=True, slots=True)
class Text:
    """What is kept for a serial: its text as it is, as it was (for Undo), or a new version that
    waits. `id` is that of the serial, or of the draft that holds the other text."""

    serial_id: int
    id: int
    bytes: int


def counted(texts: Iterable[Text]) -> int:
    """How many bytes count: of each serial its largest text. So Undo never needs more room, and a
    new version needs it only for what it is larger by."""
    largest: dict[int, int] = {}
    for text in texts:
        largest[text.serial_id] = max(text.bytes, largest.get(text.serial_id, 0))
    return sum(largest.values())


def check(
    conn: Connection,
    guild_id: int,
    owner_id: int,
    text: Text,
    most: int,
    *,
    instead_of: int | None = None,
) -> None:
    """Raises Conflict where the author may not keep this text too, in place of the one with the id
    `instead_of`."""
    rows = conn.execute(_HELD, {"owner": owner_id, "guild": guild_id})
    held = [Text(row.serial_id, row.id, row.bytes) for row in rows]
    before = counted(held)
    after = counted([*(one for one in held if one.id != instead_of), text])
    if after > max(most, before):
        raise Conflict(
            f"There is no room for {_spoken(after - before)} more of text: an author may keep "
            f"{_spoken(most)} in this server, and you have {_spoken(before)}. To make room, "
            "`/serial remove` a story, or discard a draft in `/serial status`."
        )


def _spoken(number: int) -> str:
    """ "49.3 MB" """
    if number < 100_000:
        return f"{-(-number // 1000)} KB"
    return f"{number / 1_000_000:.1f}".removesuffix(".0") + " MB"
