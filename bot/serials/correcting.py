"""Corrections of posted text: which of them readers would see, which fit, what they move. Pure."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.serials import excerpts
from bot.serials.excerpts import PAGE_LENGTH, Place
from bot.serials.versions import Correction, Stored
from bot.stories import markup
from bot.stories import words as counting
from bot.stories.formats.assembly import chapter as headed
from bot.stories.model import Block, Kind, Manuscript, Position

Taken = Mapping[int, Correction]  # by their ordinals


@dataclass(frozen=True, slots=True)
class Part:
    """An excerpt; of a new one, `id` and `chapter_id` are 0."""

    id: int
    chapter_id: int
    start: Position
    end: Position
    pages: tuple[Position, ...]
    words: int
    posted: bool  # or on its way, or out elsewhere
    elsewhere: bool = False  # it was out before the serial began here

    @property
    def has_post(self) -> bool:
        return self.posted and not self.elsewhere


@dataclass(frozen=True, slots=True)
class Standing:
    """A serial as it is: its whole text, its parts in order, and the words of one as its author
    wants them: None for the default, excerpts.WHOLE for a chapter a part."""

    blocks: tuple[Stored, ...]
    parts: tuple[Part, ...]
    length: int | None

    @property
    def border(self) -> Position | None:
        """The end of what is posted or on its way."""
        return next((part.end for part in reversed(self.parts) if part.posted), None)

    @property
    def frozen(self) -> int:
        """How many paragraphs are posted or on their way, even if only in part."""
        return 0 if self.border is None else self.border.ordinal + 1

    @property
    def first_post(self) -> int | None:
        """The ordinal with which the first chapter that is posted begins, or a note above it."""
        part = next((part for part in self.parts if part.has_post), None)
        if part is None:
            return None
        firsts = (n for n, chapter_id, _ in self.blocks if chapter_id == part.chapter_id)
        return min(next(firsts), _ordinals(part).start)

    @property
    def manuscript(self) -> Manuscript:
        """The text as it would be read from a file."""
        chapters: dict[int | None, list[Block]] = {None: []}
        for _, chapter_id, block in self.blocks:
            chapters.setdefault(chapter_id, []).append(block)
        front = tuple(chapters.pop(None))
        return Manuscript(
            None, None, front, tuple(headed(blocks) for blocks in chapters.values()), ()
        )

    @property
    def source(self) -> str:
        return "".join(block.source for _, _, block in self.blocks)


def shown(
    standing: Standing, before: Sequence[Block], corrections: Iterable[Correction]
) -> set[int]:
    """The ordinals of those by which anything that is posted reads differently."""
    border, titles = standing.border, _title_ordinals(standing, before)
    found: set[int] = set()
    first = standing.first_post
    if first is None:
        return found
    for one in corrections:
        if one.ordinal < first:
            continue
        old, new = one.old, one.new
        if old.kind is Kind.HEADING:
            differs = one.ordinal in titles and old.text != new.text
        else:
            within = border is not None and border.ordinal == one.ordinal
            end = border.offset if border is not None and within else len(old.text)
            differs = excerpts.text([old], Place(0, 0), Place(0, end)) != excerpts.text(
                [new], Place(0, 0), Place(0, one.moved(end))
            )
        if differs:
            found.add(one.ordinal)
    return found


def _title_ordinals(standing: Standing, before: Sequence[Block]) -> set[int]:
    """Of the headings above each chapter's prose."""
    found, begun = set(), set()
    for (ordinal, chapter_id, _), block in zip(standing.blocks, before, strict=False):
        if block.kind is Kind.PROSE:
            begun.add(chapter_id)
        elif block.kind is Kind.HEADING and chapter_id not in begun:
            found.add(ordinal)
    return found


