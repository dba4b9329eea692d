"""Which paragraphs are the author's own words to the reader: notes, disclaimers, label lines."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import regex

from bot.stories.formats.headings import undecorated
from bot.stories.model import Block, Kind, Rating, Shown

_NOTES = r"author(?:[’'`]?s|s[’'`])? (?:end ?)?notes?|(?:end|beginning) ?notes?|disclaimers?"
_LABELS = (
    r"(?:story |chapter |fic |content |trigger )?"
    r"(?:title|author|rat(?:ing|ed)|warnings?|genres?|spoilers?|word ?count|words|fandoms?)"
    r"|(?:written )?by|(?:main |side )?(?:pairing|(?:relation)?ship|character)s?|[tc]w"
    r"|categor(?:y|ies)|status|series|prompts?|archive(?: warnings?)?|feedback|tags|content notes?"
    r"|source|additional tags|stats|collections?|dedication|language"
    r"|beta(?:[’']?d by|ed by|s| reader)?|story|(?:story|author) ?(?:url|link)"
)
# What a story might begin with, too.
_FURTHER_LABELS = (
    "recipient|timeline|length|distribution|content|chapters?|published|publisher|packaged"
    "|(?:last )?updated"
)
_ANY_LABEL = rf"(?:{_LABELS}|{_FURTHER_LABELS})"
_CLOSE = r"[*_\])]*\s?"
_LABEL = re.compile(
    r"[\s*_~(\[{<#–—-]*"
    rf"(?:(?P<note>a/n\b{_CLOSE}[:：]?|(?:{_NOTES}){_CLOSE}(?:[:：]|[–—-]+\s|$)"
    rf"|(?:an|a\.n\.?|notes?|summary){_CLOSE}[:：])"
    rf"|(?P<name>{_ANY_LABEL}(?: ?[/&] ?{_ANY_LABEL})?){_CLOSE}[:：])[*_]*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FURTHER_LABEL = re.compile(rf"\W*(?:{_FURTHER_LABELS})\W", re.IGNORECASE)
_NAME = r"(?:[\p{Lu}\p{Lo}\d@][^\s,;!?]*|[^\s,;!?]*[\d_][^\s,;!?]*)"
_BYLINE = regex.compile(
    rf"(?i:(?:an? [\w-]+(?: [\w-]+)? )?(?:written )?by:?) +"
    rf"(?P<name>{_NAME}(?: (?:{_NAME}|de|der|van|von|la|of|the|and|&))*|[\w-]*\w)"
)
# A person, as LiveJournal and its kin show them.
_PERSON = re.compile(
    r"<lj (?:user|comm)=[\"']?([\w-]+)[^<>]*>|\[[^\[\]]*(?:info|profile)\]\s*(\S+)"
)
_END = r"[ \t]*(?:\r\n?|\n)"
_YAML = re.compile(rf"\s*---{_END}(?:(?:[\w-]+:|[ \t]+|- )[^\r\n]*{_END})+---(?:{_END}\s*|[ \t]*$)")
# What an author says to readers, and seldom in a story.
_TO_READERS = re.compile(
    r"\b(?:review|comment|chapter|read(?:er|ing)|updat|story\b|fics?\b|enjoy|thank|kudos"
    r"|feedback|flames|beta|sequel|let me know|hope you|see you|patreon|tumblr|nanowrimo)",
    re.IGNORECASE,
)
_WARNING = re.compile(r"(?:\w+ )?warnings?|[tc]w|content notes?|archive warnings?", re.IGNORECASE)
# As the Archive has it, where the whole note may be a warning.
_WITHIN_NOTES = re.compile(r"^(?:chapter )?(?:end )?notes: (?=.*\Z)", re.IGNORECASE)
_NO_WARNING = re.compile(
    r"\W*(?:none?\b|n/?a\b|nil\b|(?:creator )?chose not to use|not? (?:archive )?warnings?)",
    re.IGNORECASE,
)
# As the Archive, FanFiction.net and the film industry call them.
_RATINGS = {
    r"general\b|all ages|everyone|g\b|k\b|pg(?!\W?1[3-7])\b|u\b": Rating.GENERAL,
    r"teen|t\b|pg\W?1[35]|12": Rating.TEEN,
    r"explicit|nc\W?17|18|x\b|ma\b|adults? only": Rating.EXPLICIT,
    r"mature|m\b|r\b|1[67]": Rating.MATURE,
}
_RECORD = re.compile(r"Rated: .+ - .+ - ", re.IGNORECASE)
_REVIEW = r"(?:review|comment|r ?(?:&|and|n|'n'|/) ?r|read (?:and|&) review)s?"
_ASKS = re.compile(
    rf"(?:please|pls|plz)\b.*\b{_REVIEW}\b|\b{_REVIEW}\W*(?:please|pls|plz)\b"
    r"|\b(?:reviews?|feedback|comments?|kudos|con ?crit) (?:is|are|=|makes?|will|would)\b"
    rf"|^\W*{_REVIEW}\W*$",
    re.IGNORECASE,
)
_LONGEST_ASKING = 120  # characters
_SPEECH = frozenset('"“”«»„')
_TOLD = r"(?:\w+ )?(?:title|author|rat(?:ing|ed))|(?:written )?by"
_SIGNATURE = 6  # words
_TITLE_PAGE = 6  # paragraphs
_LONGEST_GAP = 4  # paragraphs between two labels that belong to the first


def is_label(text: str) -> bool:
    return _LABEL.match(text) is not None


def is_note(text: str) -> bool:
    """Whether it begins an author's note or a disclaimer, as distinct from "Rating:"."""
    match = _LABEL.match(text)
    return match is not None and match["note"] is not None


