"""How much of a file a story has already, however the file was cut, renamed or saved."""

from dataclasses import replace
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.serials import comparing
from bot.serials.comparing import Comparison, Overlap, Text
from bot.stories.formats import read
from bot.stories.model import Block, Chapter, Kind, Manuscript, Run
from tests.bot.stories.formats.making import docx, paragraph, run

Shape = list[list[int]]  # of each chapter: how many sentences each paragraph has

SHAPES: st.SearchStrategy[Shape] = st.lists(
    st.lists(st.integers(1, 6), min_size=4, max_size=8), min_size=2, max_size=5
)
MORE: st.SearchStrategy[Shape] = st.lists(
    st.lists(st.integers(1, 6), min_size=4, max_size=8), min_size=1, max_size=3
)


def sentence(theme: str, number: str) -> str:
    return f"“Sentence {number},” said the {theme}, and nothing else was said that day — nothing."


def block(text: str, kind: Kind = Kind.PROSE) -> Block:
    return Block(kind, (Run(text),), f"{text}\n\n")


def chapters(theme: str, shape: Shape, first: int = 1) -> tuple[Chapter, ...]:
    """Chapters whose sentences are all different."""
    found = []
    for number, paragraphs in enumerate(shape, start=first):
        title = f"Chapter {number}: The {theme}"
        blocks = [block(title, Kind.HEADING)]
        for n, count in enumerate(paragraphs):
            said = (sentence(theme, f"{number}-{n}-{which}") for which in range(count))
            blocks.append(block(" ".join(said)))
        found.append(Chapter(title, tuple(blocks)))
    return tuple(found)


def manuscript(*of: Chapter) -> Manuscript:
    return Manuscript(None, None, (block("The Lamp Room", Kind.HEADING),), of, ())


def compared(story: Manuscript, file: Manuscript) -> Comparison:
    return comparing.compare(comparing.text(story), comparing.text(file))


def with_typos_mended(chapter: Chapter) -> Chapter:
    """The first sentence of every other paragraph reads differently."""
    blocks = list(chapter.blocks)
    for n in range(1, len(blocks), 2):
        blocks[n] = block(blocks[n].text.replace("Sentence", "Sentense", 1))
    return replace(chapter, blocks=tuple(blocks))


def saved_otherwise(chapter: Chapter) -> Chapter:
    """As another program saves it: straight quotes, other dashes and white space."""
    return replace(
        chapter,
        blocks=tuple(
            block(one.text.replace("“", '"').replace("”", '"').replace(" — ", " --  "), one.kind)
            for one in chapter.blocks
        ),
    )


def renamed(chapter: Chapter) -> Chapter:
    title = f"{chapter.title} (revised)"
    return Chapter(title, (block(title, Kind.HEADING), *chapter.blocks[1:]))


@given(SHAPES, MORE, st.booleans(), st.booleans(), st.booleans())
def test_a_grown_file_holds_the_story(
    shape: Shape, more: Shape, typos: bool, rename: bool, otherwise: bool
) -> None:
    old = chapters("lamp", shape)
    new = [*old, *chapters("tide", more, first=len(old) + 1)]
    if typos:
        new[0] = with_typos_mended(new[0])
    if rename:
        new = [renamed(one) for one in new]
    if otherwise:
        new = [saved_otherwise(one) for one in new]
    file = manuscript(*new)
    found = compared(manuscript(*old), file)
    if typos:
        assert found.overlap.is_version
    else:
        assert found.overlap is Overlap.WHOLE
        assert found.kept == 1
    assert found.new_chapters == tuple(range(len(old), len(new)))
    assert comparing.completed(manuscript(*old), file, found) == file


@given(SHAPES)
def test_the_same_file_has_it_all_and_nothing_else(shape: Shape) -> None:
    same = manuscript(*chapters("lamp", shape))
    found = compared(same, same)
    assert (found.kept, found.known, found.new_chapters) == (1, 1, ())


@given(SHAPES, MORE)
def test_a_file_of_only_the_new_chapters_repeats_nothing(shape: Shape, more: Shape) -> None:
    old, new = chapters("lamp", shape), chapters("tide", more, first=len(shape) + 1)
    found = compared(manuscript(*old), manuscript(*new))
    assert (found.overlap, found.repeats) == (Overlap.NONE, False)
    assert found.first is found.last is None


