"""A story's text that becomes another: a new version, corrections."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, literal, select, update

from bot.stories import index, model, service, writing
from bot.stories.model import Block, Manuscript
from bot.stories.tables import chapters, paragraphs, stories


def manuscript(conn: Connection, story_id: int) -> Manuscript:
    """The story's text as it was read from its file, without what was said of it."""
    blocks: dict[int | None, list[Block]] = {None: []}
    for _, chapter_id, block in service.placed(conn, story_id):
        blocks.setdefault(chapter_id, []).append(block)
    found = service.contents(conn, story_id)
    return Manuscript(
        None,
        None,
        tuple(blocks[None]),
        tuple(model.Chapter(one.title, tuple(blocks.get(one.id, ()))) for one in found),
        (),
    )


def copy(conn: Connection, story_id: int) -> tuple[int, dict[int, int]]:
    """Keep the story a second time, where no search finds it. Returns the copy's id, and its
    chapters' ids by those of the story."""
    told = [one for one in stories.c if one.name not in ("id", "interaction_id")]
    copied: int = conn.scalars(
        insert(stories)
        .from_select([one.name for one in told], select(*told).where(stories.c.id == story_id))
        .returning(stories.c.id)
    ).one()
    described = [one for one in chapters.c if one.name not in ("id", "story_id")]
    conn.execute(
        insert(chapters).from_select(
            ["story_id", *(one.name for one in described)],
            select(literal(copied), *described).where(chapters.c.story_id == story_id),
        )
    )
    twin = chapters.alias()
    kept = [one for one in paragraphs.c if one.name not in ("id", "story_id", "chapter_id")]
    conn.execute(
        insert(paragraphs).from_select(
            ["story_id", "chapter_id", *(one.name for one in kept)],
            select(literal(copied), twin.c.id, *kept)
            .select_from(paragraphs)
            .outerjoin(chapters, chapters.c.id == paragraphs.c.chapter_id)
            .outerjoin(twin, (twin.c.story_id == copied) & (twin.c.number == chapters.c.number))
            .where(paragraphs.c.story_id == story_id),
        )
    )
    old, new = service.contents(conn, story_id), service.contents(conn, copied)
    return copied, {one.id: other.id for one, other in zip(old, new, strict=True)}


def go_on(
    conn: Connection,
    story_id: int,
    chapter_id: int | None,
    ordinal: int,
    rest: Sequence[Block],
    following: Sequence[model.Chapter],
    words: Sequence[int],
    terms: Sequence[str],
) -> list[int]:
    """Put other text in the place of all from this ordinal on: the rest of this chapter (None: what
    stands before the first one) and the chapters that follow, with their words, and the terms of
    all their blocks. Returns the chapters' ids."""
    number = 0
    if chapter_id is not None:
        number = service.chapter(conn, chapter_id).number
    conn.execute(
        delete(paragraphs).where(paragraphs.c.story_id == story_id, paragraphs.c.ordinal >= ordinal)
    )
    conn.execute(
        delete(chapters).where(chapters.c.story_id == story_id, chapters.c.number > number)
    )
    writing.add_blocks(conn, story_id, chapter_id, ordinal, rest)
    index.remove(conn, story_id, range(ordinal, index.MOST))
    in_front = len(rest) if chapter_id is None else 0
    index.add(conn, story_id, list(enumerate(terms, start=ordinal))[in_front:])
    return writing.add_chapters(conn, story_id, number + 1, ordinal + len(rest), following, words)


def correct(
    conn: Connection, story_id: int, blocks: Mapping[int, Block], terms: Sequence[str]
) -> None:
    """Give the paragraphs with these ordinals other words, which have these terms; what is done
    with a note stays."""
    if not blocks:
        return
    conn.execute(
        update(paragraphs).where(
            paragraphs.c.story_id == story_id, paragraphs.c.ordinal == bindparam("place")
        ),
        [
            {"place": ordinal, "runs": writing.runs(block), "source": block.source}
            for ordinal, block in blocks.items()
        ],
    )
    index.replace(conn, story_id, list(zip(blocks, terms, strict=True)))


def describe_chapter(conn: Connection, chapter_id: int, title: str | None, words: int) -> None:
    conn.execute(
        update(chapters).where(chapters.c.id == chapter_id).values(title=title, words=words)
    )
