"""Archive of Our Own's downloads, HTML as well as EPUB. In EPUB the classes have other names and
a chapter may go on in the next file, so this goes by ids, tags and what stands directly in what."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.stories.formats import assembly, front_matter, inline, rich, walk
from bot.stories.formats.css import Sheet
from bot.stories.formats.paragraphs import visible
from bot.stories.formats.walk import RichBlock
from bot.stories.model import Block, Chapter, Kind, Manuscript, Run, Style

_DIVISIONS = ("preface", "chapters", "afterword")
_ANY_DIVISION = ", ".join(f"#{name}" for name in _DIVISIONS)
_WORK = re.compile(r"/works/\d+")
_LABEL = re.compile(r"(?:chapter )?(?:summary|(?:end )?notes):?", re.IGNORECASE)


def parse_ao3(pages: Sequence[str], css: str = "") -> Manuscript | None:
    """The work in a download's HTML, or in an EPUB's pages in their order and its style sheets;
    None for anything else."""
    documents = [walk.parsed(page) for page in pages]
    found = [node for one in documents for node in _divisions(one)]
    preface = [node for node in found if node.id == "preface"]
    texts = [node for node in found if node.id == "chapters"]
    if not texts or not any(node.css_first("dl, h1") for node in preface):
        return None
    looks = walk.sheet(documents, css)
    chapters = _chapters(texts, looks)
    for node in found:
        if node.id == "afterword":
            chapters[-1].end += _notes(node, looks)
    told, warnings = _told(chapters)
    return Manuscript(
        next((_text(title) for node in preface for title in node.css("h1")), None),
        _author(preface),
        tuple(note for node in preface for note in (*_source(node), *_notes(node, looks))),
        tuple(told),
        tuple(warnings),
    )


def _divisions(document: LexborHTMLParser) -> Iterator[LexborNode]:
    """Preface, chapters and afterword, none of them in another."""
    if document.css_first(_ANY_DIVISION) is None:
        return
    stack = list(document.css("body"))
    while stack:
        node = stack.pop()
        if node.id in _DIVISIONS:
            yield node
        else:
            stack += reversed(list(node.iter()))


@dataclass(slots=True)
class _Chapter:
    top: list[Block] = field(default_factory=list)  # heading, summary, notes
    text: list[RichBlock] = field(default_factory=list)
    end: list[Block] = field(default_factory=list)


def _chapters(nodes: Iterable[LexborNode], looks: Sheet) -> list[_Chapter]:
    """The first is what stands before any heading: all of a one-shot, or nothing."""
    found = [_Chapter()]
    for child in (child for node in nodes for child in node.iter()):
        if heading := _heading(child):
            text = _text(heading)
            block = Block(Kind.HEADING, (Run(text),), f"{text}\n\n")
            found.append(_Chapter([block, *_notes(child, looks)]))
        elif (child.id or "").startswith("endnotes"):
            found[-1].end += _notes(child, looks)
        else:
            found[-1].text += walk.blocks_in(child, looks)
    return found


def _heading(node: LexborNode) -> LexborNode | None:
    """The heading that a chapter's head begins with; the text may begin with an author's own."""
    if node.tag == "h2":
        return node
    is_text = (node.attributes.get("class") or "").startswith("userstuff")
    first = None if is_text else next(node.iter(), None)
    return first if first and first.tag == "h2" else None


def _told(chapters: Iterable[_Chapter]) -> tuple[list[Chapter], list[str]]:
    """Chapters with their warnings; what has no prose goes to the chapter after it."""
    found: list[Chapter] = []
    warnings: list[str] = []
    waiting: list[Block] = []
    for one in chapters:
        marked, guesses = front_matter.mark(_story(one.text))
        warnings += [*guesses, *rich.pictures_left_out(one.text)]
        waiting += [*one.top, *marked, *one.end]
        if any(block.kind is Kind.PROSE for block in marked):
            found.append(assembly.chapter(waiting))
            waiting = []
    if waiting and found:
        warnings.append(f"Nothing stands under the heading “{waiting[0].text}”.")
        found[-1] = replace(found[-1], blocks=(*found[-1].blocks, *waiting))
    return found, warnings


def _story(blocks: Iterable[RichBlock]) -> list[Block]:
    """The Archive says what a chapter is: headings inside of one are posted, in bold."""
    parts = rich.parts_of([_lowered(block) for block in blocks])
    return [
        replace(part.block, kind=Kind.PROSE) if part.block.kind is Kind.HEADING else part.block
        for part in parts
    ]


def _lowered(block: RichBlock) -> RichBlock:
    if not block.level:
        return replace(block, title=False)
    runs = inline.joined(Run(run.text, run.style | Style.BOLD) for run in block.runs)
    return replace(block, runs=runs, level=0, title=False)


def _notes(node: LexborNode, looks: Sheet) -> Iterator[Block]:
    """Tags, summaries and notes, each with its label."""
    label = ""
    for element in _unwrapped(node):
        text = _text(element)
        if element.tag == "dt" or (element.tag == "p" and _LABEL.fullmatch(text)):
            label = text.removesuffix(":")
        elif element.tag == "dd":
            yield _note([Run(f"{label}: {text}")])
        elif element.tag == "blockquote":
            yield _note([Run(f"{label}: "), *_running(walk.blocks_in(element, looks))])
        elif element.tag == "li" or (element.tag == "p" and not _link(element)):
            yield _note([Run(text)])  # "Inspired by …", "Chapter by …"


def _unwrapped(node: LexborNode) -> Iterator[LexborNode]:
    """Its elements, and those that its lists and boxes hold."""
    stack = [node]
    while stack:
        element = stack.pop()
        if element.tag in ("div", "dl", "ul"):
            stack += reversed(list(element.iter()))
        else:
            yield element


def _running(blocks: Iterable[RichBlock]) -> Iterator[Run]:
    parted = False
    for block in blocks:
        if block.text:
            yield from (*([Run("\n\n")] if parted else []), *block.runs)
            parted = True


def _note(runs: Iterable[Run]) -> Block:
    block = Block(Kind.NOTE, inline.joined(runs), "")
    return replace(block, source=f"{block.text}\n\n")


def _source(preface: LexborNode) -> list[Block]:
    links = filter(None, map(_link, preface.css("#preface > p")))
    return [_note([Run(f"Source: https://archiveofourown.org{link}")]) for link in links]


def _link(node: LexborNode) -> str | None:
    """Where the work that it links to stands in the Archive."""
    links = (_WORK.search(anchor.attributes.get("href") or "") for anchor in node.css("a"))
    return next((link[0] for link in links if link), None)


def _author(preface: Iterable[LexborNode]) -> str | None:
    names = [_text(one) for node in preface for one in node.css("div > a[rel=author]")]
    return ", ".join(dict.fromkeys(names)) or None


def _text(node: LexborNode) -> str:
    return " ".join(visible(node.text()).split())
