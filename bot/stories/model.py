"""What a story is made of, whatever file it came from."""

from dataclasses import dataclass
from enum import IntFlag, StrEnum

from bot.stories import analyser, words


class Kind(StrEnum):
    HEADING = "heading"
    PROSE = "prose"
    BREAK = "break"  # the line that parts two scenes
    NOTE = "note"  # what the author says to readers: a note, a summary, a disclaimer
    WARNING = "warning"  # what a reader may want to be warned of
    LABEL = "label"  # a line like "Pairing: …", or a title page's

    @property
    def is_note(self) -> bool:
        """Kept apart from the story, whatever is done with it."""
        return self in (Kind.NOTE, Kind.WARNING, Kind.LABEL)


class Shown(StrEnum):
    """What is done with a note."""

    POST = "post"  # with the part that it stands before or after
    KEEP = "keep"  # for readers to look up
    DROP = "drop"  # for the author alone


class Rating(StrEnum):
    """From the mildest up."""

    GENERAL = "general"
    TEEN = "teen"
    MATURE = "mature"
    EXPLICIT = "explicit"

    @property
    def for_adults(self) -> bool:
        """Whether its text is shown in age-restricted channels alone."""
        return self in (Rating.MATURE, Rating.EXPLICIT)

    @property
    def height(self) -> int:
        return list(Rating).index(self)


class Style(IntFlag):
    PLAIN = 0
    ITALIC = 1
    BOLD = 2
    STRIKE = 4
    UNDERLINE = 8


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `source` is its slice of the file with the white space that follows, so that
    the sources of all blocks, joined, are the file's text to the letter."""

    kind: Kind
    runs: tuple[Run, ...]
    source: str
    shown: Shown | None = None  # a note's

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def words(self) -> int:
        return words.count(self.text)

    @property
    def terms(self) -> str:
        """What prose is found by, with a space between each two terms; nothing else is found."""
        return analyser.joined(self.text) if self.kind is Kind.PROSE else ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """`title` is the heading's text, None without one; the heading is the first of `blocks`."""

    title: str | None
    blocks: tuple[Block, ...]

    @property
    def words(self) -> int:
        return sum(block.words for block in self.blocks if block.kind is Kind.PROSE)


@dataclass(frozen=True, slots=True)
class Manuscript:
    """`front` is what stands before the first chapter; `warnings` are sentences for the author."""

    title: str | None
    author: str | None
    front: tuple[Block, ...]
    chapters: tuple[Chapter, ...]
    warnings: tuple[str, ...]
    rating: Rating | None = None  # as the file says

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Every block of the file, in order."""
        return (*self.front, *(block for chapter in self.chapters for block in chapter.blocks))

    @property
    def words(self) -> int:
        return sum(chapter.words for chapter in self.chapters)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a story's text: a paragraph's ordinal and an offset in its text. Posted
    paragraphs keep their ordinals for good."""

    ordinal: int
    offset: int
