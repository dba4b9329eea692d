"""A file's text as paragraphs, headings and separators, with nothing between them lost."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.stories.formats import front_matter, headings, scenes
from bot.stories.model import Kind

# White space, and characters that show nothing at a line's end.
_BLANK = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_ITEM = re.compile(r"(?:[-*+•–—]|\d+[.)]|>+)\s")
_LONG = 100  # characters; text wrapped by an editor has shorter lines
_INDENT = 2  # columns


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text` has its line ends as spaces, and no `#`; `level` is a Markdown heading's, else 0."""

    kind: Kind
    text: str
    source: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    raw: str
    text: str  # without the white space around it; blank if there is none
    indented: bool
    kind: Kind
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Layout:
    """What marks a new paragraph, besides a blank line."""

    at_every_line: bool
    at_indents: bool


def split(text: str, *, markdown: bool) -> list[Paragraph]:
    """The sources, joined, are `text`, unless it is all white space."""
    raw_lines = text.splitlines(keepends=True)
    recurring = scenes.recurring(raw_lines)
    lines = [_line(raw, recurring) for raw in raw_lines]
    layout = _layout(lines)
    _settle_headings(lines, layout, markdown=markdown)

    groups: list[list[_Line]] = []
    leading = ""
    before: _Line | None = None  # the line above, unless blank
    for line in lines:
        if line.text and (before is None or _parts(groups, line, layout)):
            groups.append([line])
        elif groups:
            groups[-1].append(line)
        else:
            leading += line.raw
        before = line if line.text else None

    paragraphs = [_paragraph(group) for group in groups]
    if paragraphs:
        paragraphs[0] = replace(paragraphs[0], source=leading + paragraphs[0].source)
    return paragraphs


def _paragraph(lines: Sequence[_Line]) -> Paragraph:
    return Paragraph(
        lines[0].kind,
        " ".join(line.text for line in lines if line.text),
        "".join(line.raw for line in lines),
        lines[0].level,
    )


def _parts(groups: Sequence[Sequence[_Line]], line: _Line, layout: _Layout) -> bool:
    """Whether `line`, right under the last of `groups`, begins a paragraph of its own."""
    first, before = groups[-1][0], groups[-1][-1]
    second_of_file = len(groups) == len(groups[0]) == 1
    return (
        layout.at_every_line
        or Kind.PROSE is not line.kind
        or Kind.PROSE is not before.kind
        or (layout.at_indents and line.indented)
        or (_is_front(line) and (second_of_file or _is_front(first)))
        or (_is_item(line) and (_is_item(before) or _ends_sentence(before)))
    )


def _is_item(line: _Line) -> bool:
    return _ITEM.match(line.text) is not None


def _is_front(line: _Line) -> bool:
    return front_matter.is_label(line.text) or front_matter.byline(line.text) is not None


def _line(raw: str, recurring: frozenset[str]) -> _Line:
    text = raw.strip(_BLANK)
    columns = sum(
        {"\t": 4, "\u3000": 2}.get(character, character.isspace())
        for character in raw[: raw.find(text)]
    )
    indented = columns >= _INDENT
    if not text:
        return _Line(raw, text, indented, Kind.PROSE)
    if hashed := headings.hashes(text):
        level, text = hashed
        return _Line(raw, text, indented, Kind.HEADING, level)
    if scenes.is_break(text) or text in recurring:
        return _Line(raw, text, indented, Kind.BREAK)
    kind = Kind.HEADING if headings.is_heading(text) else Kind.PROSE
    return _Line(raw, text, indented, kind)


def _layout(lines: Sequence[_Line]) -> _Layout:
    """Blank lines part paragraphs in every file. Where there are few, or lines are longer than an
    editor wraps them, a line that ends a sentence ends its paragraph too if nearly all lines do;
    indented lines begin paragraphs if the lines above them mostly end sentences."""
    pairs = [
        (above, below)
        for above, below in pairwise(lines)
        if above.kind is below.kind is Kind.PROSE
        and above.text
        and below.text
        and not front_matter.is_label(above.text)
    ]
    groups = sum(bool(line.text) for line in lines) - len(pairs)
    over_indented = (_ends_sentence(above) for above, below in pairs if below.indented)
    return _Layout(
        at_every_line=_is_paragraph_each([above for above, _ in pairs], groups),
        at_indents=_share(over_indented) >= 0.5,
    )


def _is_paragraph_each(above: Sequence[_Line], groups: int) -> bool:
    """Whether the lines that have another right under them are whole paragraphs."""
    long = _share(len(line.text) > _LONG for line in above)
    few_blanks = len(above) >= 3 * groups
    return _share(map(_ends_sentence, above)) > 0.7 and (long > 0.3 or few_blanks)


def _share(cases: Iterable[bool]) -> float:
    found = list(cases)
    return sum(found) / len(found) if found else 0.0


def _settle_headings(lines: list[_Line], layout: _Layout, *, markdown: bool) -> None:
    """In place: a heading in the midst of a paragraph is prose, a title underlined a heading."""
    for index, line in enumerate(lines):
        above = lines[index - 1] if index and lines[index - 1].text else None
        below = lines[index + 1] if index + 1 < len(lines) else None
        if line.kind is Kind.HEADING and not line.level and not layout.at_every_line:
            runs_on = above and above.kind is Kind.PROSE and not _ends_sentence(above)
            goes_on = below and below.kind is Kind.PROSE and below.text[:1].islower()
            if runs_on or goes_on:
                lines[index] = replace(line, kind=Kind.PROSE)
        elif above and (level := headings.underline(line.text, markdown=markdown)):
            second = index > 1 and lines[index - 2].text and lines[index - 2].kind is Kind.PROSE
            title = headings.is_title(above.text) and not front_matter.is_label(above.text)
            if above.kind is Kind.HEADING or (above.kind is Kind.PROSE and title and not second):
                lines[index - 1] = replace(above, kind=Kind.HEADING, level=level)
                lines[index] = replace(line, text="")


def _ends_sentence(line: _Line) -> bool:
    return line.text.rstrip("*_)]’'\"”»」』").endswith(tuple(".!?…:—。！？"))
