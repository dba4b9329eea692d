from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.people import service as people
from bot.stories import service as stories
from bot.stories.formats.text import parse
from bot.stories.model import Manuscript
from tests.bot.memory import in_memory
from tests.bot.serials.making import GUILD, MARA, NOW
from tests.bot.stories.any_text import TEXTS

ODD = (
    "\ufeff\tTitle: The Sea\r\nA/N: hi\r\n\r\n# Chapter 1: “Oil”\r\n\r\n  She said —\r\n*so*, "
    "not __so__.\r\n\r\n\r\n* * *\r\n\r\n他说：「走吧！」🎉\u200d\u2028x\u00a0y\x0c\r\n"
    "\r\n## Chapter 2\r\n\r\nThe end.  \r\n\r\n"
)


def add(conn: Connection, manuscript: Manuscript, interaction_id: int | None = None) -> int:
    return stories.add(
        conn,
        guild_id=GUILD,
        owner_id=people.person_id(conn, MARA, NOW),
        title="T",
        author="A",
        manuscript=manuscript,
        words=[chapter.words for chapter in manuscript.chapters],
        terms=[block.terms for block in manuscript.blocks],
        now=NOW,
        interaction_id=interaction_id,
    )


def check_stored(conn: Connection, story_id: int, manuscript: Manuscript) -> None:
    """What is stored is the manuscript, block for block."""
    source = "".join(block.source for block in manuscript.blocks)
    assert stories.source(conn, story_id) == source
    assert stories.blocks(conn, story_id, 0, len(manuscript.blocks)) == manuscript.blocks
    stored = stories.contents(conn, story_id)
    assert [chapter.title for chapter in stored] == [one.title for one in manuscript.chapters]
    for chapter, one in zip(stored, manuscript.chapters, strict=True):
        last = chapter.first + len(one.blocks) - 1
        assert stories.blocks(conn, story_id, chapter.first, last) == one.blocks
        assert stories.chapter(conn, chapter.id) == chapter


async def test_a_text_is_given_back_to_the_letter(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        other = parse("Something else, stored before.", markdown=False)
        add(conn, other)
        for markdown in (True, False):
            manuscript = parse(ODD, markdown=markdown)
            story_id = add(conn, manuscript)
            assert stories.source(conn, story_id) == ODD
            check_stored(conn, story_id, manuscript)

    await database.write(use_case)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_any_texts_appended_are_given_back_to_the_letter(texts: list[str]) -> None:
    with in_memory() as conn:
        manuscripts = [
            parse(text.encode("utf-8", "replace").decode(), markdown=True) for text in texts
        ]
        ids = [add(conn, manuscript) for manuscript in manuscripts]
        for story_id, manuscript in zip(ids, manuscripts, strict=True):
            check_stored(conn, story_id, manuscript)
        whole = "".join(stories.source(conn, story_id) for story_id in ids)
        chapters = [
            (chapter.title, blocks_of(conn, story_id, chapter))
            for story_id in ids
            for chapter in stories.contents(conn, story_id)
        ]
        for story_id in ids[1:]:
            stories.append(conn, ids[0], story_id)
            stories.remove(conn, story_id)
        assert stories.source(conn, ids[0]) == whole
        stored = stories.contents(conn, ids[0])
        assert [chapter.number for chapter in stored] == list(range(1, len(stored) + 1))
        assert [(chapter.title, blocks_of(conn, ids[0], chapter)) for chapter in stored] == chapters


def blocks_of(conn: Connection, story_id: int, chapter: stories.Chapter) -> object:
    """The first block of a chapter, where one is."""
    return stories.blocks(conn, story_id, chapter.first, chapter.first)


async def test_a_story_belongs_to_its_server(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        story_id = add(conn, parse(ODD, markdown=True), interaction_id=5)
        assert stories.by_interaction(conn, 5) == story_id
        assert stories.by_interaction(conn, 6) is None
        story = stories.by_ids(conn, {story_id, 4711})[story_id]
        assert (story.guild_id, story.chapters, story.complete) == (GUILD, 2, False)
        assert story.words == parse(ODD, markdown=True).words

    await database.write(use_case)


async def test_a_story_is_renamed_completed_and_removed(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        kept, gone = (add(conn, parse(ODD, markdown=True)) for _ in range(2))
        stories.rename(conn, gone, "New", "Someone")
        assert stories.mark_complete(conn, gone)
        assert not stories.mark_complete(conn, gone)
        found = stories.by_ids(conn, {kept, gone})
        assert (found[gone].title, found[gone].author, found[gone].complete) == (
            "New", "Someone", True,
        )  # fmt: skip
        assert (found[kept].title, found[kept].complete) == ("T", False)
        stories.remove(conn, gone)
        assert set(stories.by_ids(conn, {kept, gone})) == {kept}
        assert stories.source(conn, gone) == ""
        assert stories.source(conn, kept) == ODD

    await database.write(use_case)
