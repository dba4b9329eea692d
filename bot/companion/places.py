"""Readers' places as they are stored: (paragraph, offset), compared by where they stand."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.companion.horizon import Position
from bot.companion.tables import places
from bot.db.metadata import upsert
from bot.stories.tables import paragraphs

StoredPlace = tuple[int, int]  # paragraph id, offset


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a reader in a story; None where they have not said or shown."""

    horizon: StoredPlace | None = None
    bookmark: StoredPlace | None = None
    following: bool = False


def load(conn: Connection, person_id: int | None, story_id: int) -> Stored | None:
    row = conn.execute(
        select(places).where(places.c.person_id == person_id, places.c.story_id == story_id)
    ).one_or_none()
    if row is None:
        return None
    return Stored(
        _pair(row.horizon_paragraph_id, row.horizon_offset),
        _pair(row.bookmark_paragraph_id, row.bookmark_offset),
        bool(row.following),
    )


def save(conn: Connection, person_id: int, story_id: int, stored: Stored) -> None:
    horizon = stored.horizon or (None, None)
    bookmark = stored.bookmark or (None, None)
    values = {
        "horizon_paragraph_id": horizon[0],
        "horizon_offset": horizon[1],
        "bookmark_paragraph_id": bookmark[0],
        "bookmark_offset": bookmark[1],
        "following": int(stored.following),
    }
    conn.execute(
        upsert(places)
        .values(person_id=person_id, story_id=story_id, **values)
        .on_conflict_do_update(index_elements=["person_id", "story_id"], set_=values)
    )


def position(conn: Connection, stored: StoredPlace | None) -> Position | None:
    """Where a stored place stands in the text."""
    if stored is None:
        return None
    ordinal = conn.scalars(select(paragraphs.c.ordinal).where(paragraphs.c.id == stored[0])).one()
    return Position(ordinal, stored[1])


def later(conn: Connection, one: StoredPlace | None, other: StoredPlace) -> StoredPlace:
    """Whichever of the two comes later in the text."""
    here, there = position(conn, one), position(conn, other)
    return one if one and here and there and here > there else other


def _pair(paragraph_id: int | None, offset: int | None) -> StoredPlace | None:
    return None if paragraph_id is None or offset is None else (paragraph_id, offset)
