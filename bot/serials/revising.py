"""What taking a new version makes of a serial: its text, where its parts begin and end, which of
its posts change. Pure, and slow for long stories."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.serials import excerpts, versions
from bot.serials.excerpts import DEFAULT_WORDS, PAGE_LENGTH, Place, closed
from bot.serials.versions import Correction, Plan, Stored
from bot.stories import markup
from bot.stories import words as counting
from bot.stories.formats.assembly import chapter as headed
from bot.stories.model import Block, Chapter, Kind, Manuscript, Position

_WHOLE_CHAPTER = 1_000_000_000  # words

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
    posted: bool  # or on its way


@dataclass(frozen=True, slots=True)
class Standing:
    """A serial as it is: its whole text, its parts in order, and the words of one as its author
    wants them: None for the default, 0 for a chapter a part."""

    blocks: tuple[Stored, ...]
    parts: tuple[Part, ...]
    length: int | None

    @property
    def border(self) -> Position | None:
        """The end of what is posted or on its way."""
        return next((part.end for part in reversed(self.parts) if part.posted), None)

    @property
    def source(self) -> str:
        return "".join(block.source for _, _, block in self.blocks)


@dataclass(frozen=True, slots=True)
class Change:
    """What is written to take a new version.

    Of its corrections, `corrected` are made, of which readers see those in `shown`, and `too_long`
    are not, as a post would hold too much or nothing. They move the places of the parts `moved`,
    and `posts` posts, which belong to the parts `edited`, read differently. `described` are
    chapters that stay, with their titles and words. After what is frozen come the blocks `rest` and
    the `chapters` with their `words`; the `parts` are those of the rest, then of each chapter.
    """

    standing: Standing
    plan: Plan
    corrected: tuple[Correction, ...]
    shown: tuple[Correction, ...]
    too_long: tuple[Correction, ...]
    moved: tuple[Part, ...]
    edited: tuple[int, ...]
    posts: int
    described: Mapping[int, tuple[str | None, int]]
    rest: tuple[Block, ...]
    chapters: tuple[Chapter, ...]
    words: tuple[int, ...]
    parts: tuple[tuple[Part, ...], ...]

    @property
    def without_posts(self) -> bool:
        """Whether there is anything to take that changes no post."""
        return not self.plan.goes_on_as_before or len(self.corrected) > len(self.shown)


def prepare(standing: Standing, manuscript: Manuscript, *, correcting: bool) -> Change:
    """Without `correcting`, what is posted stays to the letter."""
    plan = versions.plan(standing.blocks, standing.border, manuscript)
    before = [block for _, _, block in standing.blocks]
    shown = {one.ordinal for one in plan.corrections if _is_shown(standing, before, one)}
    wanted = {
        one.ordinal: one for one in plan.corrections if correcting or one.ordinal not in shown
    }
    taken = _fitting(standing, before, wanted)
    after = _with(before, taken)
    edited = _edited(standing, before, after, taken)
    rest = plan.rest.blocks if plan.rest else manuscript.front
    chapters = tuple(Chapter(one.title, one.blocks) for one in plan.chapters)
    return Change(
        standing,
        plan,
        corrected=tuple(taken.values()),
        shown=tuple(one for one in taken.values() if one.ordinal in shown),
        too_long=tuple(one for one in wanted.values() if one.ordinal not in taken),
        moved=tuple(_recounted(_moved(part, taken), after) for part in _touched(standing, taken)),
        edited=tuple(sorted({part_id for part_id, _ in edited})),
        posts=len(edited),
        described=_described(standing, after, taken, rest),
        rest=rest,
        chapters=chapters,
        words=tuple(chapter.words for chapter in chapters),
        parts=_parts(standing, plan, after, rest, taken),
    )


def _is_shown(standing: Standing, before: Sequence[Block], correction: Correction) -> bool:
    """Whether anything that is posted reads differently by it."""
    border, old = standing.border, correction.old
    if old.kind is Kind.HEADING:
        after = _with(before, {correction.ordinal: correction})
        return _titles(standing, before) != _titles(standing, after)
    end = len(old.text)
    if border is not None and border.ordinal == correction.ordinal:
        end = border.offset
    new_end = correction.moved(end)
    shown = excerpts.text([old], Place(0, 0), Place(0, end))
    return shown != excerpts.text([correction.new], Place(0, 0), Place(0, new_end))


def _fitting(standing: Standing, before: Sequence[Block], wanted: Taken) -> Taken:
    """The corrections less those by which a page holds more than a message does, or nothing."""
    taken = dict(wanted)
    while True:
        after = _with(before, taken)
        refused = set()
        for part in _touched(standing, taken):
            found = zip(
                _spans(part), _pages(part, before), _pages(_moved(part, taken), after), strict=True
            )
            for (start, end), old, new in found:
                if old != new and not 0 < markup.length(new) <= PAGE_LENGTH:
                    within = [n for n in range(start.ordinal, end.ordinal + 1) if n in taken]
                    refused.add(max(within, key=lambda n: _growth(taken[n])))
        if not refused:
            return taken
        for ordinal in refused:
            del taken[ordinal]


def _edited(
    standing: Standing, before: Sequence[Block], after: Sequence[Block], taken: Taken
) -> set[tuple[int, int]]:
    """The posts that read differently: their parts' ids and the numbers of the pages."""
    found = set()
    for part in _touched(standing, taken):
        pages = zip(_pages(part, before), _pages(_moved(part, taken), after), strict=True)
        found |= {(part.id, number) for number, (old, new) in enumerate(pages) if old != new}
    titles, new_titles = _titles(standing, before), _titles(standing, after)
    for part in standing.parts:
        if part.posted and titles[part.chapter_id] != new_titles[part.chapter_id]:
            found.add((part.id, 0))
    return found


