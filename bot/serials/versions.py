"""A new version of a story's file beside what is stored: what has changed, and how much of that may
be taken. Pure, and slow for long stories."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.serials.aligning import Moves, aligned, key, moves, sentences
from bot.stories.markup import markdown
from bot.stories.model import Block, Kind, Manuscript, Position, Run

Stored = tuple[int, int | None, Block]  # a block, with its ordinal and its chapter's id
Exactly = tuple[tuple[Kind, tuple[Run, ...]], ...]

_TELLING = 25  # characters; shorter sentences recur by chance
_FEW = 3  # sentences, of which corrections may leave none the same
_LEAST_SHARED = 0.1


@dataclass(frozen=True, slots=True)
class Correction:
    """A frozen block as it is, and as the new version has it; `moved` says where the offsets in
    its text go."""

    ordinal: int
    old: Block
    new: Block
    moved: Moves


@dataclass(frozen=True, slots=True)
class Coming:
    """A chapter that comes after what is frozen, or the rest of the one that the border is in.
    `same` is the id of the stored chapter that goes on with just these blocks, if one does."""

    title: str | None
    blocks: tuple[Block, ...]
    same: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new version means for a story of which everything up to a border is frozen.

    Of what is frozen, `corrections` can be taken; `added` and `removed` are the paragraphs that
    only one version has, and it stays without and with them. After it come the `rest` of its last
    chapter, None where nothing is frozen, and the `chapters`: `changed`, `more` and `fewer` count
    the paragraphs there.
    """

    shares_text: bool
    corrections: tuple[Correction, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    rest: Coming | None
    chapters: tuple[Coming, ...]
    changed: int
    more: int
    fewer: int
    goes_on_as_before: bool
    prose_removed: int  # of `fewer`, those that are no headings, breaks or notes

    @property
    def is_empty(self) -> bool:
        return self.goes_on_as_before and not (self.corrections or self.added or self.removed)


def plan(stored: Sequence[Stored], border: Position | None, manuscript: Manuscript) -> Plan:
    """`stored` is the whole text in order, ordinals from 0; frozen is all of it up to the block
    that the border is in."""
    old, new = [block for _, _, block in stored], manuscript.blocks
    frozen = 0 if border is None else border.ordinal + 1
    pairs = aligned([key(block) for block in old], [key(block) for block in new])
    chapter_of = [-1] * len(manuscript.front)
    for number, chapter in enumerate(manuscript.chapters):
        chapter_of += [number] * len(chapter.blocks)
    start = _start(pairs, old[:frozen], new, chapter_of) if frozen else 0
    before = {i: j for i, j in pairs if i < frozen}
    after = [(i, j) for i, j in pairs if i >= frozen]
    theirs = set(before.values())

    rest, chapters = _coming(stored, frozen, manuscript, chapter_of, start)
    ids = [one.same for one in ((rest, *chapters) if rest else chapters)]
    front = () if frozen else manuscript.front
    return Plan(
        shares_text=_share(old[:frozen] if frozen else old, new, before if frozen else dict(pairs)),
        corrections=tuple(
            _correction(i, old[i], new[j])
            for i, j in before.items()
            if old[i].runs != new[j].runs and _letters(old[i]) != _letters(new[j])
        ),
        added=_texts(new[j] for j in range(start) if j not in theirs),
        removed=_texts(old[i] for i in range(frozen) if i not in before),
        rest=rest,
        chapters=chapters,
        changed=sum(_exactly([old[i]]) != _exactly([new[j]]) for i, j in after),
        more=len(new) - start - len(after),
        fewer=len(old) - frozen - len(after),
        goes_on_as_before=ids == _ids(stored, frozen)
        and _exactly(block for _, chapter_id, block in stored[frozen:] if chapter_id is None)
        == _exactly(front),
        prose_removed=_prose(old[frozen:]) - _prose(old[i] for i, _ in after),
    )


def _correction(ordinal: int, old: Block, new: Block) -> Correction:
    new = replace(new, shown=old.shown)
    return Correction(ordinal, old, new, moves(old.text, new.text))


def _start(
    pairs: Sequence[tuple[int, int]],
    frozen: Sequence[Block],
    new: Sequence[Block],
    chapter_of: Sequence[int],
) -> int:
    """The index of the block with which the new text goes on after what is frozen. Where it lacks
    the last paragraphs of that, as many of its own in the chapter stand in their place."""
    last, at = next(((i, j) for i, j in reversed(pairs) if i < len(frozen)), (-1, -1))
    at = max(at + 1, chapter_of.count(-1))
    end = next((j for i, j in pairs if i >= len(frozen)), len(new))
    lacking = sum(block.kind is Kind.PROSE for block in frozen[last + 1 :])
    while lacking and 0 < at < end and chapter_of[at] == chapter_of[at - 1]:
        lacking -= new[at].kind is Kind.PROSE
        at += 1
    return at


def _coming(
    stored: Sequence[Stored],
    frozen: int,
    manuscript: Manuscript,
    chapter_of: Sequence[int],
    start: int,
) -> tuple[Coming | None, tuple[Coming, ...]]:
    """What is the same keeps its chapter, and a note of the same words what is done with it."""
    shown = {key(block): block.shown for _, _, block in stored if block.kind.is_note}

    def settled(blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(replace(one, shown=shown.get(key(one), one.shown)) for one in blocks)

    left: dict[int, list[Block]] = {}
    for _, chapter_id, block in stored[frozen:]:
        if chapter_id is not None:
            left.setdefault(chapter_id, []).append(block)
    rest, current = None, -1
    if frozen:
        current = chapter_of[start - 1] if start else -1
        last = stored[frozen - 1][1]
        was = [] if last is None else left.pop(last, [])
        blocks = settled(
            block
            for block, number in zip(manuscript.blocks[start:], chapter_of[start:], strict=True)
            if number == current
        )
        rest = Coming(None, blocks, last if _exactly(was) == _exactly(blocks) else None)
    unused: dict[Exactly, list[int]] = {}
    for chapter_id, was in left.items():
        unused.setdefault(_exactly(was), []).append(chapter_id)
    chapters = []
    for chapter in manuscript.chapters[current + 1 :]:
        blocks = settled(chapter.blocks)
        found = unused.get(_exactly(blocks))
        chapters.append(Coming(chapter.title, blocks, found.pop(0) if found else None))
    return rest, tuple(chapters)


def _ids(stored: Sequence[Stored], frozen: int) -> list[int | None]:
    """The chapters of what is not frozen, first the one that the border is in."""
    found = [chapter_id for _, chapter_id, _ in stored[frozen:] if chapter_id is not None]
    last = [stored[frozen - 1][1]] if frozen else []
    return list(dict.fromkeys([*last, *found]))


def _share(posted: Sequence[Block], new: Sequence[Block], found: Container[int]) -> bool:
    """Whether both say some of the same, sentence by sentence: headings, breaks and short lines
    recur in any story. Of very little text a correction may leave no sentence as it was; then it
    is enough that the longest paragraph is `found`, by its index, in the new text."""
    mine, theirs = _sentences(posted), _sentences(new)
    if telling := _telling(mine):
        mine, theirs = telling, _telling(theirs)
    if len(mine) < _FEW:
        prose = [i for i, block in enumerate(posted) if block.kind is Kind.PROSE]
        return max(prose, key=lambda i: len(posted[i].text), default=None) in found
    least = _LEAST_SHARED * min(_length(mine), _length(theirs))
    return _length(mine & theirs) >= max(least, 1)


def _sentences(blocks: Sequence[Block]) -> set[str]:
    prose = (key(block)[1] for block in blocks if block.kind is Kind.PROSE)
    return {one for text in prose for one in sentences(text)}


def _telling(sentences: Iterable[str]) -> set[str]:
    return {one for one in sentences if len(one) >= _TELLING}


def _length(sentences: Iterable[str]) -> int:
    return sum(map(len, sentences))


def _letters(block: Block) -> list[list[str]]:
    """What is said, with its styles, whatever the white space within its lines."""
    if block.kind is Kind.BREAK:
        return []
    return [line.split() for line in markdown(block.runs).splitlines()]


def _exactly(blocks: Iterable[Block]) -> Exactly:
    return tuple((block.kind, block.runs) for block in blocks)


def _prose(blocks: Iterable[Block]) -> int:
    """How many of them are prose."""
    return sum(block.kind is Kind.PROSE for block in blocks)


def _texts(blocks: Iterable[Block]) -> tuple[str, ...]:
    return tuple(block.text for block in blocks if block.kind is not Kind.BREAK)
