"""What a new version of a file is found to be, beside what is stored and posted."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.serials import versions
from bot.serials.versions import Plan, Stored
from bot.stories.formats import read
from bot.stories.model import Block, Chapter, Kind, Manuscript, Position, Run, Shown, Style
from tests.bot.serials.making import draft

STORY = """\
# The Lantern

By Mara

## Chapter 1: Oil

The keeper climbed the stairs with a can of oil in either hand, counting.

“Who is there?” she asked.

* * *

Nobody answered, and the lamp above her burned on as if nothing had been said.

Then the door at the bottom of the tower opened, very slowly, and closed again.

## Chapter 2: Wick

In the morning there was salt on every step, and a wet coat on the hook.

She had never owned a coat like that, and she had locked the door herself.

## Chapter 3: Flame

The inspector arrived by the noon boat and asked to see the books at once.

She showed him the books. She did not show him the coat on its hook.
"""
POSTED = "“Who is there?” she asked."  # up to here, unless told otherwise


def manuscript(text: str) -> Manuscript:
    return read("lantern.md", text.encode())


def stored(text: Manuscript) -> list[Stored]:
    """As it is kept; the chapters' ids are 11, 12, …"""
    chapters: list[tuple[int | None, Block]] = [(None, block) for block in text.front]
    for number, chapter in enumerate(text.chapters, start=11):
        chapters += [(number, block) for block in chapter.blocks]
    return [(n, chapter_id, block) for n, (chapter_id, block) in enumerate(chapters)]


def border(blocks: Sequence[Stored], last: str) -> Position:
    return next(Position(n, len(one.text)) for n, _, one in blocks if one.text == last)


def plan(new: str, last: str | None = POSTED, old: str = STORY) -> Plan:
    blocks = stored(manuscript(old))
    return versions.plan(blocks, None if last is None else border(blocks, last), manuscript(new))


def without(text: str) -> str:
    assert text in STORY
    return STORY.replace(text + "\n\n", "")


def after(place: str, text: str) -> str:
    assert place in STORY
    return STORY.replace(place, f"{place}\n\n{text}")


def texts(blocks: Sequence[Block]) -> list[str]:
    return [block.text for block in blocks]


@pytest.mark.parametrize(
    "last", [None, POSTED, "She showed him the books. She did not show him the coat on its hook."]
)
def test_a_file_unchanged_changes_nothing(last: str | None) -> None:
    found = plan(STORY, last)
    assert found.is_empty
    assert found.shares_text
    assert (found.changed, found.more, found.fewer) == (0, 0, 0)
    assert all(one.same for one in found.chapters)


LAST = "Nobody answered, and the lamp above her burned on as if nothing had been said."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("in either hand", "in each hand"),
        ("she asked", "She asked"),
        ("in either hand", "in *either* hand"),
        ("“Who is there?” she", '"Who is there?" she'),
        ("Chapter 1: Oil", "Chapter 1: Oils"),
    ],
)
def test_a_correction_among_what_is_posted(old: str, new: str) -> None:
    found = plan(STORY.replace(old, new), LAST)
    (correction,) = found.corrections
    assert correction.old != correction.new
    assert correction.old.text in STORY
    assert (found.added, found.removed) == ((), ())
    assert found.goes_on_as_before
    assert not found.is_empty


def test_white_space_is_no_correction() -> None:
    assert plan(STORY.replace("counting", " counting"), LAST).corrections == ()


def test_paragraphs_added_and_removed_among_what_is_posted_are_told() -> None:
    found = plan(after("counting.", "She was alone in the tower, or so she believed."), LAST)
    assert found.added == ("She was alone in the tower, or so she believed.",)
    assert (found.corrections, found.removed) == ((), ())
    assert found.goes_on_as_before
    found = plan(without(POSTED), LAST)
    assert found.removed == (POSTED,)
    assert (found.corrections, found.added) == ((), ())
    assert found.goes_on_as_before


def test_a_correction_beside_a_removal_and_an_addition() -> None:
    text = without(POSTED).replace("nothing had been said", "nobody had said a thing")
    found = plan(
        text.replace("* * *", "Gulls cried, a long way out over the dark water.\n\n* * *"), LAST
    )
    assert [one.old.text for one in found.corrections] == [LAST]
    assert found.removed == (POSTED,)
    assert found.added == ("Gulls cried, a long way out over the dark water.",)


def test_the_rest_of_a_chapter_takes_the_new_text() -> None:
    found = plan(STORY.replace("very slowly", "at once"))
    assert found.rest is not None
    assert found.rest.same is None
    assert texts(found.rest.blocks)[0] == "* * *"
    assert "opened, at once," in found.rest.blocks[2].text
    assert [one.same for one in found.chapters] == [12, 13]
    assert (found.changed, found.more, found.fewer) == (1, 0, 0)
    assert found.corrections == ()


