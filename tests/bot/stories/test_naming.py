"""What readers call a place in a story."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.formats import headings
from bot.stories.naming import chapter_names, numbered, place_name

TITLES = st.none() | st.sampled_from(
    [
        *("Prologue", "Epilogue", "Interlude: Rain", "The Storm", "Part Two", "X", "3", "1984"),
        *("Chapter 1", "Chapter Two: Wick", "CHAPTER III", "Chapter 3.5", "Chapter 40", "Ch. 7"),
    ]
)


@pytest.mark.parametrize(
    ("titles", "called"),
    [
        (
            ("Prologue", "Chapter One", "Chapter Two: Wick", "Epilogue"),
            ("the opening", "chapter 1", "chapter 2", "the interlude after chapter 2"),
        ),
        ((None, None), ("chapter 1", "chapter 2")),
        (("The Door", "The Key"), ("chapter 1", "chapter 2")),
        (("I", "II", "X"), ("chapter 1", "chapter 2", "chapter 3")),
        # A story that is under way elsewhere keeps the numbers of its headings.
        (("Chapter 10", "Chapter Eleven"), ("chapter 10", "chapter 11")),
        # What has no number among those that have one is not counted.
        (
            ("Chapter 3", "The Storm", "The Calm", "Chapter 4"),
            (
                "chapter 3",
                "the interlude after chapter 3",
                "the interlude after chapter 3 (2)",
                "chapter 4",
            ),
        ),
        (("Chapter 3", "Chapter 3.5", "Chapter 4")[::2], ("chapter 3", "chapter 4")),
        # Where the numbers begin again, counting goes on: "chapter 1" would be the first book's.
        (("Chapter 1", "Chapter 2", "Chapter 1"), ("chapter 1", "chapter 2", "chapter 3")),
        (("The Door", "Chapter 1"), ("chapter 1", "chapter 1")),
    ],
)
def test_chapters_are_counted_as_readers_count(
    titles: tuple[str | None, ...], called: tuple[str, ...]
) -> None:
    names = chapter_names(titles)
    assert tuple(name.numbered for name in names) == called
    assert [name.title for name in names] == list(titles)


@given(st.lists(TITLES, max_size=12), st.integers(0, 12))
def test_no_name_depends_on_a_later_title(titles: list[str | None], reached: int) -> None:
    assert chapter_names(titles)[:reached] == chapter_names(titles[:reached])


@given(st.lists(TITLES, max_size=12))
def test_without_their_titles_chapters_are_still_told_apart(titles: list[str | None]) -> None:
    names = chapter_names(titles)
    stated = next((n for n, one in enumerate(titles) if headings.chapter_number(one or "")), 0)
    shown = [name.numbered for name in names[stated:]]
    assert len(set(shown)) == len(shown)
    assert not any(title in one for one in shown for title in titles if title and len(title) > 4)


def test_the_number_that_a_reader_types_is_the_one_they_see() -> None:
    names = chapter_names(["Prologue", "Chapter One", "Chapter Two"])
    assert [numbered(names, number) for number in (0, 1, 2, 3)] == [None, 1, 2, None]
    doubled = chapter_names(["The Door", "Chapter 1"])
    assert numbered(doubled, 1) == 1  # the one that says so


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Chapter 2: Wick", 2),
        ("CHAPTER TWENTY-ONE", 21),
        ("chapter xiv. The Flood", 14),
        ("Chapter IX", 9),
        ("Chap. 7/12", 7),
        ("## Kapitel 3 ##", 3),
        ("Chapter One Hundred", 100),
        ("Chapter 3.5", None),
        ("Chapter 3rd", None),
        ("Part Two", None),
        ("Chapters", None),
        ("1984", None),
        ("", None),
    ],
)
def test_the_number_that_a_heading_states(line: str, number: int | None) -> None:
    assert headings.chapter_number(line) == number


def test_how_many_parts_there_are_is_told_once_the_story_is_complete() -> None:
    prologue, one = chapter_names(["Prologue", "Chapter One: Mind the Cone"])
    assert str(place_name(one, 2, 3, complete=True)) == "Chapter One: Mind the Cone, part 2 of 3"
    assert str(place_name(one, 2, 3, complete=False)) == "Chapter One: Mind the Cone, part 2"
    assert str(place_name(one, 1, 1, complete=True)) == "Chapter One: Mind the Cone, part 1"
    assert str(place_name(one, 2, 3, complete=True).untitled) == "Chapter 1, part 2 of 3"
    assert str(place_name(prologue, 1, 2, complete=False).untitled) == "The opening, part 1"
