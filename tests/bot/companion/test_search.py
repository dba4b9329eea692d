"""Search finds what a reader has seen, and behaves as if there were nothing else."""

from contextlib import suppress
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.companion import places, search
from bot.companion import service as companion
from bot.companion.places import Stored
from bot.companion.search import A_PAGE, LONGEST, Found, find, parse
from bot.companion.snippets import merged, snippet
from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.errors import BadInput, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.serials import pages
from bot.serials.excerpts import cut
from bot.serials.imports import prepare
from bot.serials.posting import EXCERPT
from bot.serials.records import Serial
from bot.stories import analyser, changing, markup
from bot.stories import service as stories
from bot.stories.model import Position, Run, Style
from bot.stories.queries import Query, phrase
from tests.bot.memory import in_memory, kept
from tests.bot.serials.making import GUILD, NOW, READER, STORIES, published
from tests.bot.stories.any_text import TEXTS

STRANGER = Member(3, "Ines", GUILD)
OIL = """\
# The Lantern

## Chapter 1: Oil

The lantern stood *in the old* window, and nobody lit it.

“Lanterns!” said Dilys. “Lanterns, lanterns, and not a drop of oil.”

The boat was old. Dilys’s boat leaked; she bailed it with the lantern.

## Chapter 2: Wick

他说：「走吧！」 The window was dark.

Nobody had seen the boat since the storm, and the lantern was gone with it.
"""


def oil(conn: Connection, parts: int = 2) -> Serial:
    """A story with a chapter a part."""
    found = prepare("oil.md", OIL.encode())
    cuts = tuple(tuple(cut(chapter.blocks)) for chapter in found.manuscript.chapters)
    return published(conn, parts, replace(found, cuts=cuts))


def caught_up(conn: Connection, serial: Serial, number: int | None = None) -> None:
    companion.set_place(conn, READER, serial.id, serial.story.id, number, NOW)


def looked(conn: Connection, serial: Serial, typed: str, page: int = 0) -> Found:
    found = find(conn, READER, serial, parse(typed), page)
    assert found is not None
    return found


def shown(found: Found) -> list[str]:
    """The passages with what is bold in brackets."""
    return [
        "".join(
            f"[{run.text}]" if Style.BOLD in run.style else run.text for run in passage.snippet.runs
        ).replace("][", "")
        for passage in found.passages
    ]


@pytest.mark.parametrize(
    ("typed", "passages"),
    [
        (
            "lantern",
            [
                "“[Lanterns]!” said Dilys. “[Lanterns], [lanterns], and not a drop of oil.”",
                "The [lantern] stood in the old window, and nobody lit it.",
                "The boat was old. Dilys’s boat leaked; she bailed it with the [lantern].",
                "Nobody had seen the boat since the storm, and the [lantern] was gone with it.",
            ],
        ),
        (
            "DILYS boats",
            ["The [boat] was old. [Dilys’s] [boat] leaked; she bailed it with the lantern."],
        ),
        ('"old window"', ["The lantern stood in the [old window], and nobody lit it."]),
        ("“old window”", ["The lantern stood in the [old window], and nobody lit it."]),
        (
            "window -lantern",
            ["他说：「走吧！」 The [window] was dark."],
        ),
        (
            "boat -“old dilys”",
            ["Nobody had seen the [boat] since the storm, and the lantern was gone with it."],
        ),
        ("window chapter:2", ["他说：「走吧！」 The [window] was dark."]),
        ("走吧", ["他说：「[走吧]！」 The window was dark."]),
        ("吧", ["他说：「走[吧]！」 The window was dark."]),
        ("boat chapter:3", []),
        ("see", ["Nobody had [seen] the boat since the storm, and the lantern was gone with it."]),
        ("anchor", []),
    ],
)
async def test_what_is_found(database: Database, typed: str, passages: list[str]) -> None:
    def use_case(conn: Connection) -> None:
        serial = oil(conn)
        caught_up(conn, serial)
        found = looked(conn, serial, typed)
        assert shown(found) == passages
        assert found.total == len(passages)

    await database.write(use_case)


