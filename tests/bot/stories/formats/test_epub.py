from collections.abc import Callable

import pytest

from bot.errors import BadFile
from bot.serials.imports import prepare
from bot.stories.formats import read
from bot.stories.formats.archive import Archive
from bot.stories.formats.epub import parse
from bot.stories.markup import markdown
from bot.stories.model import Kind, Manuscript
from tests.bot.stories.fixtures import ao3
from tests.bot.stories.formats.making import ao3_epub, epub, xhtml, zipped

ONE = "<h2>One</h2><p>The ferry was late.</p>"
TWO = "<h2>Two</h2><p>It never came.</p>"
CHAPTERS = {"One": ["The ferry was late."], "Two": ["It never came."]}
NAV = '<item id="nav" href="nav.xhtml" properties="nav"/>'
NCX = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'


def story(data: bytes) -> Manuscript:
    return parse(Archive(data))


def chapters(data: bytes) -> dict[str | None, list[str]]:
    found = story(data)
    assert found.warnings == ()
    return {
        chapter.title: [block.text for block in chapter.blocks if block.kind is Kind.PROSE]
        for chapter in found.chapters
    }


def nav(**labels: str) -> str:
    """A table of contents in which pages have these names."""
    entries = "".join(
        f'<li><a href="{page}.xhtml#top">{name}</a></li>' for page, name in labels.items()
    )
    return xhtml(
        f'<nav epub:type="toc"><ol>{entries}</ol></nav>'
        '<nav epub:type="landmarks"><ol><li><a href="a.xhtml">Begin</a></li></ol></nav>'
    )


def ncx(**labels: str) -> str:
    points = "".join(
        f'<navPoint id="{page}"><navLabel><text>{name}</text></navLabel>'
        f'<content src="{page}.xhtml"/></navPoint>'
        for page, name in labels.items()
    )
    doctype = '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "x">'
    return f'<?xml version="1.0"?>{doctype}<ncx><navMap>{points}</navMap></ncx>'


def in_order(*pages: str, aside: str = "") -> str:
    return "".join(
        f'<itemref idref="{page}" linear="{"no" if page == aside else "yes"}"/>' for page in pages
    )


def test_a_book() -> None:
    found = story(epub({"a.xhtml": ONE, "b.xhtml": TWO}))
    assert (found.title, found.author) == ("The Lantern", "Mara Quill")
    assert [chapter.title for chapter in found.chapters] == ["One", "Two"]
    assert read("book.zip", epub({"a.xhtml": ONE})).words == 4


def test_the_spine_says_the_order() -> None:
    spine = in_order("b.xhtml", "gone", "a.xhtml", "b.xhtml")
    assert list(chapters(epub({"a.xhtml": TWO, "b.xhtml": ONE}, spine=spine))) == ["One", "Two"]


def test_a_page_without_a_heading_goes_on_with_the_chapter() -> None:
    found = chapters(epub({"a.xhtml": ONE, "b.xhtml": "<p>Nor did the next.</p>", "c.xhtml": TWO}))
    assert found == {"One": ["The ferry was late.", "Nor did the next."], "Two": ["It never came."]}


@pytest.mark.parametrize(
    ("item", "path", "contents"),
    [(NAV, "OEBPS/nav.xhtml", nav), (NCX, "OEBPS/toc.ncx", ncx)],
    ids=["EPUB 3", "EPUB 2"],
)
def test_the_contents_know_headings_that_the_pages_hide(
    item: str, path: str, contents: Callable[..., str]
) -> None:
    pages = {
        "a.xhtml": '<p class="big">ONE</p><p>The ferry was late.</p>',
        "b.xhtml": "<p>Nor did the next.</p>",
        "c.xhtml": '<p><img src="two.png" alt=""/></p><p>It never came.</p>',
    }
    data = epub(pages, manifest=item, more={path: contents(a="One", c="Two")})
    found = story(data)
    assert [chapter.title for chapter in found.chapters] == ["ONE", "Two"]
    assert [chapter.words for chapter in found.chapters] == [8, 3]


def test_contents_do_not_double_a_heading() -> None:
    pages = {
        "a.xhtml": "<p>Chapter One</p><p>The Ferry</p><p>It was late.</p>",
        "b.xhtml": TWO,
        "c.xhtml": "<p>For my mother</p>",
    }
    labels = nav(a="Chapter One: The Ferry", b="II. Two", c="Dedication")
    found = story(epub(pages, manifest=NAV, more={"OEBPS/nav.xhtml": labels}))
    assert [chapter.title for chapter in found.chapters] == ["Chapter One", "Two"]