def _is_letter(text: str) -> bool:
    """Whether it is a note that may go on for paragraphs; a disclaimer or a rating does not."""
    match = _LABEL.match(text)
    note = match["note"] if match else None
    return note is not None and not note.lower().startswith("disclaimer")


def is_record(text: str) -> bool:
    """Whether it is the line in which FanFiction.net says all that it knows of a story."""
    return _RECORD.match(text) is not None


def is_bare(text: str) -> bool:
    """Whether it is a label alone, so that what it says stands in the next paragraph."""
    match = _LABEL.match(text)
    return match is not None and not match["value"]


def value(line: str, *names: str) -> str | None:
    """What a label line says, if its label is one of `names`."""
    match = _LABEL.match(line)
    if match is None or (match["name"] or "").lower() not in names:
        return None
    said = _PERSON.sub(r"\1\2", match["value"])
    return undecorated(said).strip("\"'“”") or None


def byline(text: str) -> str | None:
    """The author in a line that says "by" and a name, and nothing else."""
    match = _BYLINE.fullmatch(undecorated(text))
    return match["name"] if match else None


def sorted_out(block: Block, *, in_chapter: bool) -> Block:
    """A note as what it is, and what is done with it until its author says otherwise: one that
    stands with a chapter is posted there, as are warnings; labels tell too much."""
    if block.kind is not Kind.NOTE:
        return block
    match = _LABEL.match(_WITHIN_NOTES.sub("", block.text))
    name = (match["name"] if match else None) or ""
    if match and _WARNING.fullmatch(name):
        idle = _NO_WARNING.match(match["value"])
        return replace(block, kind=Kind.WARNING, shown=Shown.DROP if idle else Shown.POST)
    if name or byline(block.text):
        return replace(block, kind=Kind.LABEL, shown=Shown.DROP)
    return replace(block, shown=Shown.POST if in_chapter else Shown.KEEP)


def is_told(text: str) -> bool:
    """Whether it says what is shown of a story in any case: title, author, rating."""
    match = _LABEL.match(text)
    name = (match["name"] if match else None) or ""
    return re.fullmatch(_TOLD, name, re.IGNORECASE) is not None or byline(text) is not None


