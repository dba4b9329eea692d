"""Markdown as writers mean it: CommonMark but for what would spoil prose.

There are no code blocks (indented paragraphs are usual), no fences and underlines of several lines
(`~~~` and `---` part scenes) and no lists ("1986. That was the year", "- Go, he said": the marks
stay as typed). A quote needs a space (">:(" is a face), a definition an address ("[Anna]: hi" is
speech), and emphasis that begins or ends inside a word stays in that word ("f*ck and sh*t").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, reference
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markdown_it.utils import EnvType

from bot.stories.formats import inline, scenes
from bot.stories.formats.paragraphs import BLANK, Line, line_of, visible
from bot.stories.model import Kind, Run, Style

_PLAIN = re.compile(r"[^\\`*_~<&\[]*")
_QUOTE = re.compile(r"(?:> ?)*> \s*[^\s>]")
_DEFINITION = re.compile(r"\[[^\[\]]+\]:\s*<?(?:[a-z][a-z+.-]+:|[#/.])", re.IGNORECASE)
_LONGEST_COMMENT = 20_000  # characters
_LONGEST_WORD = 100
_HARD_BREAK = re.compile(r"(?:  +|(?<!\\)\\)$")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_STYLE_TAG = re.compile(rf"<(/?)({'|'.join(inline.TAGS)})>", re.IGNORECASE)
_STYLES = {"em": Style.ITALIC, "strong": Style.BOLD, "s": Style.STRIKE}


class Markdown:
    """`lines` are the file's; `runs` reads a paragraph of it."""

    def __init__(self, text: str) -> None:
        self._env: EnvType = {}  # where the definitions are kept
        tokens: list[Token] = []
        lines = "\n".join(map(_without_blanks, text.splitlines()))
        _PARSER.block.parse(lines, _PARSER, self._env, tokens)
        self.lines = _lines(text.splitlines(keepends=True), tokens)

    def runs(self, text: str) -> tuple[Run, ...]:
        if _PLAIN.fullmatch(text):
            return (Run(text),)
        return inline.joined(_pieces(_PARSER.inline.parse(text, _PARSER, self._env, [])))


def _without_blanks(line: str) -> str:
    """To Markdown a line of no-break spaces is not empty, but it loses it at a paragraph's end."""
    shown = line.rstrip(BLANK)
    return line if shown.strip("> \t") else shown


def _lines(raw_lines: Sequence[str], tokens: Sequence[Token]) -> list[Line]:
    recurring = scenes.recurring(raw_lines)
    lines = [line_of(raw, raw.lstrip("> \t"), recurring) for raw in raw_lines]
    level = 0  # of the heading whose content comes next
    for token in tokens:
        if token.map is None:
            continue
        start, end = token.map
        raws = raw_lines[start:end]
        if token.type in ("comment", "definition"):
            lines[start:end] = [Line(raw, "") for raw in raws]
        elif token.type == "inline" and token.content:
            lines[start:end] = _block(raws, visible(token.content), level, recurring)
        is_heading = token.type == "heading_open" and not token.level
        level = int(token.tag[1]) if is_heading else 0
    return lines


def _block(
    raw_lines: Sequence[str], content: str, level: int, recurring: frozenset[str]
) -> Iterator[Line]:
    """The lines of a heading (`level`) or a paragraph, whose content is without quote marks."""
    if level:
        yield Line(raw_lines[0], content, Kind.HEADING, level, begins=True)
        return
    texts = content.split("\n")
    for number, (raw, text) in enumerate(zip(raw_lines, texts, strict=True), start=1):
        shown = text if number == len(texts) else _HARD_BREAK.sub("", text)
        if not unescape(shown).strip(BLANK):
            shown = ""  # "&nbsp;", for room between two paragraphs
        line = line_of(raw, shown, recurring)
        yield replace(line, begins=number == 1, end=" " if shown == text else "\n")


