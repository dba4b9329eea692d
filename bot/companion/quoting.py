"""A passage that somebody trimmed or typed, found in the text that it is from. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import regex

from bot.stories import markup
from bot.stories.model import Block, Kind, Position, Run

T = TypeVar("T")

APART = "\n\n"  # between paragraphs

# Typed quotation marks are not the author's: all of a kind are one.
_QUOTES = dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("‘’‚‛‹›＇", "'")
_MARKS = "\\*_~|"  # Discord's escapes and markers, where a message was copied with them
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or what of it belongs to a passage, from `at` on."""

    at: Position
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def pieces(blocks: Iterable[tuple[int, Block]], start: Position, end: Position) -> list[Piece]:
    """The story's text between two places, of the blocks between them with their ordinals: notes
    and headings are none of it."""
    found = []
    for ordinal, block in blocks:
        if (
            block.kind not in (Kind.PROSE, Kind.BREAK)
            or not start.ordinal <= ordinal <= end.ordinal
        ):
            continue
        first = start.offset if ordinal == start.ordinal else 0
        last = end.offset if ordinal == end.ordinal else len(block.text)
        piece = Piece(Position(ordinal, first), markup.slice_runs(block.runs, first, last))
        if piece.text.strip():
            found.append(piece)
    return found


def plain(passage: Sequence[Piece]) -> str:
    return APART.join(piece.text.strip() for piece in passage)


def find(passage: Sequence[Piece], typed: str) -> tuple[Position, Position] | None:
    """From where to where in the passage the typed text stands, to the letter but for white space,
    the style of quotation marks and Discord's Markdown. The first place, if there are several."""
    for ignored in ("", _MARKS):
        wanted = _folded(typed, ignored)
        there = _fold(_places(passage), ignored)
        index = "".join(char for _, char in there).find(wanted) if wanted else -1
        if index >= 0:
            last, _ = there[index + len(wanted) - 1]
            return there[index][0], Position(last.ordinal, last.offset + 1)
    return None


def holds(text: str, words: str) -> bool:
    """Whether the words stand in the text so, in whatever case."""
    return _folded(words).casefold() in _folded(text).casefold()


def names(text: str, name: str) -> bool:
    """Whether the name stands in the text as words of their own; a script without spaces has none
    to tell them by."""
    wanted = regex.escape(_folded(name).casefold(), special_only=True)
    if not _UNSPACED.search(wanted):
        wanted = rf"(?<!\w){wanted}(?!\w)"
    return regex.search(wanted, _folded(text).casefold()) is not None


def _places(passage: Sequence[Piece]) -> Iterator[tuple[Position, str]]:
    for piece in passage:
        for offset, char in enumerate(piece.text, piece.at.offset):
            yield Position(piece.at.ordinal, offset), char
        yield piece.at, APART


def _fold(chars: Iterable[tuple[T, str]], ignored: str) -> list[tuple[T, str]]:
    """What is compared of the characters: white space is one space, quotation marks are typed ones,
    and what is invisible is left out."""
    found: list[tuple[T, str]] = []
    for place, char in chars:
        if char in ignored or unicodedata.category(char[0]) == "Cf":
            continue
        if not char.isspace():
            found.append((place, _QUOTES.get(char, char)))
        elif found and found[-1][1] != " ":
            found.append((place, " "))
    return found


def _folded(text: str, ignored: str = "") -> str:
    return "".join(char for _, char in _fold(enumerate(text), ignored)).strip()