@given(SHAPES, MORE, st.integers(1, 4), st.booleans())
def test_a_file_of_the_last_chapters_is_completed(
    shape: Shape, more: Shape, kept: int, otherwise: bool
) -> None:
    old = chapters("lamp", shape)
    kept = min(kept, len(old) - 1)
    given_in = (*old[-kept:], *chapters("tide", more, first=len(old) + 1))
    if otherwise:
        given_in = tuple(map(saved_otherwise, given_in))
    story, file = manuscript(*old), manuscript(*given_in)
    found = compared(story, file)
    assert found.overlap is Overlap.STRETCH
    assert found.repeats
    assert found.new_chapters == tuple(range(kept, len(given_in)))
    assert comparing.completed(story, file, found).chapters == (*old[:-kept], *given_in)


@given(SHAPES, st.data())
def test_a_file_of_some_chapters_leaves_the_others(shape: Shape, data: st.DataObject) -> None:
    old = chapters("lamp", shape)
    first = data.draw(st.integers(0, len(old) - 1))
    last = data.draw(st.integers(first, len(old) - 1))
    story, file = manuscript(*old), manuscript(*map(saved_otherwise, old[first : last + 1]))
    found = compared(story, file)
    assert found.known == 1
    assert found.overlap.is_version
    completed = comparing.completed(story, file, found)
    if found.overlap is Overlap.STRETCH:
        assert completed.chapters == (*old[:first], *file.chapters, *old[last + 1 :])


@given(SHAPES, MORE)
def test_a_file_cut_within_a_chapter_goes_on_from_there(shape: Shape, more: Shape) -> None:
    *before, last = chapters("lamp", shape)
    new = chapters("tide", more, first=len(shape) + 1)
    middle = len(last.blocks) // 2
    story = manuscript(*before, last)
    file = manuscript(Chapter(None, last.blocks[middle:]), *new)
    found = compared(story, file)
    assert found.overlap is Overlap.STRETCH
    assert comparing.completed(story, file, found).chapters == (*before, last, *new)


@given(SHAPES, SHAPES, st.integers(1, 3), st.booleans())
def test_the_same_licence_makes_no_new_version(
    shape: Shape, other: Shape, length: int, chapter: bool
) -> None:
    """At the beginning, in the first chapter or as a chapter of its own."""
    licence = tuple(block(sentence("licence", str(n))) for n in range(length))

    def licensed(theme: str, shape: Shape) -> Manuscript:
        first, *rest = chapters(theme, [[3] * 12, *shape])
        heading, *prose = first.blocks
        if chapter:
            return manuscript(Chapter("Licence", licence), first, *rest)
        return manuscript(Chapter(first.title, (heading, *licence, *prose)), *rest)

    found = compared(licensed("lamp", shape), licensed("tide", other))
    assert found.overlap is Overlap.NONE


@given(SHAPES, SHAPES)
def test_an_unrelated_story_has_nothing_of_it(shape: Shape, other: Shape) -> None:
    found = compared(manuscript(*chapters("lamp", shape)), manuscript(*chapters("tide", other)))
    assert (found.overlap, found.kept, found.known) == (Overlap.NONE, 0, 0)


def test_the_order_counts() -> None:
    one, two, three, four = chapters("lamp", [[3] * 6] * 4)
    found = compared(manuscript(one, two, three, four), manuscript(four, three, two, one))
    assert found.kept < comparing.MOST
    assert found.overlap is Overlap.SOME
    assert found.new_chapters == ()


def test_a_chapter_used_again_in_a_collection_is_no_new_version() -> None:
    shared, *rest = chapters("lamp", [[3] * 6] * 5)
    one, *others = chapters("tide", [[3] * 6] * 3)
    found = compared(manuscript(shared, *rest), manuscript(one, shared, *others))
    assert found.overlap is Overlap.SOME
    assert found.known_chapters == (0, 1, 0, 0)


def test_a_removed_prologue_is_removed_and_a_cut_off_beginning_is_not() -> None:
    prologue, *old = chapters("lamp", [[2] * 4] * 5, first=0)
    story = manuscript(prologue, *old)
    whole = manuscript(*old)
    assert comparing.completed(story, whole, compared(story, whole)) == whole
    new = chapters("tide", [[3] * 6], first=5)
    rest = manuscript(*old[1:], *new)
    completed = comparing.completed(story, rest, compared(story, rest))
    assert completed.chapters == (prologue, *old, *new)


