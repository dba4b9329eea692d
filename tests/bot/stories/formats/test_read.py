import pytest

from bot.errors import BadFile
from bot.stories.formats import MAX_BYTES, read
from tests.bot.stories.formats.making import FILES, docx, epub, xhtml, zipped

LATE = "It was late."
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \r\n\t", "is empty"),
        ("a.txt", "\ufeff\u200b\n".encode(), "no story"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0", "isn't text"),
        ("a.txt", zipped({"story.txt": LATE}), "zip archive: unpack it"),
        ("a.zip", zipped({"a.docx": docx(LATE)}), "zip archive: unpack it"),
        ("a.epub", zipped({}), "zip archive"),
        ("a.docx", b"PK\x03\x04", "is damaged"),
        ("a.md", b"%PDF-1.7", "a PDF"),
        ("a.txt", b"{\\rtf1 It was late.}", "rich text"),
        ("a.docx", OLD_WORD, "old Word document, or one with a password"),
        (
            "a.zip",
            zipped({"Pier.scriv/Pier.scrivx": "<a/>"}),
            "Scrivener.*compile it to DOCX or HTML",
        ),
        (
            "a.zip",
            zipped({"Pier.scriv/binder.scrivproj": "<a/>", "Pier.scriv/1.rtf": "{\\rtf1}"}),
            "Scrivener.*compile it to DOCX or HTML",
        ),
        (
            "a.zip",
            zipped({"Pier.scrivx": "<a/>", "Files/Data/1/content.rtf": "{\\rtf1}"}),
            "Scrivener.*compile it to DOCX or HTML",
        ),
        ("a.scrivx", b"<ScrivenerProject/>", "Scrivener.*compile it to DOCX or HTML"),
        (
            "a.txt",
            b'<?xml version="1.0" encoding="UTF-8"?>\n<ScrivenerProject Version="2.0">',
            "Scrivener.*compile it to DOCX or HTML",
        ),
        ("a.odt", zipped({"mimetype": "x", "content.xml": "<a/>"}), "save it as DOCX"),
        ("a.pages", zipped({"Index/Document.iwa": "x"}), "Pages.*export it to DOCX"),
        ("a.xlsx", zipped({"xl/workbook.xml": "<a/>"}), "zip archive"),
        ("a.txt", b"a" * (MAX_BYTES + 1), "over 10 MB"),
        ("a.txt", b"Chapter 1\n\n***\n", "no story"),
        ("a.txt", b"A/N: only a note", "no story"),
        ("a.html", b"<html><h1>A</h1></html>", "no story"),
        ("a.docx", docx(), "no story"),
    ],
)
def test_bad_files_get_one_sentence(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason) as error:
        read(name, data)
    assert str(error.value).count(". ") == 0
    assert str(error.value).endswith(".")
    advice = ("save", "send", "split", "unpack", "compile", "export")
    assert any(word in str(error.value) for word in advice)


@pytest.mark.parametrize("name", FILES)
def test_what_it_is_its_content_tells(name: str) -> None:
    ending = name.partition(".")[2]
    other = {"txt": "text", "md": "markdown"}.get(ending, "txt")
    assert read(f"a.{other}", FILES[name]) == read(name, FILES[name])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", LATE.encode()),
        ("a.pdf", LATE.encode()),
        ("a.docx", LATE.encode()),
        ("a.htm", b"<p>It was late.</p>"),
        ("a", b"<!DOCTYPE HTML><p>It was late.</p>"),
        ("a.txt", b" <?xml version='1.0'?><!-- saved --><HTML><p>It was late.</p></HTML>"),
        ("a.docx", xhtml("<p>It was late.</p>").encode("utf-16")),
        ("a.epub", docx(LATE)),
        ("a.docx", epub({"a.xhtml": "<p>It was late.</p>"})),
        ("a.zip", zipped({"Pier.html": "<p>It was late.</p>", "images/image1.png": b"\x89PNG"})),
    ],
)
def test_a_wrong_name_does_no_harm(name: str, data: bytes) -> None:
    ((block,),) = (chapter.blocks for chapter in read(name, data).chapters)
    assert block.text == LATE


def test_a_text_with_a_few_tags_is_a_text() -> None:
    (chapter,) = read("a.txt", b"<p>It <i>was</i> late.").chapters
    assert chapter.blocks[0].text == "<p>It was late."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", r"\*It\* was late."),
        ("A.TXT", r"\*It\* was late."),
        ("a", r"\*It\* was late."),
        ("Chapter 3. The storm", r"\*It\* was late."),
        ("a.md", "*It* was late."),
        ("a.markdown", "*It* was late."),
    ],
)
def test_of_a_text_the_names_ending_says_what_it_is(name: str, text: str) -> None:
    (chapter,) = read(name, rb"\*It\* was late.").chapters
    assert chapter.blocks[0].text == text


def test_an_old_encoding_is_said() -> None:
    manuscript = read("a.txt", "“It’s late,” she said.".encode("cp1252"))
    assert manuscript.chapters[0].blocks[0].text == "“It’s late,” she said."
    assert "Windows-1252" in manuscript.warnings[0]


def test_a_page_that_says_its_encoding_is_believed() -> None:
    page = '<html><meta charset="windows-1251"><p>Было поздно.</p></html>'
    found = read("a.html", page.encode("cp1251"))
    assert found.chapters[0].blocks[0].text == "Было поздно."
    assert found.warnings == ()
    in_a_text = read("a.txt", 'He wrote "charset=koi8-r". “No,” she said.'.encode("cp1252"))
    assert "Windows-1252" in in_a_text.warnings[0]
