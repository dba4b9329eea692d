import io
import zipfile

import pytest

from bot.errors import BadFile
from bot.stories.formats import MAX_BYTES, read


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("story.txt", "It was late.")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \r\n\t", "is empty"),
        ("a.txt", "\ufeff\u200b\n".encode(), "no story"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0", "isn't text"),
        ("a.txt", zipped(), "zip archive"),
        ("a.md", b"%PDF-1.7", "a PDF"),
        ("a.txt", b"{\\rtf1 It was late.}", "rich text"),
        ("a.txt", b"a" * (MAX_BYTES + 1), "over 10 MB"),
        ("a.txt", b"Chapter 1\n\n***\n", "no story"),
        ("a.txt", b"A/N: only a note", "no story"),
        ("a.docx", zipped(), r"\.docx files yet.*\.txt.*\.md"),
        ("a.epub", zipped(), r"\.epub files yet"),
        ("a.HTML", b"<p>It was late.</p>", r"\.html files yet"),
    ],
)
def test_bad_files_get_one_sentence(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason) as error:
        read(name, data)
    assert str(error.value).count(". ") == 0
    assert any(word in str(error.value) for word in ("save", "send", "split"))


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
def test_the_names_ending_says_what_it_is(name: str, text: str) -> None:
    (chapter,) = read(name, rb"\*It\* was late.").chapters
    assert chapter.blocks[0].text == text


def test_an_old_encoding_is_said() -> None:
    manuscript = read("a.txt", "“It’s late,” she said.".encode("cp1252"))
    assert manuscript.chapters[0].blocks[0].text == "“It’s late,” she said."
    assert "Windows-1252" in manuscript.warnings[0]
