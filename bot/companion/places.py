"""Readers' places as they are stored."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Table, bindparam, case, select, update

from bot.companion.horizon import START
from bot.companion.tables import places
from bot.db.metadata import upsert
from bot.stories.model import Position


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a reader in a story; None where they have not said or shown."""

    horizon: Position | None = None
    bookmark: Position | None = None
    following: bool = False


_LOAD = select(places).where(
    places.c.person_id == bindparam("person"), places.c.story_id == bindparam("story")
)
_INSERT = upsert(places)
_SAVE = _INSERT.on_conflict_do_update(
    index_elements=[places.c.person_id, places.c.story_id],
    set_={
        column.name: _INSERT.excluded[column.name] for column in places.c if not column.primary_key
    },
)


def load(conn: Connection, person_id: int | None, story_id: int) -> Stored:
    row = conn.execute(_LOAD, {"person": person_id, "story": story_id}).one_or_none()
    if row is None:
        return Stored()
    return Stored(
        _position(row.horizon_ordinal, row.horizon_offset),
        _position(row.bookmark_ordinal, row.bookmark_offset),
        bool(row.following),
    )


def save(conn: Connection, person_id: int, story_id: int, stored: Stored) -> None:
    horizon, bookmark = stored.horizon, stored.bookmark
    values = {
        "person_id": person_id,
        "story_id": story_id,
        "horizon_ordinal": horizon and horizon.ordinal,
        "horizon_offset": horizon and horizon.offset,
        "bookmark_ordinal": bookmark and bookmark.ordinal,
        "bookmark_offset": bookmark and bookmark.offset,
        "following": int(stored.following),
    }
    conn.execute(_SAVE, values)


def advance(
    conn: Connection,
    person_id: int,
    story_id: int,
    before: Stored,
    horizon: Position,
    bookmark: Position,
) -> None:
    """The horizon takes this in; it never goes back. The bookmark lies where it is put."""
    after = replace(before, horizon=max(before.horizon or START, horizon), bookmark=bookmark)
    if after != before:
        save(conn, person_id, story_id, after)


def follow(conn: Connection, story_id: int, moved: Mapping[int, Callable[[int], int]]) -> None:
    """Paragraphs have other words: `moved` says by their ordinals where offsets in them go, and
    every place there goes along."""
    follow_in(conn, places, ("horizon", "bookmark"), story_id, moved)


def cut_back(conn: Connection, story_id: int, new_from: int) -> None:
    """The text is new from this ordinal on: nobody has read past its beginning."""
    for kind in ("horizon", "bookmark"):
        ordinal, offset = places.c[f"{kind}_ordinal"], places.c[f"{kind}_offset"]
        conn.execute(
            update(places)
            .where(places.c.story_id == story_id, ordinal >= new_from)
            .values({ordinal: new_from, offset: 0})
        )


def follow_in(
    conn: Connection,
    table: Table,
    kinds: Collection[str],
    story_id: int,
    moved: Mapping[int, Callable[[int], int]],
) -> None:
    """In a table whose columns are called "…_ordinal" and "…_offset"."""
    for kind in kinds:
        ordinal, offset = table.c[f"{kind}_ordinal"], table.c[f"{kind}_offset"]
        found: dict[int, dict[int, int]] = {}
        for row in conn.execute(
            select(ordinal, offset).where(table.c.story_id == story_id).distinct()
        ):
            if row[0] in moved:
                found.setdefault(row[0], {})[row[1]] = moved[row[0]](row[1])
        for corrected, offsets in found.items():
            conn.execute(
                update(table)
                .where(table.c.story_id == story_id, ordinal == corrected)
                .values({offset: case(offsets, value=offset)})
            )


def _position(ordinal: int | None, offset: int | None) -> Position | None:
    return None if ordinal is None or offset is None else Position(ordinal, offset)
