"""What taking a new version makes of a serial: its text, where its parts begin and end, which of
its posts change. Pure, and slow for long stories."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from bot.serials import comparing, excerpts, versions
from bot.serials import correcting as posted
from bot.serials.correcting import Part, Standing, Taken
from bot.serials.excerpts import DEFAULT_WORDS, Place, closed
from bot.serials.versions import Correction, Plan
from bot.stories import markup, sizes
from bot.stories.formats.assembly import chapter as headed
from bot.stories.model import Block, Chapter, Manuscript, Position


@dataclass(frozen=True, slots=True)
class Change:
    """What is written to take a new version.

    Of its corrections, `corrected` are made, which have the terms `corrected_terms` and of which
    readers see those in `shown`, and `too_long` are not, as a post would hold too much or nothing.
    They move the places of the parts `moved`, and `posts` posts, which belong to the parts
    `edited`, read differently. `described` are
    chapters that stay, with their titles and words. After what is frozen come the blocks `rest` and
    the `chapters` with their `words`, and the `terms` of all their blocks; the `parts` are those of
    the rest, then of each chapter. `added` are the numbers and titles of chapters that the
    story did not have; `untouched` the numbers of those that the file lacks at its beginning or
    end, and that stay.
    The text is new from the ordinal `new_from` on, and has then `size` bytes in all.
    """

    standing: Standing
    plan: Plan
    corrected: tuple[Correction, ...]
    corrected_terms: tuple[str, ...]
    shown: tuple[Correction, ...]
    too_long: tuple[Correction, ...]
    moved: tuple[Part, ...]
    edited: tuple[int, ...]
    posts: int
    described: Mapping[int, tuple[str | None, int]]
    rest: tuple[Block, ...]
    chapters: tuple[Chapter, ...]
    words: tuple[int, ...]
    terms: tuple[str, ...]
    parts: tuple[tuple[Part, ...], ...]
    added: tuple[tuple[int, str | None], ...]
    untouched: tuple[int, ...]
    new_from: int
    size: int

    @property
    def without_posts(self) -> bool:
        """Whether there is anything to take that changes no post."""
        return not self.plan.goes_on_as_before or len(self.corrected) > len(self.shown)


def prepare(
    standing: Standing, file: Manuscript, *, correcting: bool, added: bool = False
) -> Change:
    """Without `correcting`, what is posted stays to the letter. A file that was `added` may be a
    stretch of the story: then what it lacks before and after that stays."""
    if not added:
        return _prepare(standing, file, correcting=correcting)
    story = standing.manuscript
    found = comparing.compare(comparing.text(story), comparing.text(file))
    manuscript = comparing.completed(story, file, found)
    change = _prepare(standing, manuscript, correcting=correcting)
    offset = found.first[0][0] if manuscript is not file and found.first else 0
    after = len(manuscript.chapters) - offset - len(file.chapters)
    to_come = len(manuscript.chapters) - len(change.chapters)
    return replace(
        change,
        added=tuple(
            (offset + n + 1, file.chapters[n].title)
            for n in found.new_chapters
            if offset + n >= to_come
        ),
        untouched=tuple(
            n + 1
            for n in range(len(manuscript.chapters))
            if not offset <= n < len(manuscript.chapters) - after
        ),
    )


def undo(standing: Standing, before: Standing) -> Change:
    """Back to what the story was, with its cut, and with what posts said."""
    change = _prepare(standing, before.manuscript, correcting=True)
    frozen = standing.frozen
    became = [*change.rest, *(block for chapter in change.chapters for block in chapter.blocks)]
    was = [block for _, _, block in before.blocks[frozen:]]
    if [(one.kind, one.runs) for one in became] != [(one.kind, one.runs) for one in was]:
        return change
    plan = change.plan
    kept = [plan.rest is not None and plan.rest.same is not None]
    kept += [chapter.same is not None for chapter in plan.chapters]
    return replace(change, parts=_as_before(change.parts, kept, before.parts))


def _prepare(standing: Standing, manuscript: Manuscript, *, correcting: bool) -> Change:
    plan = versions.plan(standing.blocks, standing.border, manuscript)
    before = [block for _, _, block in standing.blocks]
    shown = posted.shown(standing, before, plan.corrections)
    wanted = {
        one.ordinal: one for one in plan.corrections if correcting or one.ordinal not in shown
    }
    taken = posted.fitting(standing, before, wanted)
    after = posted.corrected(before, taken)
    edited = posted.edited_posts(standing, before, after, taken)
    rest = plan.rest.blocks if plan.rest else manuscript.front
    chapters = tuple(Chapter(one.title, one.blocks) for one in plan.chapters)
    return Change(
        standing,
        plan,
        corrected=tuple(taken.values()),
        corrected_terms=tuple(one.new.terms for one in taken.values()),
        shown=tuple(one for one in taken.values() if one.ordinal in shown),
        too_long=tuple(one for one in wanted.values() if one.ordinal not in taken),
        moved=tuple(
            posted.recounted(posted.moved(part, taken), after)
            for part in posted.touched(standing, taken)
        ),
        edited=tuple(sorted({part_id for part_id, _ in edited})),
        posts=len(edited),
        described=_described(standing, after, taken, rest),
        rest=rest,
        chapters=chapters,
        words=tuple(chapter.words for chapter in chapters),
        terms=tuple(
            block.terms for blocks in (rest, *(one.blocks for one in chapters)) for block in blocks
        ),
        parts=_parts(standing, plan, after, rest, taken),
        added=(),
        untouched=(),
        new_from=_new_from(standing, rest, chapters),
        size=sizes.of_blocks(
            chain(after[: standing.frozen], rest, *(chapter.blocks for chapter in chapters))
        ),
    )


def _new_from(standing: Standing, rest: Sequence[Block], chapters: Sequence[Chapter]) -> int:
    frozen = standing.frozen
    old = [block for _, _, block in standing.blocks[frozen:]]
    new = [*rest, *(block for chapter in chapters for block in chapter.blocks)]
    pairs = enumerate(zip(old, new, strict=False), start=frozen)
    differing = (n for n, (a, b) in pairs if (a.kind, a.runs) != (b.kind, b.runs))
    return next(differing, frozen + min(len(old), len(new)))


def _as_before(
    parts: Sequence[tuple[Part, ...]], kept: Sequence[bool], before: Sequence[Part]
) -> tuple[tuple[Part, ...], ...]:
    """The parts of the rest and of each chapter: those that are not `kept` are cut as they once
    were, where that still fits."""
    starts = [part.start for part in before]
    found = []
    for group, is_kept in zip(parts, kept, strict=True):
        if group and not is_kept:
            first = bisect_left(starts, group[0].start)
            after = bisect_left(starts, group[-1].end)
            was = tuple(replace(part, posted=False) for part in before[first:after])
            if was and (was[0].start, was[-1].end) == (group[0].start, group[-1].end):
                group = was
        found.append(group)
    return tuple(found)


def _described(
    standing: Standing, after: Sequence[Block], taken: Taken, rest: Sequence[Block]
) -> dict[int, tuple[str | None, int]]:
    """The chapters that are corrected, and the one that goes on with `rest`."""
    if standing.border is None:
        return {}
    last = standing.border.ordinal
    chapters = posted.by_chapter(standing, after[: last + 1])
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
    words = DEFAULT_WORDS if standing.length is None else standing.length
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
            block, offset = after[border.ordinal], posted.moved_place(border, taken).offset
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
    return posted.with_places(part, lambda place: Position(place.ordinal + by, place.offset))
