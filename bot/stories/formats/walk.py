"""A parsed HTML document to paragraphs with their looks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.stories.formats import css, inline, scenes
from bot.stories.formats.css import Look, Sheet
from bot.stories.formats.paragraphs import BLANK, visible
from bot.stories.markup import split_runs
from bot.stories.model import Run, Style

# XHTML may close any element so (<title/>, <a id="x"/>); in HTML's eyes most then stay open.
_SELF_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)"
    r"([a-z][\w:.-]*+)((?:[^<>\"'/]|\"[^\"<]*\"|'[^'<]*'|/(?!>))*+)/>",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SKIPPED = {
    *("head", "title", "script", "style", "template", "noscript", "nav", "form", "input"),
    *("button", "select", "textarea", "label", "iframe", "object", "canvas", "svg", "math"),
    *("audio", "video", "map"),
}
_BLOCKS = {
    *("html", "body", "p", "div", "section", "article", "header", "footer", "main", "aside"),
    *("address", "hgroup", "center", "blockquote", "pre", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "figure", "figcaption"),
    *("details", "summary", "fieldset", "legend", *_HEADINGS),
}
_STYLES = {**inline.TAGS, "cite": Style.ITALIC, "ins": Style.UNDERLINE}
_TITLES = {"title", "msotitle"}


@dataclass(frozen=True, slots=True)
class RichBlock:
    """A paragraph as it looks; one without text is an empty line."""

    runs: tuple[Run, ...] = ()  # a line break is "\n"
    level: int = 0  # a heading's, 1 to 6
    title: bool = False  # the work's own
    separator: bool = False  # a rule
    picture: bool = False
    centred: bool = False
    size: float = 12.0  # of its letters, in points
    page_break: bool = False  # before it

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(_SELF_CLOSED.sub(r"<\1\2></\1>", html))


def sheet(documents: Iterable[LexborHTMLParser], more: str = "") -> Sheet:
    """Of all their <style> elements, and `more`."""
    texts = [style.text() for document in documents for style in document.css("style")]
    return Sheet("\n".join([more, *texts]))


def blocks_in(root: LexborNode, looks: Sheet) -> list[RichBlock]:
    walk = _Walk(looks, _remarks(root))
    walk.read(root)
    return walk.blocks


def _remarks(root: LexborNode) -> set[int]:
    """The margin's comments, and the signs that lead to them, as Google Docs exports them."""
    found = set()
    for anchor in root.css("a[id^=cmnt]"):
        node: LexborNode | None = anchor
        if (anchor.attributes.get("href") or "").startswith("#cmnt_ref"):
            while node and node.tag != "div":
                node = node.parent
        if node:
            found.add(node.mem_id)
    return found


@dataclass(frozen=True, slots=True)
class _Open:
    """An element whose content is being read."""

    tag: str
    is_block: bool
    blocks: int  # how many there were before it
    breaks_page: bool  # after it
    look: Look


