"""Proposes who might be a character, from a story's text. Pure; takes a moment for a novel."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import regex

from bot.companion.word_lists import (
    AT,
    DEEDS,
    KIN,
    NEVER,
    PARTICLES,
    PLACES,
    SPEECH,
    TITLES,
    TOWARDS,
)

_LONGEST = 60  # characters of a name
_MOST_TITLES = 4  # before a name

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:[-’'][\p{L}\p{M}]+)*")
_POSSESSIVE = regex.compile(r"[’']s$|(?<=[sxz])[’']$")
_CONTRACTS = regex.compile(r"[’']")  # "I’d"
_BEGINS = regex.compile(r"[.!?…:]|[\"“«„‘*]|(?:^|\s)['’—–-]+$")  # in what stands before a word
_ABBREVIATES = regex.compile(r"\.? ")  # between "Mr" and a name
_ADDRESSED = regex.compile(r"[,.!?…—–\"”»]")
_QUOTED = regex.compile(r"[\"“”«»„]")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name and its other forms, of which each stands in the text; `count` is of all of them,
    `example` what stands around the first."""

    name: str
    others: tuple[str, ...]
    count: int
    example: str


@dataclass(slots=True)
class _Seen:
    """What speaks for a name being a person's, and what for a place's."""

    example: str
    count: int = 0
    person: float = 0
    place: float = 0


class _Token(NamedTuple):
    word: str  # without a possessive ending
    folded: str
    possessive: bool
    before: str  # what stands between it and the word before
    begins: bool  # a sentence
    start: int
    end: int


@dataclass(slots=True)
class _Words:
    lower: Counter[str] = field(default_factory=Counter)  # by their folded form
    upper: Counter[str] = field(default_factory=Counter)  # capitalised inside a sentence

    def is_name(self, token: _Token) -> bool:
        """Whether it is written with a capital where no sentence begins, and mostly so."""
        folded = token.folded
        return (
            _is_capitalised(token.word)
            and len(folded) > 1
            and _CONTRACTS.split(folded)[0] not in NEVER
            and self.upper[folded] >= max(1, self.lower[folded])
        )


def propose(paragraphs: Sequence[str]) -> list[Proposal]:
    """Those named most often first."""
    read = [list(_tokens(text)) for text in paragraphs]
    words = _Words()
    for tokens in read:
        for token in tokens:
            if token.word[0].islower():
                words.lower[token.word] += 1
            elif not token.begins and _is_capitalised(token.word):
                words.upper[token.folded] += 1
    seen: dict[str, _Seen] = {}
    for text, tokens in zip(paragraphs, read, strict=True):
        quotes = _QUOTED.search(text) is not None
        for first, last in _spans(tokens, words):
            _note(seen, text, tokens, first, last, quotes=quotes)
    return _merged({name: one for name, one in seen.items() if _is_person(name, one)})


def core(name: str) -> str:
    """The name without its titles: "Garrity" of "Mrs Garrity", "Admiral" of "the Admiral"."""
    words = name.split()
    while len(words) > 1 and words[0].lower().rstrip(".") in TITLES:
        del words[0]
    return " ".join(words)


def _tokens(text: str) -> Iterator[_Token]:
    last, before = 0, ""
    for match in _WORD.finditer(text):
        start, end = match.span()
        whole, gap = match[0], text[last:start]
        word = whole if whole.isalpha() else _POSSESSIVE.sub("", whole)
        begins = gap != " " and (last == 0 or _BEGINS.search(gap) is not None)
        folded = word.lower()
        yield _Token(
            word, folded, word != whole, gap, begins and not (gap == ". " and before in TITLES),
            start, end,
        )  # fmt: skip
        last, before = end, folded


def _is_capitalised(word: str) -> bool:
    """Not what is all in capitals: signs and shouts."""
    return word[0].isupper() and (len(word) == 1 or not word.isupper())


