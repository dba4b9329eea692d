"""Paragraphs to a manuscript: which is the title, where chapters begin, what is front matter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.stories.formats import front_matter, headings
from bot.stories.model import Block, Chapter, Kind, Manuscript

LONGEST_TITLE = 300  # characters of a chapter's
_TITLE_PAGE = 50  # words


@dataclass(frozen=True, slots=True)
class Part:
    """A block, and what its file says of it."""

    block: Block
    level: int = 0  # a marked heading's, from 1
    is_title: bool = False  # the work's own


def assemble(parts: Sequence[Part], metadata: Sequence[Block] = ()) -> Manuscript:
    """`metadata` stands before all else. A manuscript without prose has no chapters."""
    blocks = [part.block for part in parts]
    title, byline = _title_page(parts)
    if title is not None:
        blocks[title] = replace(blocks[title], kind=Kind.HEADING)
    if byline is not None:
        blocks[byline] = replace(blocks[byline], kind=Kind.NOTE)

    starts = [i for i, block in enumerate(blocks) if block.kind is Kind.HEADING and i != title]
    opening, warnings = front_matter.mark(blocks[: starts[0]] if starts else blocks)
    before, untitled = _before_prose(opening)
    front = [*metadata, *before]
    if untitled and starts and title is not None and _words(untitled) <= _TITLE_PAGE:
        warnings += [
            f"I took “{front_matter.excerpt(block.text)}” for a part of the title page."
            for block in untitled
            if block.kind is Kind.PROSE
        ]
        front += [_noted(block) for block in untitled]
        untitled = []
    if untitled and starts:
        warnings.append("The text before the first heading became a chapter without a title.")
    chapters = [untitled] if untitled else []
    sections = [blocks[start:end] for start, end in pairwise([*starts, len(blocks)])]
    _add_chapters(front, chapters, sections, warnings)
    told = [*front, *(chapters[0] if chapters else [])]
    return Manuscript(
        _label(told, "title", "story title", "story")
        or (None if title is None else blocks[title].text),
        _label(told, "author", "by", "written by")
        or (None if byline is None else front_matter.byline(blocks[byline].text)),
        tuple(front),
        tuple(map(chapter, chapters)),
        tuple(warnings),
    )


def _add_chapters(
    front: list[Block],
    chapters: list[list[Block]],
    sections: Sequence[list[Block]],
    warnings: list[str],
) -> None:
    """Each section begins with a heading. One without prose belongs to the chapter that follows,
    as "Part One" does to "Chapter 1"; one headed "Author's note" to what stands before it."""
    waiting: list[Block] = []
    for number, (heading, *body) in enumerate(sections, start=1):
        if front_matter.is_note(heading.text) and (chapters or number < len(sections)):
            notes = [replace(block, kind=Kind.NOTE) for block in (heading, *body)]
            (waiting or (chapters[-1] if chapters else front)).extend(notes)
            continue
        marked, guesses = front_matter.mark(body)
        warnings += guesses
        waiting += [heading, *marked]
        if any(block.kind is Kind.PROSE for block in marked):
            chapters.append(waiting)
            waiting = []
    if waiting:
        warnings.append(f"Nothing stands under the heading “{waiting[0].text}”.")
        (chapters[-1] if chapters else front).extend(waiting)


def _noted(block: Block) -> Block:
    return replace(block, kind=Kind.NOTE) if block.kind is Kind.PROSE else block


def _words(blocks: Iterable[Block]) -> int:
    return sum(block.words for block in blocks if block.kind is Kind.PROSE)


def _before_prose(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    first = next((i for i, block in enumerate(blocks) if block.kind is Kind.PROSE), len(blocks))
    return blocks[:first], blocks[first:]


def chapter(blocks: list[Block]) -> Chapter:
    """Headed by all the headings above its prose, or as much of them as a title holds."""
    above, _ = _before_prose(blocks)
    titles = [block.text for block in above if block.kind is Kind.HEADING]
    title = " · ".join(titles)
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1].rstrip() + "…"
    return Chapter(title or None, tuple(blocks))


def _title_page(parts: Sequence[Part]) -> tuple[int | None, int | None]:
    """Which parts are the story's title and the line "by" its author, if any."""
    chapters = [i for i, part in enumerate(parts) if part.block.kind is Kind.HEADING]
    for index, part in enumerate(parts):
        if not part.is_title and not (index in (0, *chapters[:1]) and _could_be_title(part.block)):
            continue
        following = parts[index + 1].block.text if index + 1 < len(parts) else ""
        byline = index + 1 if front_matter.byline(following) else None
        if part.is_title or byline is not None:
            return index, byline
        if part.block.kind is Kind.HEADING:
            lower = [parts[other].level != 1 for other in chapters[1:]]
            if part.level == 1 and lower and all(lower):
                return index, None
        elif part.block.text[-1].isalnum() and (
            chapters[:1] == [index + 1] or front_matter.is_label(following)
        ):
            return index, None
    return None, None


def _could_be_title(block: Block) -> bool:
    return (
        block.kind is not Kind.BREAK
        and headings.is_title(block.text)
        and not headings.is_heading(block.text)
        and not front_matter.is_label(block.text)
    )


def _label(blocks: Iterable[Block], *names: str) -> str | None:
    """What the first label line of one of these names says."""
    notes = [block for block in blocks if block.kind is Kind.NOTE]
    values = (
        front_matter.value(line, *names) for note in notes for line in note.source.splitlines()
    )
    return next(filter(None, values), None)
