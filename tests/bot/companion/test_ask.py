"""A reader is answered from what they have seen, and as if there were nothing else."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from benchmarks.answers import questions
from bot.companion import ask, asking, places
from bot.companion import service as companion
from bot.companion.asked_files import ask as ask_file
from bot.companion.places import Stored
from bot.companion.questions import parse
from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.people import service as people
from bot.serials import pages
from bot.serials.posting import EXCERPT
from bot.serials.records import Serial
from bot.stories import index
from bot.stories import service as stories
from bot.stories.model import Position
from bot.stories.tables import paragraphs
from tests.bot.companion.casting import cast, lantern, look
from tests.bot.companion.test_search import go_on_with, of_paragraphs, oil
from tests.bot.memory import in_memory, kept
from tests.bot.serials.making import NOW, READER, STORIES, published, sample

Told = tuple[list[tuple[str, Position, int]], int]

ASKED = st.sampled_from(
    [
        *[one.asks for one in questions() if one.story.startswith("playground")],
        *["what happens in chapter 3", "who rowed the boat in chapter 5?", "lamp", "chapter 9"],
    ]
)


def told(conn: Connection, serial: Serial, asks: str, last: int | None = None) -> Told:
    """What is answered, where it begins and in which part; and the last part looked at."""
    gathered = ask.gather(conn, READER, serial, parse(asks), last)
    assert gathered is not None
    ground, up_to = gathered
    answers = ask.place(conn, serial, asking.passages(ground))
    found = [(ground.text(one.passage), one.passage.start, one.part.number) for one in answers]
    return found, up_to.number if up_to else 0


def come_to(conn: Connection, serial: Serial, horizon: Position) -> None:
    person_id = people.person_id(conn, READER, NOW)
    places.save(conn, person_id, serial.story.id, Stored(horizon, horizon))


async def test_an_answer_leads_to_its_post(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = oil(conn)
        assert ask.gather(conn, READER, serial, parse("lantern")) is None
        companion.set_place(conn, READER, serial.id, serial.story.id, None, NOW)
        gathered = ask.gather(conn, READER, serial, parse("Who saw the boat after the storm?"))
        assert gathered is not None
        ground, up_to = gathered
        (answer, *_) = ask.place(conn, serial, asking.passages(ground))
        assert ground.text(answer.passage).endswith("the lantern was gone with it.")
        (row,) = outbox.messages(conn, EXCERPT, answer.part.id)
        assert answer.message == (STORIES, row.message_id)
        assert up_to == answer.part == answer.last == pages.numbered(conn, serial.id, 2)

    await database.write(use_case)


async def test_what_is_not_reached_is_not_there(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = oil(conn)
        companion.set_place(conn, READER, serial.id, serial.story.id, 0, NOW)
        assert told(conn, serial, "what of the lantern") == ([], 0)
        companion.set_place(conn, READER, serial.id, serial.story.id, 1, NOW)
        assert told(conn, serial, "what of the storm") == ([], 1)
        assert told(conn, serial, "what happens in chapter 2") == ([], 1)
        assert told(conn, serial, "who is the lantern")[0]
        companion.set_place(conn, READER, serial.id, serial.story.id, 2, NOW)
        assert told(conn, serial, "what of the storm")[0]
        assert told(conn, serial, "what of the storm", last=1) == ([], 1)
        (passage,), _ = told(conn, serial, "what happens in chapter 2")
        assert passage[0].startswith("他说")

    await database.write(use_case)


@pytest.mark.parametrize("asks", [one.asks for one in questions()][:12:3])
async def test_a_reader_at_the_end_is_answered_as_the_author_is(
    database: Database, asks: str
) -> None:
    def use_case(conn: Connection) -> None:
        story = sample()
        serial = published(conn, sum(map(len, story.cuts)), story)
        companion.set_place(conn, READER, serial.id, serial.story.id, None, NOW)
        found, _ = told(conn, serial, asks)
        assert [(text, part) for text, _, part in found] == [
            (one["text"], one["excerpt"]) for one in ask_file(story, asks)["passages"]
        ]

    await database.write(use_case)


@cache
def pier() -> tuple[bytes, Serial]:
    with in_memory() as conn:
        story = sample()
        serial = published(conn, sum(map(len, story.cuts)), story)
        return kept(conn), serial


@given(ASKED, st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_the_story_up_to_the_horizon_is_answered_as_if_it_were_all(
    asks: str, come: float, within: float, goes_on: bool
) -> None:
    """To the letter, also where it goes on in another way."""
    data, serial = pier()
    with in_memory(data) as conn:
        placed = stories.placed(conn, serial.story.id)
        ordinal, _, block = placed[round(come * (len(placed) - 1))]
        horizon = Position(ordinal, round(within * len(block.text)))
        come_to(conn, serial, horizon)
        found = told(conn, serial, asks)
        if goes_on:
            go_on_with(conn, serial.story.id, horizon, "The Owl saw the pier burn. " * 3)
        else:
            go_on_with(conn, serial.story.id, horizon, "")
            conn.execute(
                delete(paragraphs).where(
                    paragraphs.c.story_id == serial.story.id, paragraphs.c.ordinal > ordinal
                )
            )
            index.remove(conn, serial.story.id, range(ordinal + 1, index.MOST))
        assert told(conn, serial, asks) == found


async def test_common_words_are_weighed_by_what_is_seen_of_them(database: Database) -> None:
    """A word that is rare so far is not made common by what comes."""

    def use_case(conn: Connection) -> None:
        text = ["The sea took the lantern.", *["The sea was grey."] * 9]
        text += ["The oil took the lantern.", *["A ferry came."] * 9]
        text += ["## Chapter 2", *["Oil, and nothing but oil."] * 300]
        serial = of_paragraphs(conn, text)
        companion.set_place(conn, READER, serial.id, serial.story.id, 1, NOW)
        ((first, _, _), *_), _ = told(conn, serial, "sea oil")
        assert "The oil took the lantern." in first

    await database.write(use_case)


async def test_a_characters_other_names_help_once_it_may_be_known_whose_they_are(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        look(conn, serial)
        terms = []
        for part in (4, 5):
            companion.set_place(conn, READER, serial.id, serial.story.id, part, NOW)
            gathered = ask.gather(conn, READER, serial, parse("Where does Edda sleep?"))
            assert gathered is not None
            terms.append(gathered[0].question.words["edda"].terms.keys())
        assert terms == [{"edda"}, {"edda", "owl"}]

    await database.write(use_case)


HOSTILE = ["it's", '"*" OR NOT (', "NEAR(oil boat)", "oil\0boat ' & ! | :*", "🎉 x", "走吧 \ud800"]


@pytest.mark.parametrize("asks", HOSTILE)
async def test_any_question_is_safe_on_both(database: Database, asks: str) -> None:
    def use_case(conn: Connection) -> None:
        serial = oil(conn)
        companion.set_place(conn, READER, serial.id, serial.story.id, None, NOW)
        told(conn, serial, f"boat {asks}")

    await database.write(use_case)
