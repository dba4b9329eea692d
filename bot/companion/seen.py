"""What a reader has seen of a story, and where that was posted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import Connection

from bot.delivery import service as outbox
from bot.serials import pages
from bot.serials.pages import Part
from bot.serials.posting import EXCERPT
from bot.stories import index, markup, naming
from bot.stories import service as stories
from bot.stories.model import Block, Position

Message = tuple[int, int]  # the ids of a channel and of a post in it


@dataclass(frozen=True, slots=True)
class Seen:
    """Of a story, or of one of its chapters: the paragraphs before a reader's horizon, and of the
    one in which that lies a beginning, here as its terms."""

    story_id: int
    ordinals: range
    horizon: Position
    beginning: str

    @classmethod
    def up_to(cls, conn: Connection, story_id: int, horizon: Position, chapter: int | None) -> Self:
        inside = range(index.MOST)
        if chapter is not None:
            inside = _chapter(conn, story_id, horizon, chapter)
        before = range(inside.start, min(inside.stop, horizon.ordinal))
        seen = cls(story_id, before, horizon, "")
        if horizon.ordinal in inside:
            (block,) = seen.blocks(conn, [horizon.ordinal]).values()
            return replace(seen, beginning=block.terms)
        return seen

    def blocks(self, conn: Connection, ordinals: Iterable[int]) -> dict[int, Block]:
        """By these ordinals, and only up to the horizon."""
        reached = [ordinal for ordinal in ordinals if ordinal <= self.horizon.ordinal]
        found = stories.blocks_at(conn, self.story_id, reached)
        if block := found.get(self.horizon.ordinal):
            runs = markup.slice_runs(block.runs, 0, self.horizon.offset)
            found[self.horizon.ordinal] = replace(block, runs=runs)
        return found


def _chapter(conn: Connection, story_id: int, horizon: Position, number: int) -> range:
    """Of the blocks of the chapter that a reader who has come so far means by a number; empty
    where there is none."""
    reached = [
        chapter
        for chapter in stories.contents(conn, story_id)
        if Position(chapter.first, 0) < horizon
    ]
    names = naming.chapter_names([chapter.title for chapter in reached])
    found = naming.numbered(names, number)
    if found is None:
        return range(0)
    firsts = [*(chapter.first for chapter in reached), index.MOST]
    return range(*firsts[found : found + 2])


def placed(
    conn: Connection, serial_id: int, places: Sequence[Position]
) -> list[tuple[Part, Message | None]]:
    """For each place the part in which it is, and the post that shows it, where that is up."""
    found: list[tuple[Part, int]] = []
    for place in places:
        part = pages.at(conn, serial_id, place)
        assert part is not None, "prose that is in no part"
        page = max(number for number, start in enumerate(part.pages) if start <= place)
        found.append((part, page))
    up = {
        (row.subject, row.part): (row.channel_id, row.message_id)
        for row in outbox.messages(conn, EXCERPT, *{part.id for part, _ in found})
        if row.message_id is not None
    }
    return [(part, up.get((part.id, page))) for part, page in found]
