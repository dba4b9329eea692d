"""The one way from marked-up text (HTML, EPUB, DOCX by way of HTML) to a manuscript.

`blocks_of` gives a document's or fragment's paragraphs with their looks, `manuscript_of` finds the
title, chapters, scene breaks and notes among them. A caller that knows a heading from elsewhere,
as from an EPUB's contents, marks it: `replace(block, level=1)`. In HTML made from another format
<h1> to <h6> are headings, the class "title" is the work's own title, <hr class="page-break"> ends
a page, any other <hr> parts scenes, and an empty <p> is an empty line.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from bot.stories import words
from bot.stories.formats import front_matter, headings, inline, paragraphs, scenes, walk
from bot.stories.formats.assembly import Part, assemble
from bot.stories.formats.paragraphs import Line, Paragraph
from bot.stories.formats.walk import RichBlock
from bot.stories.markup import slice_runs
from bot.stories.model import Block, Kind, Manuscript, Run, Style

__all__ = ["RichBlock", "blocks_of", "manuscript_of", "parts_of", "pictures_left_out"]

_RULE = "* * *"
_EMPTY = Line("\n", "")
_TITLE_PAGE = 10  # paragraphs
_LARGER = 1.15  # times the size of most letters
_LONGEST_HEADING = 12  # words
_SHORTEST_CHAPTER = 100  # words


def blocks_of(html: str, css: str = "") -> list[RichBlock]:
    """XHTML too. Its <style> sheets are read; `css` is what stands in other files."""
    document = walk.parsed(html)
    if document.body is None:
        return []
    return walk.blocks_in(document.body, walk.sheet([document], css))


def manuscript_of(
    blocks: Sequence[RichBlock], *, title: str | None = None, author: str | None = None
) -> Manuscript:
    """`title` and `author`, where they are known, win over what the text says."""
    manuscript = assemble([_plain(part) for part in parts_of(_with_headings(blocks, title))])
    return replace(
        manuscript,
        title=title or manuscript.title,
        author=author or manuscript.author,
        warnings=(*manuscript.warnings, *pictures_left_out(blocks)),
    )


def parts_of(blocks: Sequence[RichBlock]) -> list[Part]:
    """By the rules for plain text, where the looks say nothing."""
    return [_part(paragraph) for paragraph in paragraphs.grouped(list(_lines(blocks)))]


def pictures_left_out(blocks: Sequence[RichBlock]) -> list[str]:
    """A warning, if any stand in the story; one before it may be the cover."""
    first = next((i for i, block in enumerate(blocks) if block.text), len(blocks))
    count = sum(block.picture for block in blocks[first:])
    if not count:
        return []
    return [f"I left out {count} {'picture' if count == 1 else 'pictures'}: I post text alone."]


def _part(paragraph: Paragraph) -> Part:
    first = paragraph.lines[0]
    pieces = [run for line in paragraph.lines for run in (*line.runs, Run(line.end))][:-1]
    room = paragraph.source[len(paragraph.source.rstrip("\n")) :].ljust(2, "\n")
    block = Block(first.kind, inline.joined(pieces), paragraph.text + room)
    return Part(block, first.level, first.is_title)


def _plain(part: Part) -> Part:
    """A heading need not be bold besides."""
    if part.block.kind is not Kind.HEADING:
        return part
    runs = inline.joined(Run(run.text, run.style & ~Style.BOLD) for run in part.block.runs)
    return replace(part, block=replace(part.block, runs=runs))


def _lines(blocks: Sequence[RichBlock]) -> Iterator[Line]:
    recurring = scenes.recurring(line for block in blocks for line in block.text.split("\n"))
    for block in blocks:
        if block.page_break:
            yield _EMPTY
        if block.separator:
            yield Line(_RULE, _RULE, Kind.BREAK, runs=(Run(_RULE),))
        elif block.text:
            yield from _text_lines(block, recurring)
        if not block.picture:
            yield _EMPTY


def _text_lines(block: RichBlock, recurring: frozenset[str]) -> Iterator[Line]:
    text = block.text
    whole = text.replace("\n", " ")
    if (block.level or block.title) and paragraphs.kind_of(whole, recurring) is not Kind.BREAK:
        runs = tuple(Run(run.text.replace("\n", " "), run.style) for run in block.runs)
        yield Line(
            f"{whole}\n", whole, Kind.HEADING, block.level or 1, runs=runs, is_title=block.title
        )
        return
    start = 0
    for line in text.split("\n"):
        runs = slice_runs(block.runs, start, start + len(line))
        kind = paragraphs.kind_of(line, recurring)
        yield Line(f"{line}\n", line, kind, end="\n", runs=runs)
        start += len(line) + 1


def _with_headings(blocks: Sequence[RichBlock], title: str | None) -> list[RichBlock]:
    """With the work's title, and paragraphs that only look like headings, marked as such."""
    found = list(blocks)
    own = _title_at(found, title)
    for index, block in enumerate(found):
        if index == own:
            found[index] = replace(block, title=True)
        elif block.title:
            found[index] = replace(block, title=False, level=block.level or 1)
    for index in _alike(found):
        found[index] = replace(found[index], level=1)
    return found


def _title_at(blocks: Sequence[RichBlock], title: str | None) -> int | None:
    first = [index for index, block in enumerate(blocks) if block.text][:_TITLE_PAGE]
    named = (i for i in first if title and blocks[i].text.casefold() == title.casefold())
    marked = (i for i in first if blocks[i].title)
    return next(chain(named, marked), None)


def _alike(blocks: Sequence[RichBlock]) -> list[int]:
    """Headings that are none but in their looks: several alike, no two the same, the first where
    the story begins, each with enough text under it. Where chapters are marked or numbered, such
    lines are something else."""
    if any(block.level or headings.is_numbered(block.text) for block in blocks if not block.title):
        return []
    if not blocks:
        return []
    usual = _usual_size(blocks)
    groups: dict[tuple[Style, bool, bool], list[int]] = {}
    for index, block in enumerate(blocks):
        if look := _heading_look(block, usual):
            groups.setdefault(look, []).append(index)
    totals = [words.count(block.text) for block in blocks] if groups else []
    for group in groups.values():
        under = [sum(totals[start + 1 : end]) for start, end in pairwise([*group, len(blocks)])]
        while under and under[0] < _SHORTEST_CHAPTER:  # the title page's
            del under[0], group[0]
        texts = {blocks[index].text for index in group}
        if 1 < len(group) == len(texts) and min(under) >= _SHORTEST_CHAPTER > sum(
            totals[: group[0]]
        ):
            return group
    return []


def _heading_look(block: RichBlock, usual: float) -> tuple[Style, bool, bool] | None:
    """How a paragraph differs from prose, if it could be a heading."""
    text = block.text
    if (
        block.title
        or not headings.is_title(text)
        or not text[-1].isalnum()
        or "\n" in text
        or len(text.split()) > _LONGEST_HEADING
        or front_matter.is_label(text)
        or front_matter.byline(text)
    ):
        return None
    style = Style.BOLD | Style.UNDERLINE
    for run in block.runs:
        if run.text.strip():
            style &= run.style
    larger = block.size > usual * _LARGER
    if style:
        return style, larger and block.centred, False
    if larger or block.page_break:
        return style, larger, not larger
    return None


def _usual_size(blocks: Sequence[RichBlock]) -> float:
    sizes: Counter[float] = Counter()
    for block in blocks:
        sizes[block.size] += len(block.text)
    return sizes.most_common(1)[0][0]
