"""What an author's note is, what is done with it, and what it says of the rating."""

import pytest

from bot.stories.formats import front_matter
from bot.stories.model import Block, Kind, Rating, Run, Shown


def note(text: str) -> Block:
    return Block(Kind.NOTE, (Run(text),), f"{text}\n\n")


@pytest.mark.parametrize(
    ("text", "kind", "in_front", "in_chapter"),
    [
        ("A/N: hello again", Kind.NOTE, Shown.KEEP, Shown.POST),
        ("Chapter Notes: Thank you.", Kind.NOTE, Shown.KEEP, Shown.POST),
        ("Disclaimer: not mine", Kind.NOTE, Shown.KEEP, Shown.POST),
        ("and one paragraph more of it", Kind.NOTE, Shown.KEEP, Shown.POST),
        ("CW: blood", Kind.WARNING, Shown.POST, Shown.POST),
        ("Trigger warnings: drowning", Kind.WARNING, Shown.POST, Shown.POST),
        ("Content notes: death of a dog", Kind.WARNING, Shown.POST, Shown.POST),
        ("Chapter Notes: Content note: storms.", Kind.WARNING, Shown.POST, Shown.POST),
        ("Warnings: no one dies", Kind.WARNING, Shown.POST, Shown.POST),
        ("Warnings: none", Kind.WARNING, Shown.DROP, Shown.DROP),
        ("Archive Warning: No Archive Warnings Apply", Kind.WARNING, Shown.DROP, Shown.DROP),
        ("Pairing: Edda/Tomas", Kind.LABEL, Shown.DROP, Shown.DROP),
        ("Additional Tags: Slow Burn", Kind.LABEL, Shown.DROP, Shown.DROP),
        ("By Mara Quill", Kind.LABEL, Shown.DROP, Shown.DROP),
    ],
)
def test_what_is_done_with_a_note(
    text: str, kind: Kind, in_front: Shown, in_chapter: Shown
) -> None:
    front = front_matter.sorted_out(note(text), in_chapter=False)
    assert (front.kind, front.shown) == (kind, in_front)
    chapter = front_matter.sorted_out(note(text), in_chapter=True)
    assert (chapter.kind, chapter.shown) == (kind, in_chapter)


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("Rating: General Audiences", Rating.GENERAL),
        ("Rating: PG", Rating.GENERAL),
        ("Rated: K+", Rating.GENERAL),
        ("Rating: PG-13", Rating.TEEN),
        ("Rating: Teen And Up Audiences", Rating.TEEN),
        ("Story rating: T", Rating.TEEN),
        ("Rating: Mature", Rating.MATURE),
        ("Rating: R", Rating.MATURE),
        ("Rating: NC-17", Rating.EXPLICIT),
        ("Rating: Explicit", Rating.EXPLICIT),
        ("Rating: Not Rated", None),
        ("Pairing: R/T", None),
    ],
)
def test_what_a_file_says_of_its_rating(text: str, rating: Rating | None) -> None:
    assert front_matter.rating([note("A/N: hello"), note(text)]) is rating