def _touched(standing: Standing, taken: Taken) -> list[Part]:
    """The posted parts that hold something of a corrected paragraph."""
    return [
        part
        for part in standing.parts
        if part.posted and any(n in taken for n in range(part.start.ordinal, part.end.ordinal + 1))
    ]


def _with(before: Sequence[Block], taken: Taken) -> list[Block]:
    return [taken[n].new if n in taken else block for n, block in enumerate(before)]


def _growth(correction: Correction) -> int:
    return len(correction.new.text) - len(correction.old.text)


def _moved(part: Part, taken: Taken) -> Part:
    return _placed(part, lambda place: _at(place, taken))


def _at(place: Position, taken: Taken) -> Position:
    if place.ordinal not in taken:
        return place
    return Position(place.ordinal, taken[place.ordinal].moved(place.offset))


def _placed(part: Part, at: Callable[[Position], Position]) -> Part:
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


def _recounted(part: Part, blocks: Sequence[Block]) -> Part:
    start, end = part.start, part.end
    words = 0
    for n in range(start.ordinal, end.ordinal + 1):
        if blocks[n].kind is Kind.PROSE:
            first = start.offset if n == start.ordinal else 0
            last = end.offset if n == end.ordinal else None
            words += counting.count(blocks[n].text[first:last])
    return replace(part, words=words)


def _titles(standing: Standing, blocks: Sequence[Block]) -> dict[int, str | None]:
    return {n: headed(found).title for n, found in _by_chapter(standing, blocks).items()}


def _by_chapter(standing: Standing, blocks: Sequence[Block]) -> dict[int, list[Block]]:
    found: dict[int, list[Block]] = {}
    for (_, chapter_id, _), block in zip(standing.blocks, blocks, strict=False):
        if chapter_id is not None:
            found.setdefault(chapter_id, []).append(block)
    return found


def _described(
    standing: Standing, after: Sequence[Block], taken: Taken, rest: Sequence[Block]
) -> dict[int, tuple[str | None, int]]:
    """The chapters that are corrected, and the one that goes on with `rest`."""
    if standing.border is None:
        return {}
    last = standing.border.ordinal
    chapters = _by_chapter(standing, after[: last + 1])
    changed = {standing.blocks[n][1] for n in (*taken, last)}
    goes_on = standing.blocks[last][1]
    found = {}
    for chapter_id, blocks in chapters.items():
        if chapter_id in changed:
            chapter = headed([*blocks, *(rest if chapter_id == goes_on else ())])
            found[chapter_id] = (chapter.title, chapter.words)
    return found


def _parts(
    standing: Standing,
    plan: Plan,
    after: Sequence[Block],
    rest: Sequence[Block],
    taken: Taken,
) -> tuple[tuple[Part, ...], ...]:
    """Of the rest, and of each chapter. What is the same keeps its borders: its author may have
    moved them."""
    words = _WHOLE_CHAPTER if standing.length == 0 else standing.length or DEFAULT_WORDS
    planned: dict[int, list[Part]] = {}
    for part in standing.parts:
        if not part.posted:
            planned.setdefault(part.chapter_id, []).append(part)
    firsts: dict[int | None, int] = {}
    for ordinal, chapter_id, _ in standing.blocks:
        firsts.setdefault(chapter_id, ordinal)

    found: list[tuple[Part, ...]] = []
    border, first = standing.border, len(rest)
    if border is None or plan.rest is None:
        found.append(())  # front matter
    else:
        first += border.ordinal + 1
        if plan.rest.same is not None and border.ordinal not in taken:
            found.append(tuple(planned.get(plan.rest.same, ())))
        else:
            block, offset = after[border.ordinal], _at(border, taken).offset
            left = replace(block, runs=markup.slice_runs(block.runs, offset, len(block.text)))
            found.append(_cut([left, *rest], Position(border.ordinal, offset), words))
    for chapter in plan.chapters:
        if chapter.same is None:
            found.append(_cut(chapter.blocks, Position(first, 0), words))
        else:
            by = first - firsts[chapter.same]
            found.append(tuple(_shifted(part, by) for part in planned.get(chapter.same, ())))
        first += len(chapter.blocks)
    return tuple(found)


def _cut(blocks: Sequence[Block], first: Position, words: int) -> tuple[Part, ...]:
    """Parts of about so many words of these blocks, the first of which begins at a place."""

    def at(place: Place) -> Position:
        offset = place.offset + (first.offset if place.block == 0 else 0)
        return Position(first.ordinal + place.block, offset)

    return tuple(
        Part(
            id=0,
            chapter_id=0,
            start=at(one.start),
            end=at(closed(blocks, one.end)),
            pages=tuple(map(at, one.pages)),
            words=one.words,
            posted=False,
        )
        for one in excerpts.cut(blocks, words)
    )


def _shifted(part: Part, by: int) -> Part:
    return _placed(part, lambda place: Position(place.ordinal + by, place.offset))
