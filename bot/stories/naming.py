"""One way to name a place in a story. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.stories.formats import headings


@dataclass(frozen=True, slots=True)
class ChapterName:
    """`title` is the chapter's own, None without one, or for readers who have not reached it.
    `number` is what readers count it as, None of a prologue and its like; `numbered` is what it is
    called without its title, in a sentence."""

    title: str | None
    number: int | None
    numbered: str

    def __str__(self) -> str:
        return self.title or self.numbered[0].upper() + self.numbered[1:]

    @property
    def in_sentence(self) -> str:
        return self.title or self.numbered

    @property
    def untitled(self) -> "ChapterName":
        return replace(self, title=None)


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A part of a chapter; `of` how many is None where that would mislead."""

    chapter: ChapterName
    part: int
    of: int | None = None

    def __str__(self) -> str:
        """ "Chapter One: Mind the Cone, part 3 of 6" """
        return f"{self.chapter}, {self.in_chapter}"

    @property
    def in_chapter(self) -> str:
        """ "part 3 of 6" """
        return f"part {self.part}" + (f" of {self.of}" if self.of else "")

    @property
    def untitled(self) -> "PlaceName":
        return replace(self, chapter=self.chapter.untitled)


def place_name(chapter: ChapterName, part: int, parts: int, *, complete: bool) -> PlaceName:
    """While a story is under way its last part is not known: "part 2 of 2" would read like it."""
    return PlaceName(chapter, part, parts if complete and parts > 1 else None)


def chapter_names(titles: Sequence[str | None]) -> list[ChapterName]:
    """The names of the first chapters of a story. Each depends on no later title, so that numbers
    tell nothing of what comes."""
    found: list[ChapterName] = []
    last, stated, aside = 0, False, 0
    for title in titles:
        said = headings.chapter_number(title or "")
        if said is not None and (said > last or not stated):
            last, stated, aside = said, True, 0
        elif title and (headings.is_aside(title) or (stated and said is None)):
            aside += 1
            found.append(ChapterName(title, None, _aside(last, aside)))
            continue
        else:
            last, aside = last + 1, 0
        found.append(ChapterName(title, last, f"chapter {last}"))
    return found


def numbered(names: Sequence[ChapterName], number: int) -> int | None:
    """Which of these chapters, from 0 on, a reader means by a number."""
    matches = (index for index, name in enumerate(names) if name.number == number)
    return max(matches, default=None)


def _aside(last: int, count: int) -> str:
    name = f"the interlude after chapter {last}" if last else "the opening"
    return f"{name} ({count})" if count > 1 else name