def test_sentences_that_recur_all_the_time_are_no_trouble() -> None:
    """Every sentence of it is said again and again, in old chapters and new."""
    draw = Random(7)

    def chapter(number: int) -> Chapter:
        title = f"Chapter {number}"
        said = (
            " ".join(sentence(draw.choice(["lamp", "tide", "boat"]), "one") for _ in range(3))
            for _ in range(20)
        )
        return Chapter(title, (block(title, Kind.HEADING), *map(block, said)))

    old = [chapter(number) for number in range(1, 4)]
    found = compared(manuscript(*old), manuscript(*old, chapter(4)))
    assert found.overlap is Overlap.WHOLE
    assert found.new_chapters == (3,)


SAID = [
    "{} kept the key in a tin.", "Nobody but {} had seen the boat.", "“You are late,” said {}.",
    "It rained, and {} shut the door on it.", "The stairs complained, and {} let them.",
    "“There is no lamp here,” said {}.", "{} counted the rungs again.", "And {} went home.",
]  # fmt: skip
WHO = ["Orla", "Bram", "Mrs Teague", "the ferryman", "nobody"]


def recurring(draw: Random, title: str) -> Chapter:
    """A chapter of forty paragraphs, made of forty sentences that come again and again."""
    said = (
        " ".join(draw.choice(SAID).format(draw.choice(WHO)) for _ in range(draw.randint(1, 4)))
        for _ in range(40)
    )
    return Chapter(title, (block(title, Kind.HEADING), *map(block, said)))


def with_typo(chapter: Chapter, number: int) -> Chapter:
    """The paragraph with this number begins differently."""
    blocks = list(chapter.blocks)
    blocks[number] = block(f"So {blocks[number].text}")
    return replace(chapter, blocks=tuple(blocks))


@pytest.mark.parametrize("seed", range(5))
def test_a_story_in_which_every_sentence_recurs_is_known_again(seed: int) -> None:
    draw = Random(seed)
    one, two, three, four, prologue = (
        recurring(draw, title)
        for title in ("Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4", "Prologue")
    )
    story = manuscript(one, two, three)
    for whole in (
        manuscript(one, two, three, four),
        manuscript(with_typo(one, 1), two, three, four),
        manuscript(with_typo(one, 20), with_typo(two, 5), with_typo(three, 40), four),
        manuscript(prologue, one, two, three, four),
    ):
        found = compared(story, whole)
        assert found.overlap is Overlap.WHOLE
        assert len(whole.chapters) - 1 in found.new_chapters
    stretch = compared(story, manuscript(three, four))
    assert stretch.overlap is Overlap.STRETCH
    assert stretch.new_chapters == (1,)
    assert not compared(story, manuscript(four)).repeats


def test_formats_do_not_matter() -> None:
    said = [sentence("lamp", str(n)) for n in range(40)]
    plain = "\n\n".join(said).replace("“", '"').replace("”", '"').replace("—", "--")
    word = docx("".join(paragraph(run(one)) for one in said))
    found = compared(read("lamp.md", plain.encode()), read("lamp.docx", word))
    assert (found.kept, found.known) == (1, 1)


@pytest.mark.parametrize("kind", ["the same", "two", "numbered", "reversed"])
def test_it_is_as_good_as_linear(kind: str) -> None:
    """Also in what recurs, which tells a paragraph's place least."""

    def text(count: int, *, other: bool) -> Text:
        said = {
            "the same": ["nothing"] * count,
            "two": ["yes", "no no"] * (count // 2),
            "numbered": [f"number {n}" for n in range(count)],
            "reversed": [f"number {n}" for n in range(count)[:: -1 if other else 1]],
        }[kind]
        return Text(tuple(said), ((0, 0),) * len(said), (None,))

    def seconds(count: int) -> float:
        old, new = text(count, other=False), text(count, other=True)
        began = process_time()
        comparing.compare(old, new)
        return process_time() - began

    assert seconds(160_000) < 12 * seconds(20_000) + 0.5
