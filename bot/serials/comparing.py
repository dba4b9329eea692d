"""How much of an author's file a story has already, whatever the file is called, whatever format it
is in and however it was cut. Pure, and near linear in the length of both texts."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import accumulate

from bot.serials.aligning import common_in_order, key, sentences
from bot.stories.model import Block, Chapter, Kind, Manuscript

MOST = 2 / 3  # the share of a story that its own grown file has at least
HALF = 1 / 2  # the share of a chapter from which it counts as known
ROW = 4  # sentences that follow each other in another text by no chance
SOME = 1 / 5  # less in common than this is a licence, an epigraph or chance

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")


class Overlap(IntEnum):
    """What a file is beside a story, from the least to the most."""

    NONE = 0
    SOME = 1  # they have some text in common
    STRETCH = 2  # its last chapters and what follows, or some chapters out of its middle
    WHOLE = 3  # most of the story, in order, and maybe more

    @property
    def is_version(self) -> bool:
        """Whether the story can take the file as a new version of itself."""
        return self >= Overlap.STRETCH


@dataclass(frozen=True, slots=True)
class Text:
    """The prose of a manuscript as it is compared: sentences without punctuation, case and white
    space, each with its chapter and its paragraph, counted from 0 within the chapter."""

    sentences: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    titles: tuple[str | None, ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.sentences))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A story beside a file. `kept` is the share of the story that the file has, in order; `known`
    the share of the file that the story has anywhere, and `known_chapters` that of each chapter.
    `first` and `last` are the chapters and paragraphs of what they share, in the story and in the
    file."""

    overlap: Overlap
    kept: float
    known: float
    known_chapters: tuple[float, ...]
    first: tuple[tuple[int, int], tuple[int, int]] | None
    last: tuple[tuple[int, int], tuple[int, int]] | None

    @property
    def new_chapters(self) -> tuple[int, ...]:
        """The indices of the file's chapters that are mostly new."""
        return tuple(n for n, known in enumerate(self.known_chapters) if known < HALF)

    @property
    def repeats(self) -> bool:
        """Whether adding the file to the end of the story would post much of it a second time."""
        return self.overlap is not Overlap.NONE or any(one >= HALF for one in self.known_chapters)


def text(manuscript: Manuscript) -> Text:
    found = [
        (said, (number, n))
        for number, chapter in enumerate(manuscript.chapters)
        for n, block in enumerate(_prose(chapter.blocks))
        for sentence in sentences(key(block)[1])
        if (said := _plain(sentence))
    ]
    return Text(
        tuple(said for said, _ in found),
        tuple(place for _, place in found),
        tuple(chapter.title for chapter in manuscript.chapters),
    )


def compare(story: Text, file: Text) -> Comparison:
    pairs = common_in_order(story.sentences, file.sentences)
    in_order = {j for _, j in pairs}
    anywhere = in_order | _known(story.sentences, file.sentences)
    shared = sum(len(file.sentences[j]) for j in in_order)
    found = Comparison(
        Overlap.NONE,
        kept=shared / max(story.size, 1),
        known=sum(len(file.sentences[j]) for j in anywhere) / max(file.size, 1),
        known_chapters=_by_chapter(file, anywhere),
        first=(story.places[pairs[0][0]], file.places[pairs[0][1]]) if pairs else None,
        last=(story.places[pairs[-1][0]], file.places[pairs[-1][1]]) if pairs else None,
    )
    return replace(found, overlap=_overlap(story, file, found, _by_chapter(file, in_order)))


def completed(story: Manuscript, file: Manuscript, found: Comparison) -> Manuscript:
    """The file with what it lacks of the story before and after it, where it is a stretch of it."""
    if found.overlap is not Overlap.STRETCH or found.first is None or found.last is None:
        return file
    (chapter, paragraph), (_, at) = found.first
    (last, _), (last_at, _) = found.last
    first, *chapters = file.chapters
    before = list(story.chapters[:chapter])
    if first.title is None:  # cut within a chapter
        kept = _before(story.chapters[chapter].blocks, max(paragraph - at, 0))
        first = Chapter(story.chapters[chapter].title, (*kept, *first.blocks))
    after = story.chapters[last + 1 :] if last_at == len(file.chapters) - 1 else ()
    return replace(file, front=story.front, chapters=(*before, first, *chapters, *after))


def _overlap(story: Text, file: Text, found: Comparison, in_order: Sequence[float]) -> Overlap:
    begins_later = found.first is not None and found.first[0][0] > 0
    if found.kept >= MOST and not (begins_later and _is_numbered_later(file)):
        return Overlap.WHOLE
    if _is_stretch(story, found, in_order):
        return Overlap.STRETCH
    if found.kept >= MOST:
        return Overlap.WHOLE
    if found.kept >= SOME or found.known >= SOME:
        return Overlap.SOME
    return Overlap.NONE


def _is_stretch(story: Text, found: Comparison, in_order: Sequence[float]) -> bool:
    """Chapters of the story in a row, then new ones if those are its last."""
    old = next((n for n, share in enumerate(in_order) if share < HALF), len(in_order))
    if found.last is None or not old:
        return False
    is_at_the_end = found.last[0][0] == len(story.titles) - 1
    new = tuple(range(old, len(in_order)))
    return found.new_chapters == new and (is_at_the_end or not new)


def _known(story: Sequence[str], file: Sequence[str]) -> set[int]:
    """The indices of the file's sentences that the story has too. What recurs says nothing of that:
    a sentence counts, or a row of some, that is said once in each."""
    known = _shared(story, file)
    for j in _shared(_rows(story), _rows(file)):
        known.update(range(j, j + ROW))
    return known


def _shared(story: Sequence[Hashable], file: Sequence[Hashable]) -> set[int]:
    once = _once(story)
    return {j for said, j in _once(file).items() if said in once}


def _rows(sentences: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(sentences[n:] for n in range(ROW)), strict=False))


def _once(said: Sequence[Hashable]) -> dict[Hashable, int]:
    """What is said only once, by where."""
    counts = Counter(said)
    return {one: n for n, one in enumerate(said) if counts[one] == 1}


def _by_chapter(file: Text, sentences: Collection[int]) -> tuple[float, ...]:
    """Which share of each chapter these sentences are."""
    sizes, found = [0] * len(file.titles), [0] * len(file.titles)
    for n, (said, (chapter, _)) in enumerate(zip(file.sentences, file.places, strict=True)):
        sizes[chapter] += len(said)
        found[chapter] += len(said) * (n in sentences)
    return tuple(part / size if size else 0.0 for part, size in zip(found, sizes, strict=True))


def _is_numbered_later(file: Text) -> bool:
    """Whether its first chapter says that others come before it."""
    title = file.titles[0] if file.titles else None
    number = _NUMBER.search(title or "")
    return number is not None and int(number[0][:9]) > 1


def _prose(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.kind is Kind.PROSE]


def _before(blocks: Sequence[Block], paragraph: int) -> tuple[Block, ...]:
    """What stands before the paragraph of prose with this index."""
    counted = accumulate((block.kind is Kind.PROSE for block in blocks), initial=0)
    return tuple(
        block
        for block, n in zip(blocks, counted, strict=False)
        if n < paragraph or (n == paragraph and block.kind is not Kind.PROSE)
    )


def _plain(sentence: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", sentence).casefold()))
