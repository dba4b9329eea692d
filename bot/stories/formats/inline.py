"""Emphasis inside a paragraph of plain text: `*so*`, `_so_`, `**so**`, `***so***`, `~~so~~` and the
tags `<i>`, `<b>`, `<u>`, `<s>`. A mark without a partner stays as typed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from bot.stories.model import Run, Style

TAGS = {
    "i": Style.ITALIC,
    "em": Style.ITALIC,
    "b": Style.BOLD,
    "strong": Style.BOLD,
    "u": Style.UNDERLINE,
    "s": Style.STRIKE,
    "strike": Style.STRIKE,
    "del": Style.STRIKE,
}
_TOKEN = re.compile(
    rf"\\[*_~<\\]|(?P<marks>\*+|_+|~+)|<(?P<closing>/?)(?P<tag>{'|'.join(TAGS)})>",
    re.IGNORECASE,
)
_OPEN_AT_ONCE = 8  # older marks are stray asterisks


def runs(text: str) -> tuple[Run, ...]:
    reader = _Reader(text)
    done = 0
    for token in _TOKEN.finditer(text):
        reader.pieces.append(_Piece(text[done : token.start()]))
        done = token.end()
        if token["tag"]:
            reader.read_tag(token[0], token["tag"].lower(), closing=bool(token["closing"]))
        elif token["marks"]:
            reader.read_marks(token.start(), token.end())
        else:  # escaped, as in Markdown: no mark, but it stays as typed
            reader.pieces.append(_Piece(token[0]))
    reader.pieces.append(_Piece(text[done:]))
    return joined(Run(piece.text, piece.style) for piece in reader.pieces)


def joined(pieces: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours of one style as one run, and none empty."""
    return tuple(
        Run("".join(run.text for run in group), style)
        for style, group in groupby((run for run in pieces if run.text), key=lambda run: run.style)
    )


@dataclass(slots=True)
class _Piece:
    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class _Opener:
    """What may begin an emphasis: the mark's character or the tag's name. The piece that it is
    holds as many of its characters as are still unused."""

    mark: str
    piece: int


class _Reader:
    def __init__(self, text: str) -> None:
        self.pieces: list[_Piece] = []
        self._text = text
        self._openers: list[_Opener] = []

    def read_tag(self, text: str, tag: str, *, closing: bool) -> None:
        if not closing:
            self._open(text, tag)
            return
        for opener in reversed(self._openers):
            if opener.mark == tag:
                self._close(opener, TAGS[tag], len(self.pieces[opener.piece].text))
                return
        self.pieces.append(_Piece(text))

    def read_marks(self, start: int, end: int) -> None:
        mark, count = self._text[start], end - start
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        in_word = before.isalnum() and after.isalnum()
        if in_word or (count != 2 if mark == "~" else count > 3):
            self.pieces.append(_Piece(mark * count))
            return
        if before.strip() and not after.isalnum():
            for opener in reversed(self._openers):
                used = count & len(self.pieces[opener.piece].text)
                if opener.mark == mark and used:
                    self._close(opener, Style.STRIKE if mark == "~" else Style(used), used)
                    count -= used
        if count and after.strip() and not before.isalnum():
            self._open(mark * count, mark)
        else:
            self.pieces.append(_Piece(mark * count))

    def _open(self, text: str, mark: str) -> None:
        self._openers = [*self._openers[1 - _OPEN_AT_ONCE :], _Opener(mark, len(self.pieces))]
        self.pieces.append(_Piece(text))

    def _close(self, opener: _Opener, style: Style, used: int) -> None:
        """Everything since `opener` gets the style; what was opened in between is left as typed."""
        for piece in self.pieces[opener.piece + 1 :]:
            piece.style |= style
        begin = self.pieces[opener.piece]
        begin.text = begin.text[used:]
        del self._openers[self._openers.index(opener) + bool(begin.text) :]
