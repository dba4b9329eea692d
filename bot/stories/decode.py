"""Bytes to text: by byte order mark, then UTF-8, UTF-16, what a page says of itself, and last
Windows-1252."""

import codecs
import re

from bot.errors import BadFile

# UTF-32's little-endian mark begins with UTF-16's, so it comes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A page of mark-up says it at its top. Nobody who writes UTF-8 gets this far.
_DECLARABLE = (
    *(f"windows-125{number}" for number in range(9)),
    *(f"iso-8859-{number}" for number in (*range(2, 12), *range(13, 17))),
    *("koi8-r", "koi8-u", "macintosh", "shift_jis", "euc-jp", "euc-kr", "gb2312", "gbk", "big5"),
)
_DECLARED = re.compile(
    rf"<[^>]*(?:charset|encoding)\s*=\s*[\"']?\s*({'|'.join(_DECLARABLE)})\b".encode(),
    re.IGNORECASE,
)
_TOP = 2048  # bytes
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")


def load_codecs(*, declarable: bool) -> None:
    """Python reads most of them from its library when each is first used. Of those that a page may
    declare there are many; cp437 is of zip files."""
    for encoding in (*(encoding for _, encoding in _MARKS), "cp1252", "cp437"):
        codecs.lookup(encoding)
    for encoding in _DECLARABLE if declarable else ():
        codecs.lookup(encoding)


def decode(data: bytes) -> tuple[str, str]:
    """The text, without its byte order mark, and its encoding's name. Raises BadFile."""
    text, encoding = _decode(data)
    # A stray control character may be an old editor's slip; NUL is in no text.
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) / 100:
        raise _not_text()
    return text, encoding


def _not_text() -> BadFile:
    return BadFile(
        "That file isn't text: save the story as DOCX, HTML or plain text and send that."
    )


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding), encoding
    if encoding := _utf_16(data):
        return _strict(data, encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if b"\0" in data:
            raise _not_text() from None
        declared = _DECLARED.search(data[:_TOP])
        encoding = declared[1].decode().lower() if declared else "cp1252"
        return _strict(data, encoding), encoding


def _utf_16(data: bytes) -> str:
    """Which UTF-16 it looks like: at least a quarter of the bytes on one side, and next to none
    on the other, are NUL (spaces, line ends and Latin letters make them)."""
    half = len(data) / 2
    even, odd = data[::2].count(0), data[1::2].count(0)
    if odd > half / 4 and even < half / 100:
        return "utf-16-le"
    if even > half / 4 and odd < half / 100:
        return "utf-16-be"
    return ""


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadFile(
            "I can't make out that file's characters: save it again as UTF-8 and send it anew."
        ) from error