def test_of_the_coming_chapters_those_that_are_the_same_are_known() -> None:
    new = STORY.replace("## Chapter 3", "## An inserted one\n\nIt rained all day.\n\n## Chapter 3")
    found = plan(new.replace("wet coat", "coat"))
    assert found.rest is not None
    assert found.rest.same == 11
    assert [(one.title, one.same) for one in found.chapters] == [
        ("Chapter 2: Wick", None),
        ("An inserted one", None),
        ("Chapter 3: Flame", 13),
    ]
    assert (found.changed, found.more, found.fewer) == (1, 2, 0)
    assert not found.goes_on_as_before


def test_a_chapter_that_goes_is_counted() -> None:
    found = plan(STORY[: STORY.index("## Chapter 3")])
    assert [one.same for one in found.chapters] == [12]
    assert (found.changed, found.more, found.fewer) == (0, 0, 3)
    assert not found.goes_on_as_before


def test_text_after_the_last_posted_paragraph_comes_next() -> None:
    found = plan(after(POSTED, "No one did, though she had expected it."))
    assert found.rest is not None
    assert texts(found.rest.blocks)[:2] == ["No one did, though she had expected it.", "* * *"]
    assert (found.more, found.added, found.removed) == (1, (), ())


def test_a_chapter_that_is_wholly_posted_can_grow() -> None:
    last = "Then the door at the bottom of the tower opened, very slowly, and closed again."
    found = plan(after(last, "She put the cans down."), last)
    assert found.rest is not None
    assert texts(found.rest.blocks) == ["She put the cans down."]
    assert [one.same for one in found.chapters] == [12, 13]


def test_what_stands_in_place_of_the_last_posted_paragraphs_is_not_posted_after_them() -> None:
    new = STORY.replace(LAST, "A gull laughed.").replace("* * *\n\n", "")
    found = plan(new, LAST)
    assert found.removed == (LAST,)
    assert found.added == ("A gull laughed.",)
    assert found.rest is not None
    assert texts(found.rest.blocks)[0].startswith("Then the door")


def test_a_note_of_the_same_words_keeps_what_is_done_with_it() -> None:
    old = manuscript(STORY + "\nA/N: Thank you for reading!\n")
    blocks = [
        (n, chapter, replace(one, shown=Shown.DROP) if one.kind is Kind.NOTE else one)
        for n, chapter, one in stored(old)
    ]
    new = manuscript(STORY.replace("at once", "now") + "\nA/N: Thank you for reading!\n")
    found = versions.plan(blocks, border(blocks, POSTED), new)
    assert found.chapters[-1].same is None
    assert found.chapters[-1].blocks[-1].shown is Shown.DROP


def test_where_nothing_is_posted_all_of_it_is_compared() -> None:
    found = plan(STORY.replace("By Mara", "By Mara Quill"), None)
    assert found.shares_text
    assert found.rest is None
    assert not found.goes_on_as_before
    assert [one.same for one in found.chapters] == [11, 12, 13]


RECURRING = """\
# The Lantern

## Chapter 1: Oil

* * *

“Who is there?” she asked.

* * *

“No.”

The herring had not come that year, so the boats went further out than was wise.
"""


@pytest.mark.parametrize("last", [None, POSTED, LAST])
@pytest.mark.parametrize(
    "text",
    [
        RECURRING,
        "## Chapter 4: Ash\n\nThe herring had not come that year.\n\n* * *\n\nSo they waited.",
    ],
)
def test_headings_breaks_and_short_lines_are_no_shared_text(text: str, last: str | None) -> None:
    assert not plan(text, last).shares_text


def test_another_chapter_of_much_the_same_words_shares_no_text() -> None:
    blocks = stored(draft("oil", "wick").manuscript)
    flame = draft("flame").manuscript
    for place in (None, Position(5, 3), Position(len(blocks) - 1, 0)):
        assert not versions.plan(blocks, place, flame).shares_text


@pytest.mark.parametrize(
    "new",
    [
        STORY.replace("She", "He").replace("she", "he").replace("her", "him"),
        STORY[STORY.index("## Chapter 2") :].replace("## Chapter 2", "Nobody answered.\n\n## 2"),
        "“Who is there?” she asked. " + "Nobody answered, and the lamp burned on. " * 3 + STORY,
        "She was one of a few who remembered the old keeper.\n\n" * 5 + STORY,
    ],
    ids=["pronouns", "a beginning cut off", "a beginning put in", "a prologue"],
)
def test_a_version_much_changed_still_shares_text(new: str) -> None:
    everything = "She showed him the books. She did not show him the coat on its hook."
    assert plan(new, everything).shares_text


def test_a_sentence_that_is_all_there_is_may_be_corrected() -> None:
    found = plan("Hello world.", "Hello wrold.", old="Hello wrold.")
    assert found.shares_text
    assert [one.new.text for one in found.corrections] == ["Hello world."]