def fitting(standing: Standing, before: Sequence[Block], wanted: Taken) -> Taken:
    """The corrections less those by which a page holds more than a message does, or nothing."""
    taken, after = dict(wanted), corrected(before, wanted)
    growths = {n: _length(one.new) - _length(one.old) for n, one in wanted.items()}
    left = touched(standing, taken)
    while left:
        refused = set()
        for part in left:
            pages = zip(
                _spans(part), _pages(part, before), _pages(moved(part, taken), after), strict=True
            )
            for (start, end), old, new in pages:
                size = markup.length(new)
                if old != new and not 0 < size <= PAGE_LENGTH:
                    within = [n for n in range(start.ordinal, end.ordinal + 1) if n in taken]
                    for n in sorted(within, key=lambda n: growths[n], reverse=True):
                        refused.add(n)
                        size -= growths[n]
                        if size <= PAGE_LENGTH:
                            break
        for n in refused:
            del taken[n]
            after[n] = before[n]
        left = [part for part in left if refused.intersection(_ordinals(part))]
    return taken


def edited_posts(
    standing: Standing, before: Sequence[Block], after: Sequence[Block], taken: Taken
) -> set[tuple[int, int]]:
    """The posts that read differently: their parts' ids and the numbers of the pages."""
    found = set()
    for part in touched(standing, taken):
        if not part.has_post:
            continue
        pages = zip(_pages(part, before), _pages(moved(part, taken), after), strict=True)
        found |= {(part.id, number) for number, (old, new) in enumerate(pages) if old != new}
    titles, new_titles = _titles(standing, before), _titles(standing, after)
    for part in standing.parts:
        if part.has_post and titles[part.chapter_id] != new_titles[part.chapter_id]:
            found.add((part.id, 0))
    return found


def touched(standing: Standing, taken: Taken) -> list[Part]:
    """The posted parts that hold something of a corrected paragraph."""
    return [
        part for part in standing.parts if part.posted and any(n in taken for n in _ordinals(part))
    ]


def corrected(before: Sequence[Block], taken: Taken) -> list[Block]:
    return [taken[n].new if n in taken else block for n, block in enumerate(before)]


def _ordinals(part: Part) -> range:
    """Of what it holds: a note may stand above its text."""
    return range(min(part.start.ordinal, part.pages[0].ordinal), part.end.ordinal + 1)


def _length(block: Block) -> int:
    return markup.length(markup.markdown(block.runs))


def moved(part: Part, taken: Taken) -> Part:
    return with_places(part, lambda place: moved_place(place, taken))


def moved_place(place: Position, taken: Taken) -> Position:
    if place.ordinal not in taken:
        return place
    return Position(place.ordinal, taken[place.ordinal].moved(place.offset))


def with_places(part: Part, at: Callable[[Position], Position]) -> Part:
    pages = tuple(map(at, part.pages))
    return replace(part, start=at(part.start), end=at(part.end), pages=pages)


def _spans(part: Part) -> list[tuple[Position, Position]]:
    """From where to where its pages go."""
    return list(zip(part.pages, (*part.pages[1:], part.end), strict=True))


def _pages(part: Part, blocks: Sequence[Block]) -> list[str]:
    return [
        excerpts.text(
            blocks[start.ordinal : end.ordinal + 1],
            Place(0, start.offset),
            Place(end.ordinal - start.ordinal, end.offset),
        )
        for start, end in _spans(part)
    ]


def recounted(part: Part, blocks: Sequence[Block]) -> Part:
    start, end = part.start, part.end
    words = 0
    for n in range(start.ordinal, end.ordinal + 1):
        if blocks[n].kind is Kind.PROSE:
            first = start.offset if n == start.ordinal else 0
            last = end.offset if n == end.ordinal else sys.maxsize
            runs = markup.slice_runs(blocks[n].runs, first, last)
            words += counting.count("".join(run.text for run in runs))
    return replace(part, words=words)


def _titles(standing: Standing, blocks: Sequence[Block]) -> dict[int, str | None]:
    return {n: headed(found).title for n, found in by_chapter(standing, blocks).items()}


def by_chapter(standing: Standing, blocks: Sequence[Block]) -> dict[int, list[Block]]:
    found: dict[int, list[Block]] = {}
    for (_, chapter_id, _), block in zip(standing.blocks, blocks, strict=False):
        if chapter_id is not None:
            found.setdefault(chapter_id, []).append(block)
    return found
