"""Emphasis inside a paragraph, in plain text as in Markdown: `*so*`, `_so_`, `**so**`, `***so***`,
`~~so~~` and the tags `<i>`, `<b>`, `<u>`, `<s>`. A mark without a partner stays as typed."""

import re
from dataclasses import dataclass
from itertools import groupby

from bot.stories.model import Run, Style

_TAGS = {
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
    rf"(?P<escaped>\\[!-/:-@\[-`{{-~])"
    rf"|(?P<marks>\*+|_+|~+)"
    rf"|<(?P<closing>/?)(?P<tag>{'|'.join(_TAGS)})>",
    re.IGNORECASE,
)
_OPEN_AT_ONCE = 8  # older marks are stray asterisks


def runs(text: str, *, markdown: bool) -> tuple[Run, ...]:
    """`markdown` adds what is Markdown's alone: backslash escapes, emphasis inside a word."""
    reader = _Reader(text, markdown)
    done = 0
    for token in _TOKEN.finditer(text):
        if token["escaped"] and not markdown:
            continue
        reader.pieces.append(_Piece(text[done : token.start()]))
        done = token.end()
        if token["escaped"]:
            reader.pieces.append(_Piece(token[0][1]))
        elif token["tag"]:
            reader.read_tag(token[0], token["tag"].lower(), closing=bool(token["closing"]))
        else:
            reader.read_marks(token.start(), token.end())
    reader.pieces.append(_Piece(text[done:]))
    return tuple(
        Run("".join(piece.text for piece in group), style)
        for style, group in groupby(
            (piece for piece in reader.pieces if piece.text), key=lambda piece: piece.style
        )
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
    end: int
    in_word: bool = False


class _Reader:
    def __init__(self, text: str, markdown: bool) -> None:
        self.pieces: list[_Piece] = []
        self._text = text
        self._markdown = markdown
        self._openers: list[_Opener] = []

    def read_tag(self, text: str, tag: str, *, closing: bool) -> None:
        if not closing:
            self._open(text, _Opener(tag, len(self.pieces), 0))
            return
        for opener in reversed(self._openers):
            if opener.mark == tag:
                self._close(opener, _TAGS[tag], len(self.pieces[opener.piece].text))
                return
        self.pieces.append(_Piece(text))

    def read_marks(self, start: int, end: int) -> None:
        mark, count = self._text[start], end - start
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        in_word = before.isalnum() and after.isalnum()
        if (count != 2 if mark == "~" else count > 3) or (
            in_word and (mark == "_" or not self._markdown or not (before + after).isalpha())
        ):
            self.pieces.append(_Piece(mark * count))
            return
        if before.strip() and (in_word or not after.isalnum()):
            for opener in reversed(self._openers):
                used = count & len(self.pieces[opener.piece].text)
                if opener.mark != mark or not used:
                    continue
                if (in_word or opener.in_word) and " " in self._text[opener.end : start]:
                    continue
                self._close(opener, Style.STRIKE if mark == "~" else Style(used), used)
                count -= used
        if count and after.strip() and (in_word or not before.isalnum()):
            self._open(mark * count, _Opener(mark, len(self.pieces), end, in_word))
        else:
            self.pieces.append(_Piece(mark * count))

    def _open(self, text: str, opener: _Opener) -> None:
        self.pieces.append(_Piece(text))
        self._openers = [*self._openers[1 - _OPEN_AT_ONCE :], opener]

    def _close(self, opener: _Opener, style: Style, used: int) -> None:
        """Everything since `opener` gets the style; what was opened in between is left as typed."""
        for piece in self.pieces[opener.piece + 1 :]:
            piece.style |= style
        begin = self.pieces[opener.piece]
        begin.text = begin.text[used:]
        del self._openers[self._openers.index(opener) + bool(begin.text) :]
