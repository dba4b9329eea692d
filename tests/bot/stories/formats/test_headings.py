import pytest

from bot.stories.formats import headings


@pytest.mark.parametrize(
    "line",
    [
        "Chapter 1",
        "CHAPTER XIV.",
        "chapter twenty-one",
        "Chapter 3: The Long Road",
        "Chapter 3 - the long road".title(),
        "Chapter 3 — The Long Road",
        "Chapter 3. Loomings.",
        "Chapter 3 The Long Road",
        "Chapter 3/10",
        "Ch. 4",
        "~ Chapter One ~",
        "**Chapter One**",
        "[Part II]",
        "Part One",
        "Day 5: The Beach!",
        "Day Zero",
        "Book I",
        "Prologue",
        "Epilogue: Home",
        "EPILOGUE",
        "Interlude II",
        "Kapitel 7",
        "第三章 海",
    ],
)
def test_heading(line: str) -> None:
    assert headings.is_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "Part of me wanted to run.",
        "Chapter 3 was the hardest, he thought.",
        "Chapter 3, in which nothing happens",
        "Part I did not like: the ending.",
        "Day one of the trip went well.",
        "Day 5: we went to the beach.",
        "Day 5 He woke early, and the sun was already high above the old town's roofs.",
        "Chapters 1 and 2 are short.",
        "“Chapter 3”",
        "Daylight",
        "Chapter",
        "Part time",
        "Prologues bore me.",
        "Book of hours",
        "",
    ],
)
def test_no_heading(line: str) -> None:
    assert not headings.is_heading(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# One", (1, "One")),
        ("### Two ###", (3, "Two")),
        ("#", None),
        ("# #", None),
        ("#1 fan", None),
        ("####### seven", None),
    ],
)
def test_hashes(line: str, expected: tuple[int, str] | None) -> None:
    assert headings.hashes(line) == expected