def _spans(tokens: Sequence[_Token], words: _Words) -> Iterator[tuple[int, int]]:
    """The first and the last token of what may be a name: words with capitals and the titles and
    particles between them."""
    index = 0
    while index < len(tokens):
        first = index
        while index - first < _MOST_TITLES and _is_title(tokens, index) and _joined(tokens, index):
            index += 1
        if index > first and not words.is_name(tokens[index]):
            index -= 1  # a title that is a name: "the Admiral"
        if not words.is_name(tokens[index]):
            index = first + 1
            continue
        last = index
        while _joined(tokens, last) and not tokens[last].possessive:
            following = last + 1
            while tokens[following].folded in PARTICLES and _joined(tokens, following):
                following += 1
            if not words.is_name(tokens[following]):
                break
            last = following
        yield first, last
        index = last + 1


def _is_title(tokens: Sequence[_Token], index: int) -> bool:
    token = tokens[index]
    return token.folded in TITLES and (token.word[0].isupper() or token.word == "the")


def _joined(tokens: Sequence[_Token], index: int) -> bool:
    """Whether the next word goes on right after this one."""
    if index + 1 == len(tokens):
        return False
    gap = tokens[index + 1].before
    return gap == " " or (
        tokens[index].folded in TITLES and _ABBREVIATES.fullmatch(gap) is not None
    )


def _note(
    seen: dict[str, _Seen],
    text: str,
    tokens: Sequence[_Token],
    first: int,
    last: int,
    *,
    quotes: bool,
) -> None:
    """`quotes`: there is speech in the paragraph."""
    start, end = tokens[first].start, tokens[last].end
    if end - start > _LONGEST:
        return
    name = " ".join(text[start : tokens[last].start + len(tokens[last].word)].split())
    if name.startswith("The "):
        name = "t" + name[1:]
    one = seen.setdefault(name, _Seen(" ".join(text[max(0, start - 25) : end + 25].split())))
    one.count += 1
    one.person += tokens[last].possessive / 2
    before = tokens[first - 1].folded if first and tokens[first].before == " " else ""
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    gap = after.before if after else text[end:]
    if before in SPEECH or before in KIN:
        one.person += 2
    if after and gap == " " and (after.word in SPEECH or _is_deed(after.word)):
        one.person += 2 if after.word in SPEECH else 1
    if quotes and _ADDRESSED.match(gap):
        quoted = tokens[first].before[-1:] in ("“", '"', "«", "„")
        one.person += quoted or tokens[first].before == ", "
    one.place += (before in AT) + (before in TOWARDS) / 2


def _is_deed(word: str) -> bool:
    return word in DEEDS or (word.endswith("ed") and word.islower())


def _is_person(name: str, seen: _Seen) -> bool:
    words = name.lower().replace(".", "").split()
    if any(word in PLACES for word in words):
        return False
    if words[0] == "the":
        return seen.person > max(1, seen.place)
    if words[0] in TITLES:
        return True
    if len(words) > 1:
        return seen.person >= seen.place
    return seen.person > seen.place and seen.person * 12 >= seen.count


def _merged(seen: dict[str, _Seen]) -> list[Proposal]:
    """Forms of one name together: with and without a title, and of "Tobias Quill" also "Tobias"
    where there is no second Tobias. A title with a last name alone may be a relative's."""
    groups: dict[str, list[str]] = {}
    for name in seen:
        groups.setdefault(core(name), []).append(name)
    longer: dict[str, list[str]] = {}
    for name in groups:
        for word in set(name.split()) - {name}:
            longer.setdefault(word, []).append(name)
    for short in list(groups):
        if len(longer.get(short, ())) == 1 and groups[short] == [short]:
            groups[longer[short][0]] += groups.pop(short)
    found = []
    for forms in groups.values():
        forms.sort(key=lambda form: (-seen[form].count, form))
        count = sum(seen[form].count for form in forms)
        found.append(Proposal(forms[0], tuple(forms[1:]), count, seen[forms[0]].example))
    return sorted(found, key=lambda one: (-one.count, one.name))
