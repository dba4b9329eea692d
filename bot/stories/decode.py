"""Bytes to text: by byte order mark, then UTF-8, UTF-16 and Windows-1252."""

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
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")


def decode(data: bytes) -> tuple[str, str]:
    """The text, without its byte order mark, and its encoding's name. Raises BadFile."""
    text, encoding = _decode(data)
    # A stray control character may be an old editor's slip; NUL is in no text.
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) / 100:
        raise _not_text()
    return text, encoding


def _not_text() -> BadFile:
    return BadFile("That file isn't text: save the story as plain text (.txt) or Markdown (.md).")


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
        return _strict(data, "cp1252"), "cp1252"


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
