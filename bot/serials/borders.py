"""Where a story may be cut, and how willingly: sentences, dialogue and its tags, paragraphs."""

from collections.abc import Iterator
from enum import IntEnum

import regex


class Cost(IntEnum):
    """Of a border, weighed against each other and against an excerpt's distance from its length."""

    SCENE = 0
    GAP = 1  # a paragraph's end where the author left more room than usual
    PARAGRAPH = 2
    BEAT = 4  # between two paragraphs with speech in them, at neither's speech
    EXCHANGE = 6  # between a line of dialogue and the next
    SENTENCE = 12
    SPEECH = 18  # a sentence's end inside quotation marks or brackets
    # From here on only where a page holds no more.
    JOINED = 10**6  # between a line of dialogue and its tag, or where a sentence may not have ended
    CLAUSE = 10**7
    WORD = 10**8
    ANYWHERE = 10**9


_PIECE = 100  # characters; so many fit on a page in any style and escaped
_LEAST = 15  # characters; what is shorter stays with the sentence that follows

_QUOTES = "\"”’'»›」』“‘«„‹「『"
_STOP = regex.compile(
    r"(?P<stop>[.!?؟۔।…]+)(?P<close>[\"”’'»›」』)\]]*)\s+(?=\S)"
    r"|(?P<stop>[。！？｡]+)(?P<close>[」』”’）》〉\"]*)\s*(?=\S)"
)
_ABBREVIATION = regex.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Dr|St|Prof|Rev|Fr|Capt|Cpt|Lt|Col|Gen|Sgt|Maj|Cpl|Cmdr|Adm|Hon|Gov|Pres"
    r"|Sen|Rep|Insp|Det|Supt|Mme|Mlle|Messrs|Sra|Srta|Sr|Jr|Mt|Ft|vs|cf|e\.g|i\.e|\p{Lu})\.$"
)
_NUMBERED = regex.compile(r"\b(?:No|no|Nos|nos|p|pp|vol|Vol|ch|Ch)\.$")
_LETTER = regex.compile(r"[^\p{L}\p{N}]{0,20}([\p{L}\p{N}])")
_OPENS_OR_CLOSES = regex.compile(r"[“«„「『(\[（]|[”»」』)\]）]|\"")
_CLAUSE = regex.compile(r"[,;:]\s+|[—–]\s*|[，、；：]")
_SPACE = regex.compile(r"\s+")
_BEGINS_SPEECH = regex.compile(r"[*_\s]*(?:[\"“«„「『'‘]|[—–-]\s?\w)")
_SPEECH = regex.compile(rf"[\"“”«»„「『]|^{_BEGINS_SPEECH.pattern}")
_CAPTION = 60  # characters
_UNFINISHED = regex.compile(r"[,;:，、；：][\"”’'»」』*_]*$")


def within(text: str) -> Iterator[tuple[int, Cost]]:
    """The offsets at which a paragraph may be cut, in order, and what it costs. They are at
    most _PIECE characters apart, so that any limit can be kept, and not many to a page."""
    start = 0
    for offset, cost in sentences(text):
        if offset - start < _LEAST:
            continue
        yield from _clauses(text, start, offset)
        yield offset, cost
        start = offset
    yield from _clauses(text, start, len(text))


def sentences(text: str) -> Iterator[tuple[int, Cost]]:
    depth, quotes, seen = 0, 0, 0
    for match in _STOP.finditer(text):
        for mark in _OPENS_OR_CLOSES.findall(text, seen, match.end()):
            if mark == '"':
                quotes += 1
            else:
                depth = max(0, depth + (1 if mark in "“«„「『([（" else -1))
        seen = match.end()
        if _runs_on(text, match):
            yield match.end(), Cost.JOINED
        else:
            yield match.end(), Cost.SPEECH if depth or quotes % 2 else Cost.SENTENCE


def _runs_on(text: str, match: regex.Match[str]) -> bool:
    """Whether what follows a full stop belongs, or may belong, to what stands before it."""
    following = _LETTER.match(text, match.end())
    if following is None or following[1].islower():
        return True
    if any(mark in _QUOTES for mark in match["close"]):
        return text[match.end()] not in _QUOTES  # "Go!" Mary said.
    stop = match["stop"]
    if stop.endswith(("..", "…")):
        return True  # "Well... I don't know."
    before = match.end("stop")
    return stop == "." and (
        _ABBREVIATION.search(text, max(0, before - 10), before) is not None
        or (
            following[1].isdigit()
            and _NUMBERED.search(text, max(0, before - 6), before) is not None
        )
    )


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, Cost]]:
    """Borders inside a sentence, at most _PIECE characters apart."""
    while end - start > _PIECE:
        last = start + _PIECE
        if clauses := [match.end() for match in _CLAUSE.finditer(text, start + 1, last)]:
            start, cost = clauses[-1], Cost.CLAUSE
        elif spaces := [match.end() for match in _SPACE.finditer(text, start + 1, last)]:
            start, cost = spaces[-1], Cost.WORD
        else:
            start, cost = last, Cost.ANYWHERE
        yield start, cost


def between(before: str, after: str, *, gap: bool) -> Cost:
    """What a cut between two paragraphs costs; `gap`: they stand further apart than others do."""
    following = _LETTER.match(after)
    if _UNFINISHED.search(before) or (following and following[1].islower()):
        return Cost.JOINED
    if _is_caption(before):
        return Cost.SPEECH
    if gap or _is_caption(after):
        return Cost.GAP
    if _SPEECH.search(before) and _SPEECH.search(after):
        touching = before.rstrip("*_ ")[-1] in _QUOTES or _BEGINS_SPEECH.match(after)
        return Cost.EXCHANGE if touching else Cost.BEAT
    return Cost.PARAGRAPH


def _is_caption(paragraph: str) -> bool:
    """Whether it may head what follows: "II", "Three days later"."""
    return len(paragraph) <= _CAPTION and paragraph[-1:].isalnum()
