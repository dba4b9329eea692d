"""The index, on both databases: what it finds is what the terms say."""

import importlib
from dataclasses import replace

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from bot.db.engine import Database
from bot.people import service as people
from bot.stories import changing, index, privacy
from bot.stories import service as stories
from bot.stories.analyser import joined
from bot.stories.formats.text import parse
from bot.stories.model import Kind, Run
from bot.stories.queries import Phrase, Query, phrase
from tests.bot.memory import in_memory
from tests.bot.serials.making import MARA, NOW
from tests.bot.stories.any_text import TEXTS
from tests.bot.stories.test_service import ODD, add

ALL = range(1 << 24)
PARAGRAPHS = (
    "The old lantern stood in the window.",
    "Dilys’s lanterns were old; the window was not.",
    "他说：「走吧！」我不知道。",
    "바다가 보인다. バケツが走る。 ฉันอยู่ที่นี่",
    "the the of the AND or NOT near(a, b) col:x",
)


def query(*wanted: str, without: tuple[str, ...] = ()) -> Query:
    return Query(tuple(map(said, wanted)), tuple(map(said, without)))


def said(words: str) -> Phrase:
    found = phrase(words)
    assert found is not None
    return found


def found(conn: Connection, story_id: int, asked: Query, ordinals: range = ALL) -> list[int]:
    rows = [ordinal for ordinal, _ in index.matches(conn, story_id, ordinals, asked)]
    assert index.count(conn, story_id, ordinals, asked) == len(rows)
    return rows


def put(conn: Connection, story_id: int, *paragraphs: str) -> None:
    index.add(conn, story_id, enumerate(map(joined, paragraphs)))


@pytest.mark.parametrize(
    ("asked", "ordinals"),
    [
        (query("lantern"), [0, 1]),
        (query("Lanterns", "dilys"), [1]),
        (query("old lantern"), [0]),
        (query("lantern", without=("dilys",)), [0]),
        (query("lantern", without=("old lantern",)), [1]),
        (query("lantern", without=("dilys", "stood")), []),
        (query("走吧"), [2]),
        (query("走"), [2, 3]),
        (query("吧"), [2]),
        (query("走我"), []),
        (query("说走吧"), []),
        (query("바다"), [3]),
        (query("走る"), [3]),
        (query("อยู่"), [3]),
        (query("of the"), [4]),
        (query("the of"), [4]),
        (query("of of"), []),
        (query("and"), [4]),
        (query("near a b"), [4]),
    ],
)
async def test_what_is_found(database: Database, asked: Query, ordinals: list[int]) -> None:
    def use_case(conn: Connection) -> None:
        put(conn, 7, *PARAGRAPHS)
        assert found(conn, 7, asked) == ordinals

    await database.write(use_case)


async def test_only_the_paragraphs_that_are_asked_for(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        for story_id in (6, 7, 8):
            put(conn, story_id, *["lantern"] * 5)
        assert found(conn, 7, query("lantern"), range(1, 4)) == [1, 2, 3]
        assert found(conn, 7, query("lantern"), range(3, 3)) == []
        pages = [
            [one for one, _ in index.matches(conn, 7, ALL, query("lantern"), first=first, most=2)]
            for first in (0, 2, 4)
        ]
        assert pages == [[0, 1], [2, 3], [4]]

    await database.write(use_case)


def everything(conn: Connection) -> list[tuple[int, str]]:
    rows = conn.execute(text("SELECT rowid, terms FROM search_index ORDER BY rowid"))
    return [(row.rowid, row.terms) for row in rows]


def expected(conn: Connection, *story_ids: int) -> list[tuple[int, str]]:
    return [
        (story_id << 24 | ordinal, block.terms)
        for story_id in story_ids
        for ordinal, chapter_id, block in stories.placed(conn, story_id)
        if chapter_id is not None and block.terms
    ]


async def test_it_follows_what_becomes_of_a_story(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        one, two, three = (add(conn, parse(ODD, markdown=True)) for _ in range(3))
        assert everything(conn) == expected(conn, one, two, three) != []
        stories.append(conn, one, three)
        stories.remove(conn, three)
        assert everything(conn) == expected(conn, one, two)
        stories.remove(conn, one)
        assert everything(conn) == expected(conn, two)
        privacy.erase(conn, people.person_id(conn, MARA, NOW))
        assert everything(conn) == []

    await database.write(use_case)


async def test_a_text_that_changes_is_found_by_what_it_says_now(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        story_id = add(conn, parse(ODD, markdown=True))
        prose = [one for one in stories.placed(conn, story_id) if one[2].kind is Kind.PROSE]
        (first, _, block), (second, chapter, _) = prose[:2]
        new = replace(block, runs=(Run("A lamp."),))
        changing.correct(conn, story_id, {first: new}, [new.terms])
        assert everything(conn) == expected(conn, story_id)
        assert everything(conn)[0][1] == joined("A lamp.")
        rest = (replace(block, runs=(Run("And a wick."),)),)
        changing.go_on(conn, story_id, chapter, second, rest, (), (), [rest[0].terms])
        assert everything(conn) == expected(conn, story_id)
        assert len(everything(conn)) == 2

    await database.write(use_case)


@given(
    st.lists(TEXTS, min_size=1, max_size=4),
    st.lists(TEXTS, min_size=1, max_size=2),
    st.lists(TEXTS, max_size=2),
    st.data(),
)
def test_any_query_finds_what_holds(
    texts: list[str], wanted: list[str], unwanted: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(texts[0])))
    wanted.append(texts[0][start : start + data.draw(st.integers(1, 12))])
    phrases = [tuple(filter(None, map(phrase, said))) for said in (wanted, unwanted)]
    if not phrases[0]:
        return
    asked = Query(*phrases)
    with in_memory() as conn:
        put(conn, 3, *texts)
        assert found(conn, 3, asked) == [
            ordinal for ordinal, said in enumerate(texts) if asked.holds(joined(said))
        ]


def test_stories_that_are_there_already_are_indexed() -> None:
    migration = importlib.import_module("bot.db.migrations.versions.0005_search")
    with in_memory() as conn:
        story_id = add(conn, parse(ODD, markdown=True))
        rows = everything(conn)
        conn.execute(text("DROP TABLE search_index"))
        with Operations.context(MigrationContext.configure(conn)):
            migration.upgrade()
        assert everything(conn) == rows == expected(conn, story_id)