class _Walk:
    """No recursion: some documents nest thousands of elements."""

    def __init__(self, looks: Sheet, skipped: set[int]) -> None:
        self.blocks: list[RichBlock] = []
        self._looks = looks
        self._skipped = skipped
        self._pieces: list[Run] = []
        self._look: Look | None = None  # of the first text among the pieces
        self._marker = ""  # of a list's item, before its text
        self._counts: list[int | None] = []  # of each list around, None for one without numbers
        self._pictures = 0
        self._page_break = False

    def read(self, root: LexborNode) -> None:
        stack: list[tuple[LexborNode, Look] | _Open] = [(root, Look())]
        while stack:
            item = stack.pop()
            if isinstance(item, _Open):
                self._leave(item)
                continue
            node, look = item
            if node.is_text_node:
                self._add(node.text_content or "", look)
            elif node.is_element_node and (opened := self._enter(node, look)):
                stack.append(opened)
                children = [(child, opened.look) for child in node.iter(include_text=True)]
                stack += reversed(children)
        self._flush()

    def _enter(self, node: LexborNode, look: Look) -> _Open | None:
        tag = node.tag or ""
        attributes = node.attributes
        name, classes = attributes.get("id") or "", attributes.get("class") or ""
        style = self._looks.of(tag, name, classes)
        if own := attributes.get("style"):
            style = {**style, **css.declarations(own)}
        if tag in ("br", "hr", "img"):
            self._void(tag, classes, style, attributes.get("alt") or "", look)
            return None
        if tag in _SKIPPED or "hidden" in attributes or css.is_hidden(style):
            return None
        if node.mem_id in self._skipped:
            return None
        look = look.within(_STYLES.get(tag, Style.PLAIN), style)
        is_block = tag in _BLOCKS or style.get("display") in ("block", "list-item")
        if is_block:
            self._flush()
            self._page_break |= css.breaks_page(style, "before")
            look = _block_look(look, tag, classes, attributes.get("align") or "")
        if tag in ("ol", "ul"):
            self._counts.append(_first(attributes.get("start")) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._mark()
        elif tag == "q":
            self._add("“", look)
        elif tag == "lj":  # a person or a community of LiveJournal's
            self._add(attributes.get("user") or attributes.get("comm") or "", look)
        return _Open(tag, is_block, len(self.blocks), css.breaks_page(style, "after"), look)

    def _leave(self, item: _Open) -> None:
        if item.tag == "q":
            self._add("”", item.look)
        if not item.is_block:
            return
        self._flush()
        if item.tag == "p" and len(self.blocks) == item.blocks:
            self.blocks.append(RichBlock())
        if item.tag in ("ol", "ul"):
            self._counts.pop()
        elif item.tag == "li":
            self._marker = ""
        self._page_break |= item.breaks_page

    def _void(self, tag: str, classes: str, style: css.Declarations, alt: str, look: Look) -> None:
        is_page_break = "page-break" in classes.split() or css.breaks_page(style, "before")
        if tag == "img":
            if scenes.is_break(alt):
                self._add(alt, look)
            elif not css.is_hidden(style):
                self._pictures += 1
        elif is_page_break:
            self._flush()
            self._page_break = True
        elif css.is_hidden(style):
            return
        elif tag == "br":
            self._pieces.append(Run("\n"))
        else:
            self._flush()
            self.blocks.append(RichBlock(separator=True))

    def _mark(self) -> str:
        count = self._counts[-1] if self._counts else None
        if count is None:
            return "• "
        self._counts[-1] = count + 1
        return f"{count}. "

    def _add(self, text: str, look: Look) -> None:
        text = visible(text)
        if not look.preformatted:
            text = _SPACES.sub(" ", text)
            if not self._pieces or self._pieces[-1].text[-1] in " \n":
                text = text.lstrip(" ")
        if not text:
            return
        if self._look is None and text.strip(BLANK):
            self._look = look
            text = self._marker + text
            self._marker = ""
        style = look.style & ~Style.BOLD if look.level else look.style
        self._pieces.append(Run(text, style))

    def _flush(self) -> None:
        """What was read since a block began or ended, as paragraphs: two line breaks part them,
        and each more is an empty line."""
        runs, look = inline.joined(self._pieces), self._look or Look()
        self._pieces, self._look = [], None
        groups = [list(group) for _, group in groupby(_lines(runs), key=_is_blank)]
        for number, group in enumerate(groups):
            if _is_blank(group[0]):
                between = 0 < number < len(groups) - 1
                self.blocks += [RichBlock()] * (len(group) - between)
            else:
                self._emit(_joined_lines(runs, group), look)
        self.blocks += [RichBlock(picture=True)] * self._pictures
        self._pictures = 0

    def _emit(self, runs: tuple[Run, ...], look: Look) -> None:
        self.blocks.append(
            RichBlock(
                runs,
                look.level,
                look.title,
                centred=look.centred,
                size=look.size,
                page_break=self._page_break,
            )
        )
        self._page_break = False


def _lines(runs: Sequence[Run]) -> list[tuple[int, int]]:
    """From where to where each line's text goes, without the white space around it."""
    text = "".join(run.text for run in runs)
    if not text.strip(" "):
        return []
    spans, start = [], 0
    for line in text.split("\n"):
        shown = line.strip(BLANK)
        begin = start + line.find(shown)
        spans.append((begin, begin + len(shown)))
        start += len(line) + 1
    if len(spans) > 1 and _is_blank(spans[-1]):
        spans.pop()  # a line break at the end breaks nothing
    return spans


def _is_blank(span: tuple[int, int]) -> bool:
    return span[0] == span[1]


def _joined_lines(runs: Sequence[Run], spans: Sequence[tuple[int, int]]) -> tuple[Run, ...]:
    pieces: list[Run] = []
    for line in split_runs(runs, spans):
        pieces += [Run("\n"), *line] if pieces else line
    return inline.joined(pieces)


def _block_look(look: Look, tag: str, classes: str, align: str) -> Look:
    if tag == "center" or align:
        look = replace(look, centred=tag == "center" or align.lower() == "center")
    if tag in _HEADINGS:
        look = replace(look, level=int(tag[1]))
    if tag in (*_HEADINGS, "p", "div") and not _TITLES.isdisjoint(classes.lower().split()):
        look = replace(look, title=True)
    return replace(look, preformatted=True) if tag == "pre" else look


def _first(start: str | None) -> int:
    return int(start) if start and re.fullmatch(r"\d{1,6}", start) else 1
