"""Lines to paragraphs, headings and separators, with nothing between them lost."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.stories.formats import front_matter, headings, scenes
from bot.stories.model import Kind, Run

# White space, and characters that show nothing at a line's end.
BLANK = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_SOFT_HYPHEN, _BYTE_ORDER_MARK = "\xad", "\ufeff"
# What sites leave in a text that is copied from them.
_LEFT_OVER = re.compile(r"</?(?:lj-cut|lj-raw|center)\b[^<>]*>", re.IGNORECASE)
_READ_MORE = re.compile(r"\(\s*read more\W*\)", re.IGNORECASE)
_RULE = re.compile(r"<hr\b[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"(?:[-*+•–—]|\d+[.)]|>+)\s")
_LONG = 100  # characters; text wrapped by an editor has shorter lines
_INDENT = 2  # columns


@dataclass(frozen=True, slots=True)
class Line:
    """`raw` is the line in the file, with its end; `text` what it shows, blank if nothing; `end`
    what stands between it and the next line of its paragraph."""

    raw: str
    text: str
    kind: Kind = Kind.PROSE
    level: int = 0  # a marked heading's, from 1
    indented: bool = False
    begins: bool = False  # a paragraph, whatever stands above
    end: str = " "
    runs: tuple[Run, ...] = ()  # of `text`, where the file says how it looks
    is_title: bool = False  # the work's own, as the file says


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Its lines, none blank, and `source`, their slice of the file with the white space that
    follows."""

    lines: tuple[Line, ...]
    source: str

    @property
    def kind(self) -> Kind:
        return self.lines[0].kind

    @property
    def level(self) -> int:
        return self.lines[0].level

    @property
    def text(self) -> str:
        ends = [*(line.end for line in self.lines[:-1]), ""]
        return "".join(line.text + end for line, end in zip(self.lines, ends, strict=True))


@dataclass(frozen=True, slots=True)
class _Layout:
    """What marks a new paragraph, besides a blank line."""

    at_every_line: bool
    at_indents: bool


def lines_of(text: str) -> list[Line]:
    raw_lines = text.splitlines(keepends=True)
    recurring = scenes.recurring(raw_lines)
    return [line_of(raw, visible(raw), recurring) for raw in raw_lines]


def line_of(raw: str, text: str, recurring: frozenset[str]) -> Line:
    """A line whose file does not say what it is."""
    text = text.strip(BLANK)
    if not text or _READ_MORE.fullmatch(text):
        return Line(raw, "")
    if _RULE.fullmatch(text):
        return Line(raw, "* * *", Kind.BREAK)
    if hashed := headings.hashes(text):
        return Line(raw, hashed[1], Kind.HEADING, hashed[0])
    return Line(raw, text, kind_of(text, recurring), indented=_is_indented(raw, text))


def kind_of(text: str, recurring: frozenset[str]) -> Kind:
    if scenes.is_break(text) or text in recurring:
        return Kind.BREAK
    return Kind.HEADING if headings.is_heading(text) else Kind.PROSE


def visible(text: str) -> str:
    """Without soft hyphens, stray byte order marks and what sites leave in what they show."""
    return _LEFT_OVER.sub("", text.replace(_SOFT_HYPHEN, "").replace(_BYTE_ORDER_MARK, ""))


def grouped(lines: Sequence[Line], *, markdown: bool = False) -> list[Paragraph]:
    """The sources, joined, are all the lines, unless there is nothing but white space."""
    lines, layout = _settled(lines, markdown=markdown)
    groups: list[list[Line]] = []
    leading = ""
    before: Line | None = None  # the line above, unless blank
    for line in lines:
        if line.text and (before is None or _parts(groups, line, layout)):
            groups.append([line])
        elif groups:
            groups[-1].append(line)
        else:
            leading += line.raw
        before = line if line.text else None
    found = [_paragraph(group) for group in groups]
    if found:
        found[0] = replace(found[0], source=leading + found[0].source)
    return found


def _paragraph(lines: Sequence[Line]) -> Paragraph:
    return Paragraph(
        tuple(line for line in lines if line.text), "".join(line.raw for line in lines)
    )


