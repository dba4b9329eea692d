"""Plain text and Markdown, which authors mix: one reader, with a few differences."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.stories.formats import front_matter, headings, inline, paragraphs
from bot.stories.formats.paragraphs import Paragraph
from bot.stories.model import Block, Chapter, Kind, Manuscript, Run


def parse(text: str, *, markdown: bool) -> Manuscript:
    """The story in a text. One without prose has no chapters."""
    yaml = front_matter.yaml(text)
    found = paragraphs.split(text[len(yaml) :], markdown=markdown)
    blocks = [_block(paragraph, markdown=markdown) for paragraph in found]
    title, byline = _title_page(found)
    if title is not None:
        blocks[title] = replace(blocks[title], kind=Kind.HEADING)
    if byline is not None:
        blocks[byline] = replace(blocks[byline], kind=Kind.NOTE)

    starts = [i for i, block in enumerate(blocks) if block.kind is Kind.HEADING and i != title]
    opening, warnings = front_matter.mark(blocks[: starts[0]] if starts else blocks)
    front, untitled = _before_prose(opening)
    if yaml:
        front.insert(0, Block(Kind.NOTE, (Run(yaml.strip()),), yaml))
    if untitled and starts:
        warnings.append("The text before the first heading became a chapter without a title.")
    chapters = [untitled] if untitled else []
    sections = [blocks[start:end] for start, end in pairwise([*starts, len(blocks)])]
    _add_chapters(front, chapters, sections, warnings)
    return Manuscript(
        _label(front, "title", "story title") or (None if title is None else blocks[title].text),
        _label(front, "author", "by", "written by")
        or (None if byline is None else front_matter.byline(blocks[byline].text)),
        tuple(front),
        tuple(map(_chapter, chapters)),
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


def _before_prose(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    first = next((i for i, block in enumerate(blocks) if block.kind is Kind.PROSE), len(blocks))
    return blocks[:first], blocks[first:]


def _chapter(blocks: list[Block]) -> Chapter:
    above, _ = _before_prose(blocks)
    titles = [block.text for block in above if block.kind is Kind.HEADING]
    return Chapter(" · ".join(titles) or None, tuple(blocks))


def _block(paragraph: Paragraph, *, markdown: bool) -> Block:
    if paragraph.kind is Kind.BREAK:
        return Block(Kind.BREAK, (Run(paragraph.text),), paragraph.source)
    return Block(paragraph.kind, inline.runs(paragraph.text, markdown=markdown), paragraph.source)


def _title_page(found: Sequence[Paragraph]) -> tuple[int | None, int | None]:
    """Which paragraphs are the story's title and the line "by" its author, if any."""
    chapters = [index for index, paragraph in enumerate(found) if paragraph.kind is Kind.HEADING]
    for index, paragraph in enumerate(found):
        if index not in (0, *chapters[:1]) or not _could_be_title(paragraph):
            continue
        following = found[index + 1].text if index + 1 < len(found) else ""
        if front_matter.byline(following):
            return index, index + 1
        if paragraph.kind is Kind.HEADING:
            lower = [found[other].level != 1 for other in chapters[1:]]
            if paragraph.level == 1 and lower and all(lower):
                return index, None
        elif paragraph.text[-1].isalnum() and (
            chapters[:1] == [index + 1] or front_matter.is_label(following)
        ):
            return index, None
    return None, None


def _could_be_title(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return (
        paragraph.kind is not Kind.BREAK
        and headings.is_title(text)
        and not headings.is_heading(text)
        and not front_matter.is_label(text)
    )


def _label(blocks: Iterable[Block], *names: str) -> str | None:
    """What the first label line of one of these names says."""
    notes = [block for block in blocks if block.kind is Kind.NOTE]
    values = (
        front_matter.value(line, *names) for note in notes for line in note.source.splitlines()
    )
    return next(filter(None, values), None)
