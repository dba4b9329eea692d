"""The sample story over and over, as long as a novel, in the files that authors bring."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from html import escape
from math import ceil

from bot.stories.formats import read
from bot.stories.model import Block, Chapter, Kind, Manuscript, Run, Style
from playground.town import SAMPLE

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="content.opf"/></rootfiles></container>'
)
# What Word puts on every run, whether or not it shows.
_WORDS_OWN = '<w:rFonts w:ascii="Garamond" w:hAnsi="Garamond"/><w:sz w:val="24"/>'


def novel(length: int) -> dict[str, bytes]:
    """Of `length` words or a few more: by file name, one story."""
    sample = read(SAMPLE.name, SAMPLE.read_bytes())
    times = ceil(length / sample.words)
    chapters = list(_numbered(sample.chapters * times))
    return {
        "novel.txt": _text(sample, chapters).encode(),
        "novel.html": _page(_front(sample) + "".join(map(_html, chapters))).encode(),
        "novel.epub": _epub(sample, chapters),
        "novel.docx": _docx(sample, chapters),
    }


def _numbered(chapters: tuple[Chapter, ...]) -> Iterator[list[Block]]:
    for number, chapter in enumerate(chapters, start=1):
        heading, *blocks = chapter.blocks
        text = f"Chapter {number}: {heading.text.rpartition(': ')[2]}"
        yield [Block(Kind.HEADING, (Run(text),), f"{text}\n\n"), *blocks]


def _text(sample: Manuscript, chapters: list[list[Block]]) -> str:
    front = "".join(block.source for block in sample.front).removeprefix("# ")
    return front + "".join(block.source for blocks in chapters for block in blocks)


def _front(sample: Manuscript) -> str:
    title, *others = sample.front
    return f'<h1 class="title">{escape(title.text)}</h1>{_html(others)}'


def _html(blocks: list[Block]) -> str:
    found = []
    for block in blocks:
        tag = "h2" if block.kind is Kind.HEADING else "p"
        found.append(f"<{tag}>{''.join(map(_span, block.runs))}</{tag}>\n")
    return "".join(found)


def _span(run: Run) -> str:
    text = escape(run.text)
    return f'<span class="slanted">{text}</span>' if Style.ITALIC in run.style else text


def _page(body: str) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title></title>'
        f"<style>.slanted {{font-style: italic}}</style></head><body>{body}</body></html>"
    )


def _epub(sample: Manuscript, chapters: list[list[Block]]) -> bytes:
    bodies = [_front(sample), *map(_html, chapters)]
    pages = {f"{number}.xhtml": _page(body) for number, body in enumerate(bodies)}
    items = "".join(f'<item id="p{path}" href="{path}"/>' for path in pages)
    order = "".join(f'<itemref idref="p{path}"/>' for path in pages)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf">'
        f"<manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    return _zipped({"META-INF/container.xml": _CONTAINER, "content.opf": package, **pages})


def _docx(sample: Manuscript, chapters: list[list[Block]]) -> bytes:
    title, *others = sample.front
    body = _paragraph(title, "Title") + "".join(
        _paragraph(block, "Heading1" if block.kind is Kind.HEADING else "")
        for block in (*others, *(block for blocks in chapters for block in blocks))
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{name}"/></w:style>'
        for style, name in (("Title", "Title"), ("Heading1", "heading 1"))
    )
    return _zipped(
        {
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        }
    )


def _paragraph(block: Block, style: str) -> str:
    runs = "".join(
        f'<w:r w:rsidRPr="00C62A1F"><w:rPr>{"<w:i/>" * (Style.ITALIC in run.style)}{_WORDS_OWN}'
        f'</w:rPr><w:t xml:space="preserve">{escape(run.text)}</w:t></w:r>'
        for run in block.runs
    )
    return (
        f'<w:p w:rsidR="00C62A1F" w:rsidRDefault="00A41B2C"><w:pPr><w:pStyle w:val="{style}"/>'
        f'<w:spacing w:line="480"/></w:pPr>{runs}</w:p>'
    )


def _zipped(members: Mapping[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()