def rating(blocks: Sequence[Block]) -> Rating | None:
    """What the first line of them that tells one says."""
    for block in blocks:
        for line in block.source.splitlines() if block.kind.is_note else ():
            told = value(line, "rating", "rated", "story rating", "fic rating", "chapter rating")
            for pattern, found in _RATINGS.items():
                if told and re.match(rf"(?:fiction )?(?:{pattern})", told, re.IGNORECASE):
                    return found
    return None


def yaml(text: str) -> str:
    """The metadata between two `---` that some editors put first, or an empty string."""
    match = _YAML.match(text)
    return match[0] if match else ""


def mark(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    """A chapter's blocks, heading apart, with the notes at its top and its end as such; and what
    of it was a guess, as sentences for the author."""
    top = _top(blocks)
    end = _end(blocks, top)
    found, guesses = [], []
    for index, block in enumerate(blocks):
        noted = block.kind is Kind.PROSE and not top <= index < end
        found.append(replace(block, kind=Kind.NOTE) if noted else block)
        if noted and not is_label(block.text):
            guesses.append(f"I took “{excerpt(block.text)}” for a part of the author's note.")
        if not noted and block.kind is Kind.PROSE and is_note(block.text):
            guesses.append(
                f"“{excerpt(block.text)}” will be posted with the story: "
                "I couldn't tell where that note ends."
            )
    return found, guesses


def excerpt(text: str) -> str:
    return text if len(text) <= 40 else text[:40].rsplit(" ", 1)[0] + "…"


def _top(blocks: Sequence[Block]) -> int:
    """How many blocks the notes at the top take. What stands between two labels belongs to the
    first, unless it is most of the chapter."""
    words = [0, *accumulate(block.words for block in blocks)]
    records = (i for i, one in enumerate(blocks[:_TITLE_PAGE]) if is_record(one.text))
    top, gap = next(records, -1) + 1, 0
    while (label := _next_label(blocks, top, gap)) is not None:
        between = words[label] - words[top]
        if between and between >= words[-1] - words[label + 1]:
            break
        top = label + 1
        gap = _LONGEST_GAP if _is_letter(blocks[label].text) else 0
        if is_bare(blocks[label].text) and words[-1] > words[min(top + 1, len(blocks))]:
            top += 1
    if not gap:
        return top
    after = top  # a separator may close the note
    while after < len(blocks) - 1 and after - top < _LONGEST_GAP and _to_readers(blocks[after]):
        after += 1
    return after if blocks[after : after + 1] and blocks[after].kind is Kind.BREAK else top


def _next_label(blocks: Sequence[Block], start: int, gap: int) -> int | None:
    """The next label, with at most `gap` other paragraphs before it."""
    for index in range(start, len(blocks)):
        if blocks[index].kind is not Kind.PROSE:
            continue
        if is_label(blocks[index].text) and (start or not _FURTHER_LABEL.match(blocks[index].text)):
            return index
        gap -= 1
        if gap < 0:
            return None
    return None


def _end(blocks: Sequence[Block], top: int) -> int:
    """Where the notes at the end begin: at a label, after which all is said to readers."""
    end = len(blocks)
    for index in range(len(blocks) - 1, top, -1):
        block = blocks[index]
        if block.kind is Kind.PROSE and (is_note(block.text) or _asks(block)):
            end = index
        elif block.kind is Kind.PROSE and not _to_readers(block):
            break
    return end


def _asks(block: Block) -> bool:
    """Whether it asks for reviews, says no more than that and is not speech."""
    return (
        len(block.text) <= _LONGEST_ASKING
        and _ASKS.search(block.text) is not None
        and _SPEECH.isdisjoint(block.text)
    )


def _to_readers(block: Block) -> bool:
    return block.kind is Kind.PROSE and (
        _TO_READERS.search(block.text) is not None or block.words <= _SIGNATURE
    )