WORDS = ["the", "keeper", "lamp", "stairs", "oil", "salt", "counted", "under", "wet", "and"]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=3, max_size=14).map(
    lambda words: " ".join(words).capitalize() + "."
)
LETTERS = st.sampled_from("abcdefghij")
BLOCKS = st.one_of(
    st.builds(lambda text: Block(Kind.PROSE, (Run(text),), text + "\n\n"), SENTENCES),
    st.builds(
        lambda one, two: Block(
            Kind.PROSE, (Run(one + " "), Run(two, Style.ITALIC)), f"{one} *{two}*\n\n"
        ),
        SENTENCES,
        SENTENCES,
    ),
    st.just(Block(Kind.BREAK, (Run("* * *"),), "* * *\n\n")),
    st.just(Block(Kind.PROSE, (Run("“No,” she said."),), "“No,” she said.\n\n")),
)
CHAPTERS = st.builds(
    lambda title, first, blocks: Chapter(
        title, (Block(Kind.HEADING, (Run(title),), f"{title}\n\n"), first, *blocks)
    ),
    st.sampled_from(["One", "Two", "Three"]),
    st.builds(lambda text: Block(Kind.PROSE, (Run(text),), text + "\n\n"), SENTENCES),
    st.lists(BLOCKS, max_size=8).map(tuple),
)
STORIES = st.lists(CHAPTERS, min_size=1, max_size=4).map(
    lambda chapters: Manuscript("T", "A", (), tuple(chapters), ())
)


@st.composite
def posted(draw: st.DrawFn) -> tuple[Manuscript, Position | None]:
    """A story, and how far it is out."""
    story = draw(STORIES)
    last = draw(st.none() | st.integers(1, len(story.blocks) - 1))
    if last is None:
        return story, None
    return story, Position(last, draw(st.integers(0, len(story.blocks[last].text))))


@given(posted())
def test_any_file_unchanged_gives_an_empty_plan(known: tuple[Manuscript, Position | None]) -> None:
    story, place = known
    found = versions.plan(stored(story), place, story)
    assert found.is_empty
    assert found.shares_text


@given(posted(), st.data())
def test_a_letter_changed_in_any_posted_paragraph_is_one_correction(
    known: tuple[Manuscript, Position | None], data: st.DataObject
) -> None:
    story, place = known
    assume(place is not None)
    assert place is not None
    prose = [n for n, one in enumerate(story.blocks) if one.kind is Kind.PROSE]
    n = data.draw(st.sampled_from([n for n in prose if n <= place.ordinal] or prose[:1]))
    assume(n <= place.ordinal)
    run = data.draw(st.sampled_from(story.blocks[n].runs))
    at = data.draw(st.sampled_from([i for i, letter in enumerate(run.text) if letter.isalpha()]))
    letter = data.draw(LETTERS)
    assume(letter != run.text[at])
    changed = Run(run.text[:at] + letter + run.text[at + 1 :], run.style)
    block = replace(
        story.blocks[n],
        runs=tuple(changed if one is run else one for one in story.blocks[n].runs),
    )
    found = versions.plan(stored(story), place, with_block(story, n, block))
    assert [(one.ordinal, one.new) for one in found.corrections] == [(n, block)]
    assert (found.added, found.removed) == ((), ())
    assert found.goes_on_as_before


def with_block(story: Manuscript, n: int, block: Block) -> Manuscript:
    chapters, first = [], 0
    for chapter in story.chapters:
        blocks = list(chapter.blocks)
        if first <= n < first + len(blocks):
            blocks[n - first] = block
        first += len(blocks)
        chapters.append(replace(chapter, blocks=tuple(blocks)))
    return replace(story, chapters=tuple(chapters))


@given(posted(), st.lists(CHAPTERS, max_size=2), st.lists(BLOCKS, max_size=4))
def test_text_appended_is_all_that_is_more(
    known: tuple[Manuscript, Position | None], chapters: list[Chapter], blocks: list[Block]
) -> None:
    story, place = known
    *before, last = story.chapters
    grown = (*before, replace(last, blocks=(*last.blocks, *blocks)), *chapters)
    found = versions.plan(stored(story), place, replace(story, chapters=grown))
    more = len(blocks) + sum(len(one.blocks) for one in chapters)
    assert (found.changed, found.more, found.fewer) == (0, more, 0)
    assert (found.corrections, found.added, found.removed) == ((), (), ())


@given(posted(), STORIES)
def test_what_comes_is_the_end_of_the_new_text(
    known: tuple[Manuscript, Position | None], new: Manuscript
) -> None:
    story, place = known
    found = versions.plan(stored(story), place, new)
    coming = [block for one in (found.rest, *found.chapters) if one for block in one.blocks]
    assert coming == list(new.blocks[len(new.blocks) - len(coming) :])
    if place is None:
        assert len(coming) == len(new.blocks)
    same = [one.same for one in (found.rest, *found.chapters) if one and one.same]
    assert len(same) == len(set(same))
    told = len(found.added) + len(found.removed) + len(found.corrections)
    assert found.is_empty == (found.goes_on_as_before and told == 0)