def _parts(groups: Sequence[Sequence[Line]], line: Line, layout: _Layout) -> bool:
    """Whether `line`, right under the last of `groups`, begins a paragraph of its own."""
    first, before = groups[-1][0], groups[-1][-1]
    second_of_file = len(groups) == len(groups[0]) == 1
    under_byline = len(groups[-1]) == 1 and front_matter.byline(before.text) is not None
    return (
        line.begins
        or layout.at_every_line
        or Kind.PROSE is not line.kind
        or Kind.PROSE is not before.kind
        or (layout.at_indents and line.indented)
        or (_is_front(line) and (second_of_file or _is_front(first)))
        or (under_byline and line.text[0].isupper())
        or front_matter.is_record(line.text)
        or (_is_item(line) and (_is_item(before) or _ends_sentence(before)))
    )


def _is_item(line: Line) -> bool:
    return _ITEM.match(line.text) is not None


def _is_front(line: Line) -> bool:
    return front_matter.is_label(line.text) or front_matter.byline(line.text) is not None


def _is_indented(raw: str, text: str) -> bool:
    columns = sum(
        {"\t": 4, "\u3000": 2}.get(character, character.isspace())
        for character in raw[: raw.find(text[0])]
    )
    return columns >= _INDENT


def _layout(lines: Sequence[Line]) -> _Layout:
    """Blank lines part paragraphs in every file. Where there are few, or lines are longer than an
    editor wraps them, a line that ends a sentence ends its paragraph too if nearly all lines do;
    indented lines begin paragraphs if the lines above them mostly end sentences."""
    pairs = [
        (above, below)
        for above, below in pairwise(lines)
        if above.kind is below.kind is Kind.PROSE
        and above.text
        and below.text
        and not below.begins
        and not front_matter.is_label(above.text)
    ]
    groups = sum(bool(line.text) for line in lines) - len(pairs)
    over_indented = (_ends_sentence(above) for above, below in pairs if below.indented)
    return _Layout(
        at_every_line=_is_paragraph_each([above for above, _ in pairs], groups),
        at_indents=_share(over_indented) >= 0.5,
    )


def _is_paragraph_each(above: Sequence[Line], groups: int) -> bool:
    """Whether the lines that have another right under them are whole paragraphs."""
    long = _share(len(line.text) > _LONG for line in above)
    few_blanks = len(above) >= 3 * groups
    return _share(map(_ends_sentence, above)) > 0.7 and (long > 0.3 or few_blanks)


def _share(cases: Iterable[bool]) -> float:
    found = list(cases)
    return sum(found) / len(found) if found else 0.0


def _settled(lines: Sequence[Line], *, markdown: bool) -> tuple[list[Line], _Layout]:
    """A heading in the midst of a paragraph is prose, a title underlined a heading."""
    found = list(lines)
    layout = _layout(found)
    top = next((line for line in found if line.text), None)
    for index, line in enumerate(found):
        above = found[index - 1] if index and found[index - 1].text and not line.begins else None
        below = found[index + 1] if index + 1 < len(found) else None
        if line.kind is Kind.HEADING and not line.level and not layout.at_every_line:
            runs_on = above and above.kind is Kind.PROSE and not _ends_sentence(above)
            if above and (_is_front(above) or _is_title_alone(above, top, below)):
                runs_on = False
            goes_on = (
                below and below.kind is Kind.PROSE and below.text[:1].islower() and not below.begins
            )
            if runs_on or goes_on:
                found[index] = replace(line, kind=Kind.PROSE)
        elif above and (level := headings.underline(line.text, markdown=markdown)):
            second = index > 1 and found[index - 2].text and found[index - 2].kind is Kind.PROSE
            title = headings.is_title(above.text) and not front_matter.is_label(above.text)
            if above.kind is Kind.HEADING or (above.kind is Kind.PROSE and title and not second):
                found[index - 1] = replace(above, kind=Kind.HEADING, level=level)
                found[index] = replace(line, text="")
    return found, layout


def _is_title_alone(line: Line, top: Line | None, under_next: Line | None) -> bool:
    """Whether it is the file's first line and, like a title, has one more line under it at most."""
    alone = under_next is None or not under_next.text
    return line is top and alone and headings.is_title(line.text)


def _ends_sentence(line: Line) -> bool:
    return line.text.rstrip("*_)]’'\"”»」』").endswith(tuple(".!?…:—。！？"))
