"""EPUB: a zip archive of XHTML pages, and a package file that says their order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from posixpath import basename, dirname, join, normpath, splitext

from lxml import etree

from bot.errors import BadFile
from bot.stories.formats import headings
from bot.stories.formats.ao3 import parse_ao3
from bot.stories.formats.archive import Archive
from bot.stories.formats.rich import RichBlock, blocks_of, manuscript_of
from bot.stories.formats.walk import parsed
from bot.stories.model import Manuscript, Run

_DC = "{http://purl.org/dc/elements/1.1/}"
_ROLE = "{http://www.idpf.org/2007/opf}role"
_NCX = "application/x-dtbncx+xml"
_FONTS_ONLY = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
_ASIDE = {"cover", "toc", "nav", "contents"}
_NO_CHAPTER = {*_ASIDE, "table of contents", "title page", "copyright", "dedication", "start"}
_HEADED_WITHIN = 3  # paragraphs from a page's top


def parse(archive: Archive) -> Manuscript:
    """The story in an EPUB. Raises BadFile."""
    _check_lock(archive)
    book = _Book(archive)
    pages = dict(book.pages())
    css = book.css()
    if found := parse_ao3(list(pages.values()), css):
        return found
    contents = dict(reversed(list(book.contents())))
    blocks: list[RichBlock] = []
    for path, page in pages.items():
        blocks += _headed(blocks_of(page, css), contents.get(path, ""))
    return manuscript_of(blocks, title=book.title, author=book.author)


def _check_lock(archive: Archive) -> None:
    """Fonts may be scrambled; for text that is, one needs a shop's key."""
    if path := archive.find("META-INF/encryption.xml"):
        methods = archive.xml(path).iter("{*}EncryptionMethod")
        if {method.get("Algorithm") for method in methods} - _FONTS_ONLY:
            raise BadFile(
                "That EPUB is locked by the shop it comes from: "
                "export the story from the program it was written in and send that."
            )


class _Book:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._package_path = _package_path(archive)
        self._package = archive.xml(self._package_path)
        self._items = {item.get("id"): item for item in self._package.iter("{*}item")}
        self.title = next(self._metadata("title"), None)
        self.author = ", ".join(self._metadata("creator")) or None

    def _metadata(self, name: str) -> Iterator[str]:
        for element in self._package.iter(_DC + name):
            text = " ".join((element.text or "").split())
            if text and element.get(_ROLE) in (None, "aut"):
                yield text

    def _find(self, href: str | None, beside: str) -> str | None:
        path, _, _ = (href or "").partition("#")
        return self._archive.find(normpath(join(dirname(beside), path)))

    def _listed(self, elements: Iterator[etree._Element]) -> Iterator[tuple[str, etree._Element]]:
        """Those that name a file which is there, with its path."""
        for element in elements:
            if path := self._find(element.get("href"), self._package_path):
                yield path, element

    def pages(self) -> Iterator[tuple[str, str]]:
        """Paths and texts of the pages that tell the story, in reading order."""
        references = self._package.iter("{*}reference")
        done = {path for path, guide in self._listed(references) if guide.get("type") in _ASIDE}
        in_order = (
            self._items[reference.get("idref")]
            for reference in self._package.iter("{*}itemref")
            if reference.get("idref") in self._items and reference.get("linear") != "no"
        )
        for path, item in self._listed(in_order):
            stem, _ = splitext(basename(path))
            if path not in done and not _is_contents(item) and stem.lower() not in _ASIDE:
                done.add(path)
                yield path, self._archive.text(path)

    def css(self) -> str:
        items = self._listed(iter(self._items.values()))
        paths = {path for path, item in items if item.get("media-type") == "text/css"}
        return "\n".join(map(self._archive.text, sorted(paths)))

    def contents(self) -> Iterator[tuple[str, str]]:
        """Pages' paths, and what the table of contents calls them."""
        for beside, item in self._listed(iter(self._items.values())):
            if not _is_contents(item):
                continue
            for href, label in _entries(self._archive.text(beside)):
                if path := self._find(href, beside):
                    yield path, label


def _package_path(archive: Archive) -> str:
    if container := archive.find("META-INF/container.xml"):
        for root in archive.xml(container).iter("{*}rootfile"):
            if path := archive.find(root.get("full-path") or ""):
                return path
    if path := archive.like(r"\.opf$"):
        return path
    raise BadFile("That EPUB is damaged: export it anew, or send the story as DOCX or HTML.")


def _is_contents(item: etree._Element) -> bool:
    return item.get("media-type") == _NCX or "nav" in (item.get("properties") or "").split()


def _entries(page: str) -> Iterator[tuple[str | None, str]]:
    """Addresses and names in a table of contents, be it EPUB 3's or EPUB 2's."""
    tree = parsed(page)
    for nav in tree.css("nav"):
        if nav.attributes.get("epub:type") == "toc":
            for link in nav.css("a"):
                yield link.attributes.get("href"), " ".join(link.text().split())
    for point in tree.css("navpoint"):
        name, target = point.css_first("text"), point.css_first("content")
        if name is not None and target is not None:
            yield target.attributes.get("src"), " ".join(name.text().split())


def _headed(blocks: Sequence[RichBlock], label: str) -> Sequence[RichBlock]:
    """A page's blocks, its heading marked as such, or put first where only the contents have it (a
    picture may stand for it). A page without a label goes on with the chapter before."""
    wanted = label.casefold()
    if not wanted or wanted in _NO_CHAPTER:
        return blocks
    told = [index for index, block in enumerate(blocks) if _text(block)][:_HEADED_WITHIN]
    if not told or any(
        blocks[index].level or headings.is_heading(_text(blocks[index])) for index in told
    ):
        return blocks
    for index in told:
        if _text(blocks[index]).casefold() == wanted:
            return [*blocks[:index], replace(blocks[index], level=2), *blocks[index + 1 :]]
    return [RichBlock((Run(label),), level=2), *blocks]


def _text(block: RichBlock) -> str:
    return " ".join("".join(run.text for run in block.runs).split())