async def test_a_passage_leads_to_its_post(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        caught_up(conn, serial)
        (passage,) = looked(conn, serial, "30 oil").passages
        assert (passage.part.chapter, passage.part.part) == (1, 2)
        (row,) = outbox.messages(conn, EXCERPT, passage.part.id)
        assert passage.message == (STORIES, row.message_id)
        assert looked(conn, serial, "wick").up_to == pages.numbered(conn, serial.id, 3)

    await database.write(use_case)


async def test_how_far_a_reader_is_must_be_known(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = oil(conn)
        assert find(conn, STRANGER, serial, parse("lantern"), 0) is None
        caught_up(conn, serial, 0)
        nothing = Found((), 0, 0, None)
        assert looked(conn, serial, "lantern") == nothing
        caught_up(conn, serial, 1)
        assert looked(conn, serial, "lantern").total == 3
        assert looked(conn, serial, "storm") == looked(conn, serial, "anchor")
        assert looked(conn, serial, "window chapter:2") == looked(conn, serial, "anchor")

    await database.write(use_case)


async def test_a_question_takes_nobody_back(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        ids = READER, serial.id, serial.story.id
        assert companion.horizon_of(conn, *ids) is None
        companion.go_on_to(conn, *ids, 0, NOW)
        assert companion.horizon_of(conn, *ids) == Position(0, 0)
        for number, reached in ((2, 2), (1, 2), (0, 2), (3, 3), (None, 3)):
            companion.go_on_to(conn, *ids, number, NOW)
            assert companion.reached(conn, *ids) == reached
        with pytest.raises(NotFound):
            companion.go_on_to(conn, *ids, 4, NOW)

    await database.write(use_case)


async def test_the_rarer_word_of_what_is_read_counts_for_more(database: Database) -> None:
    """However common it becomes."""

    def use_case(conn: Connection) -> None:
        text = ["The sea, the sea, the sea and a lantern."]
        text += ["A lantern, a lantern, a lantern and the sea."]
        text += ["Nothing but the sea here."] * 20
        text += ["## Chapter 2", *["Nothing but the lantern."] * 200]
        serial = of_paragraphs(conn, text)
        caught_up(conn, serial, 1)
        first, second = shown(looked(conn, serial, "sea lantern"))
        assert first.startswith("A [lantern], a")
        assert second.startswith("The [sea]")

    await database.write(use_case)


def of_paragraphs(conn: Connection, text: list[str]) -> Serial:
    """From chapter 1 on, all of it published."""
    found = prepare("sea.md", ("# Sea\n\n## Chapter 1\n\n" + "\n\n".join(text)).encode())
    cuts = tuple(tuple(cut(chapter.blocks, 5000)) for chapter in found.manuscript.chapters)
    return published(conn, sum(map(len, cuts)), replace(found, cuts=cuts))


@pytest.mark.parametrize("count", [search.RANKED, search.RANKED + 1])
async def test_every_passage_is_on_one_page(database: Database, count: int) -> None:
    def use_case(conn: Connection) -> None:
        serial = of_paragraphs(conn, [f"Lantern {n}{' lantern' * (n % 3)}" for n in range(count)])
        caught_up(conn, serial)
        first = looked(conn, serial, "lantern")
        assert (first.total, first.pages) == (count, -(-count // A_PAGE))
        numbers = [
            int(said.split()[1])
            for page in range(first.pages)
            for said in shown(looked(conn, serial, "lantern", page))
        ]
        assert sorted(numbers) == list(range(count))
        assert (numbers == sorted(numbers)) is (count > search.RANKED)
        last = looked(conn, serial, "lantern", first.pages - 1)
        assert looked(conn, serial, "lantern", 99_999) == last

    await database.write(use_case)


@cache
def some() -> tuple[bytes, Serial]:
    with in_memory() as conn:
        serial = oil(conn)
        return kept(conn), serial


WORDS = st.sampled_from(
    ["lantern", "boat", "window", "nobody", "see", "the", "走", "走吧", '"the boat"', "-dilys"]
)


@given(
    st.lists(WORDS, min_size=1, max_size=3).map(" ".join),
    st.floats(0, 1),
    st.lists(st.sampled_from(["lantern", " boat", "the", "。走吧", "x"]), max_size=5).map(" ".join),
    st.integers(0, 2),
)
def test_what_comes_after_the_horizon_makes_no_difference(
    typed: str, come: float, after: str, page: int
) -> None:
    """To results, their order, count or wording: the story may as well go on in any other way."""
    data, serial = some()
    story_id = serial.story.id
    with in_memory(data) as conn:
        try:
            asked = parse(typed)
        except BadInput:
            return
        lengths = [len(block.text) for _, _, block in stories.placed(conn, story_id)]
        gone = round(come * sum(lengths))
        ordinal = 0
        while gone > lengths[ordinal]:
            gone -= lengths[ordinal]
            ordinal += 1
        horizon = Position(ordinal, gone)
        person_id = people.person_id(conn, READER, NOW)
        places.save(conn, person_id, story_id, Stored(horizon, horizon))
        found = find(conn, READER, serial, asked, page)
        go_on_with(conn, story_id, horizon, after)
        assert find(conn, READER, serial, asked, page) == found


def go_on_with(conn: Connection, story_id: int, horizon: Position, after: str) -> None:
    changed = {}
    for ordinal, _, block in stories.placed(conn, story_id)[horizon.ordinal :]:
        seen = markup.slice_runs(block.runs, 0, horizon.offset if ordinal == horizon.ordinal else 0)
        changed[ordinal] = replace(block, runs=(*seen, Run(after)))
    changing.correct(conn, story_id, changed, [block.terms for block in changed.values()])


HOSTILE = (
    "it's",
    "'",
    '"',
    '"""',
    "* AND lantern*",
    "lantern NOT (boat",
    "lantern OR 1=1; DROP TABLE search_index --",
    "terms:lantern",
    "NEAR(lantern boat, 5)",
    "^lantern + boat",
    "lantern\0boat",
    "lantern & !boat | 'x':* <-> \\",
    "%_ lantern",
    "🎉 lantern 👩\u200d🚀",
    "\u202elantern مرحبا שלום",
    "lantern \ud800",
    '-lantern boat --- - -"',
    "chapter:0 lantern",
    "chapter:999999 lantern",
    "chapter:٣ lantern chapter:",
    "a " * 99,
    "走" * LONGEST,
)


@pytest.mark.parametrize("typed", HOSTILE)
async def test_any_input_is_safe_on_both(database: Database, typed: str) -> None:
    def use_case(conn: Connection) -> None:
        serial = oil(conn)
        caught_up(conn, serial)
        try:
            found = looked(conn, serial, typed)
        except BadInput:
            return
        assert len(found.passages) == found.total <= 5

    await database.write(use_case)


@given(TEXTS | st.text("ab \"-“”chapter:3*^(){}:+'\0\ud800走", max_size=60))
def test_any_input_is_safe(typed: str) -> None:
    data, serial = some()
    with in_memory(data) as conn:
        caught_up(conn, serial)
        with suppress(BadInput):
            looked(conn, serial, typed)


@pytest.mark.parametrize(
    ("typed", "wanted", "without", "chapter"),
    [
        ("old boat", ["old", "boat"], [], None),
        ("old old", ["old"], [], None),
        ('"old boat" -storm', ["old boat"], ["storm"], None),
        ('old -"dark storm"', ["old"], ["dark storm"], None),
        ("„old boat“ «dark storm»", ["old boat", "dark storm"], [], None),
        ('"old boat', ["old boat"], [], None),
        ("well-known", ["well known"], [], None),
        ("old chapter:3 CH:4", ["old"], [], 4),
        ("– old —", ["old"], [], None),
    ],
)
def test_what_is_typed(
    typed: str, wanted: list[str], without: list[str], chapter: int | None
) -> None:
    asked = parse(typed)
    assert asked.query == Query(*(tuple(filter(None, map(phrase, s))) for s in (wanted, without)))
    assert asked.chapter == chapter


@pytest.mark.parametrize("typed", ["", "  ", "-storm", '""', "🎉", "chapter:3", "-", "…"])
def test_nothing_to_look_for(typed: str) -> None:
    with pytest.raises(BadInput, match="Type a word"):
        parse(typed)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.data())
def test_a_snippet_is_the_texts_own(texts: list[str], data: st.DataObject) -> None:
    runs = [Run(text, Style(n % 2)) for n, text in enumerate(texts)]
    whole = "".join(texts)
    terms = analyser.terms(whole)
    if not terms:
        return
    chosen = data.draw(st.lists(st.sampled_from(terms), min_size=1, max_size=5))
    spans = [(term.start, term.end) for term in chosen]
    length = data.draw(st.integers(20, 200))
    found = snippet(runs, terms, spans, length)
    text = "".join(run.text for run in found.runs)
    start = found.start
    assert whole[start : start + len(text)] == text
    assert start <= found.found < start + len(text)
    assert found.cut_after is (start + len(text) < len(whole))
    bold = "".join(run.text for run in found.runs if Style.BOLD in run.style)
    inside = [
        whole[max(first, start) : min(last, start + len(text))] for first, last in merged(spans)
    ]
    assert bold == "".join(inside)
    assert len(text) <= length