def _pieces(tokens: Sequence[Token]) -> Iterator[Run]:
    paired = set(_paired_tags(tokens))
    depths = dict.fromkeys(Style, 0)
    for index, token in enumerate(tokens):
        name = token.type.rpartition("_")[0]
        if name in _STYLES:
            depths[_STYLES[name]] += token.nesting
        elif index in paired:
            depths[_style(token.content)] += -1 if token.content[1] == "/" else 1
        else:
            style = Style(sum(style for style, depth in depths.items() if depth))
            yield Run(_text(token), style)


def _text(token: Token) -> str:
    if token.type.endswith("break") or _LINE_BREAK.fullmatch(token.content):
        return "\n"
    if token.type == "image" or (token.type == "html_inline" and token.content.startswith("<!--")):
        return ""
    return visible(token.content)


def _paired_tags(tokens: Sequence[Token]) -> Iterator[int]:
    """The tags of emphasis, `<i>` and its like, that have their partner."""
    openers: dict[Style, list[int]] = {style: [] for style in Style}
    for index, token in enumerate(tokens):
        if token.type != "html_inline" or not _STYLE_TAG.fullmatch(token.content):
            continue
        opened = openers[_style(token.content)]
        if token.content[1] != "/":
            opened.append(index)
        elif opened:
            yield from (opened.pop(), index)


def _style(tag: str) -> Style:
    return inline.TAGS[tag.strip("</>").lower()]


def _emphasis(state: StateInline, silent: bool) -> bool:
    start = state.pos
    mark = state.src[start]
    if silent or mark not in "*_~":
        return False
    end = start
    while state.src[end : end + 1] == mark:
        end += 1
    opens, closes = _roles(state.src, mark, start, end)
    size = 2 if mark == "~" else 1
    if opens or closes:
        for _ in range(start, end, size):
            state.push("text", "", 0).content = mark * size
            length = 0 if mark == "~" else end - start
            token = len(state.tokens) - 1
            state.delimiters.append(Delimiter(ord(mark), length, token, -1, opens, closes))
    else:
        state.append_pending(mark * (end - start))
    state.pos = end
    return True


def _roles(text: str, mark: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether marks may begin and end an emphasis."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if end - start != 2 if mark == "~" else end - start > 3:
        return False, False
    if not (before.isalnum() and after.isalnum()):
        return (
            bool(after.strip()) and not before.isalnum(),
            bool(before.strip()) and not after.isalnum(),
        )
    if mark == "_" or not (before + after).isalpha():
        return False, False
    head = text[max(0, start - _LONGEST_WORD) : start].split()
    tail = text[end : end + _LONGEST_WORD].split()
    return mark in tail[0], mark in head[-1]


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    is_quote = _QUOTE.match(state.src, _begin(state, start)) is not None
    return is_quote and blockquote(state, start, end, silent)


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    is_definition = _DEFINITION.match(state.src, _begin(state, start)) is not None
    return is_definition and reference(state, start, end, silent)


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`<!-- … -->`, alone on its lines."""
    begin = _begin(state, start)
    if not state.src.startswith("<!--", begin):
        return False
    close = state.src.find("-->", begin, begin + _LONGEST_COMMENT) + 3
    last = start
    while last < end - 1 and state.eMarks[last] < close:
        last += 1
    if close < begin or state.src[close : state.eMarks[last]].strip():
        return False
    if not silent:
        state.push("comment", "", 0).map = [start, last + 1]
        state.line = last + 1
    return True


def _begin(state: StateBlock, line: int) -> int:
    return state.bMarks[line] + state.tShift[line]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"inline_definitions": True})
    parser.disable(["code", "fence", "lheading", "list"])
    parser.block.ruler.at("blockquote", _quote, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.at("html_block", _comment, {"alt": ["paragraph", "blockquote"]})
    parser.block.ruler.at("reference", _definition)
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler2.enable("strikethrough")
    return parser


_PARSER = _parser()