def test_cover_and_contents_are_no_story() -> None:
    pages = {
        "cover.xhtml": "<p>Cover</p>",
        "front.xhtml": "<p>A Novel</p>",
        "inhalt.xhtml": "<p>One ... 3</p>",
        "a.xhtml": ONE,
        "ad.xhtml": "<p>Buy more</p>",
        "b.xhtml": TWO,
    }
    guide = (
        '<reference type="cover" href="front.xhtml"/><reference type="toc" href="inhalt.xhtml#x"/>'
    )
    data = epub(
        pages,
        spine=in_order(*pages, "nav", aside="ad.xhtml"),
        guide=guide,
        manifest=NAV,
        more={"OEBPS/nav.xhtml": nav(a="One", b="Two")},
    )
    assert chapters(data) == CHAPTERS


def test_style_sheets_and_closed_elements() -> None:
    body = '<p>So <span class="em">late</span> <a id="p3"/><i/>it was.</p>'
    data = epub(
        {"a.xhtml": body},
        manifest='<item id="css" href="style/main.css" media-type="text/css"/>',
        more={"OEBPS/style/main.css": ".em {font-style: italic}"},
    )
    (block,) = story(data).blocks
    assert markdown(block.runs) == "So *late* it was."


def test_paths_in_any_case_and_encoded() -> None:
    data = epub(
        {},
        manifest='<item id="a" href="Text/page%20one.XHTML"/>',
        spine='<itemref idref="a"/>',
        package="OPS/package.opf",
        more={"OPS/text/Page one.xhtml": xhtml(ONE), "mimetype": "application/zip"},
    )
    assert chapters(data) == {"One": CHAPTERS["One"]}


def test_without_a_container() -> None:
    archive = Archive(epub({"a.xhtml": ONE}))
    members = {name: archive.read(name) for name in archive.names if "container" not in name}
    del members["mimetype"]
    assert chapters(zipped(members)) == {"One": CHAPTERS["One"]}


def test_who_wrote_it() -> None:
    names = {' opf:role="aut"': "Mara  Quill", "": "Ben Oake", ' opf:role="ill"': "Ann Ink"}
    creators = [f"<dc:creator{role}>{name}</dc:creator>" for role, name in names.items()]
    metadata = f"{''.join(creators)}<dc:title> The\nPier </dc:title>"
    data = epub({"a.xhtml": ONE}, metadata=metadata)
    assert (story(data).title, story(data).author) == ("The Pier", "Mara Quill, Ben Oake")
    assert (story(epub({"a.xhtml": ONE}, metadata="")).author) is None


def test_a_work_of_ao3_is_the_same_as_epub_and_as_html() -> None:
    found = prepare("work.epub", ao3_epub())
    assert found == prepare("work.html", ao3.html().encode())
    assert (found.title, found.manuscript.author) == (ao3.TITLE, "wick, quill")
    assert [chapter.title for chapter in found.manuscript.chapters] == [
        "Chapter 1: The Third Step", "Chapter 2", "Chapter 3: Asked",
    ]  # fmt: skip


def encryption(algorithm: str) -> dict[str, str | bytes]:
    return {
        "META-INF/encryption.xml": '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
        f'<enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/></enc:EncryptedData>'
        "</encryption>"
    }


def test_a_locked_book_is_told_of() -> None:
    with pytest.raises(BadFile, match="is locked by the shop"):
        story(
            epub({"a.xhtml": ONE}, more=encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
        )
    fonts = encryption("http://www.idpf.org/2008/embedding")
    assert chapters(epub({"a.xhtml": ONE}, more=fonts)) == {"One": CHAPTERS["One"]}


def test_an_entity_bomb_in_a_page() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><html><body>&b;</body></html>'
    with pytest.raises(BadFile, match="entities of its own"):
        story(epub({"a.xhtml": ONE}, more={"OEBPS/a.xhtml": bomb}))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (epub({}), "found no story"),
        (epub({"a.xhtml": "<h1>Only a heading</h1>"}), "found no story"),
        (epub({"../../a.xhtml": ONE}), "leads out"),
        (epub({"a.xhtml": ONE}, more={"OEBPS/content.opf": "<package>"}), "damaged"),
        (epub({"a.xhtml": ONE}, more={"OEBPS/a.xhtml": b"\0\1\2"}), "characters"),
        (zipped({"META-INF/container.xml": "<container/>"}), "damaged"),
    ],
)
def test_what_is_no_book(data: bytes, sentence: str) -> None:
    with pytest.raises(BadFile, match=sentence):
        read("a.epub", data)
