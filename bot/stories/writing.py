"""Chapters and blocks as they are written."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert

from bot.stories import model
from bot.stories.model import Block
from bot.stories.tables import chapters, paragraphs


def add_chapters(
    conn: Connection,
    story_id: int,
    number: int,
    first: int,
    added: Sequence[model.Chapter],
    words: Sequence[int],
) -> list[int]:
    """Numbered from `number`, the first one's first block at the ordinal `first`."""
    ids: list[int] = []
    for one, its_words in zip(added, words, strict=True):
        chapter_id: int = conn.scalars(
            insert(chapters)
            .values(
                story_id=story_id,
                number=number + len(ids),
                title=one.title,
                words=its_words,
                first=first,
            )
            .returning(chapters.c.id)
        ).one()
        add_blocks(conn, story_id, chapter_id, first, one.blocks)
        first += len(one.blocks)
        ids.append(chapter_id)
    return ids


def add_blocks(
    conn: Connection, story_id: int, chapter_id: int | None, first: int, added: Sequence[Block]
) -> None:
    rows = [
        {
            "story_id": story_id,
            "chapter_id": chapter_id,
            "ordinal": ordinal,
            "kind": block.kind.value,
            "runs": runs(block),
            "source": block.source,
            "shown": block.shown,
        }
        for ordinal, block in enumerate(added, start=first)
    ]
    if rows:
        conn.execute(insert(paragraphs), rows)


def runs(block: Block) -> list[list[object]]:
    return [[run.text, int(run.style)] for run in block.runs]
