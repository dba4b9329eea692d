"""Reading an author's file."""

import re
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath

from bot.errors import BadFile
from bot.stories.decode import decode, load_codecs
from bot.stories.formats import front_matter, text
from bot.stories.model import Manuscript

# The readers of other formats are imported where they are needed: loading them takes longer than
# reading most texts.

MAX_BYTES = 10_000_000

_ZIPPED = (b"PK\x03\x04", b"PK\x05\x06")
_SAVE_AS = "save the story as DOCX, HTML or plain text and send that."
_SIGNATURES = {
    b"%PDF": "a PDF, which keeps no paragraphs",
    b"{\\rtf": "a rich text document",
    b"\xd0\xcf\x11\xe0": "an old Word document, or one with a password",
}
_SCRIVENER = "That is a Scrivener project: compile it to DOCX or HTML and send that."
# Of archives that are no story's, by what one of their members is called.
_ARCHIVES = {
    r"\.scriv/|\.scrivx$|\.scrivproj$": _SCRIVENER,
    r"^index/|^index\.(?:apxl|xml)": "That is a Pages document: export it to DOCX or EPUB.",
    r"^content\.xml$": "That is an OpenDocument file: save it as DOCX and send that.",
}
_SCRIVENER_PROJECT = re.compile(r"(?:\s|<\?xml[^>]*>)*+<ScrivenerProject\b")
_HTML = {".html", ".htm", ".xhtml"}
_MARKDOWN = {".md", ".markdown"}
_PAGE = re.compile(
    r"(?:\s|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype html|html|head|body)\b", re.I | re.S
)
_TAG = re.compile(r"<(?:p|br|div|h[1-6]|blockquote)\b[^<>]*>", re.IGNORECASE)
_OLD_ENCODING = (
    "The file isn't UTF-8, so I read it as Windows-1252: look whether accents and quotes are right."
)


def read(name: str, data: bytes) -> Manuscript:
    """The story in a file, whose content tells what it is, and its name where that leaves a doubt.
    Raises BadFile, which says what is wrong and what to do."""
    if len(data) > MAX_BYTES:
        raise BadFile(
            f"That file is over {MAX_BYTES // 1_000_000} MB: split the story into smaller files."
        )
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise BadFile(f"That file is {kind}: {_SAVE_AS}")
    found = _unpacked(data) if data.startswith(_ZIPPED) else _text(name, data)
    if not any(chapter.words for chapter in found.chapters):
        raise BadFile(
            "I found no story in that file, only headings, notes or separators: "
            "send one with the story's text in it."
        )
    return _with_notes_sorted_out(found)


def load_readers(data: bytes) -> None:
    """Load everything that reading these bytes may need, for where no file can be opened later."""
    is_archive = data.startswith(_ZIPPED)
    has_markup = is_archive or b"<" in data
    modules = ["heapq"]
    if has_markup:
        modules.append("bot.stories.formats.html")
    if is_archive:
        modules += ["bot.stories.formats.docx", "bot.stories.formats.epub", "xml.dom.expatbuilder"]
    for module in modules:
        import_module(module)
    load_codecs(declarable=has_markup)


def _with_notes_sorted_out(found: Manuscript) -> Manuscript:
    return replace(
        found,
        front=tuple(front_matter.sorted_out(block, in_chapter=False) for block in found.front),
        chapters=tuple(
            replace(
                chapter,
                blocks=tuple(
                    front_matter.sorted_out(block, in_chapter=True) for block in chapter.blocks
                ),
            )
            for chapter in found.chapters
        ),
        rating=front_matter.rating(found.blocks),
    )


def _text(name: str, data: bytes) -> Manuscript:
    content, encoding = decode(data)
    if not content.strip():
        raise BadFile("That file is empty: check that the story was saved in it and send it anew.")
    ending = PurePath(name).suffix.lower()
    if ending == ".scrivx" or _SCRIVENER_PROJECT.match(content):
        raise BadFile(_SCRIVENER)
    if _PAGE.match(content) or (ending in _HTML and _TAG.search(content)):
        from bot.stories.formats.html import parse_html

        found = parse_html(content)
    else:
        found = text.parse(content, markdown=ending in _MARKDOWN)
    if encoding == "cp1252":
        found = replace(found, warnings=(*found.warnings, _OLD_ENCODING))
    return found


def _unpacked(data: bytes) -> Manuscript:
    from bot.stories.formats import docx, epub, html
    from bot.stories.formats.archive import Archive

    archive = Archive(data)
    if archive.find("META-INF/container.xml") or archive.like(r"\.opf$"):
        return epub.parse(archive)
    if archive.like("^word/"):
        return docx.parse(archive)
    for pattern, advice in _ARCHIVES.items():
        if archive.like(pattern):
            raise BadFile(advice)
    if page := archive.like(r"^[^/]+\.html?$"):  # as Google Docs gives it, with its pictures
        return html.parse_html(archive.text(page))
    raise BadFile("That file is a zip archive: unpack it and send the story's own file.")
