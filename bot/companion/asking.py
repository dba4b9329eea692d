"""Which passages of a story answer a question: found, never made. Pure.

First the paragraphs near which most of the question's words stand, by what is known of all that the
reader has seen; then passages around those, by what they say.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log

from bot.companion.kinds import kinds, numbered
from bot.companion.questions import Question, named
from bot.serials import borders
from bot.serials.borders import Cost
from bot.stories import analyser, markup
from bot.stories.model import Block, Position, Run

LENGTH = 450  # characters of a passage: three of them fit one message
MOST = 3  # passages
_LIKELY = 16  # paragraphs that are looked at closely
_NEAR = 3  # paragraphs before and after one of those that may be in its passage
_EARLY = 12  # paragraphs with a word of the question in which names for it are looked for

_ENOUGH = 0.34  # of what a question's words say a passage must have, or it answers nothing
_BESIDE = 0.5  # of what the best passage has any other must have
_REACH, _FADES = 2, 0.6  # so far a word counts in the paragraphs around, each time so much less
_TOGETHER = 1.5  # what standing together in a sentence is worth
_SIDE_BY_SIDE = 0.5  # what standing as in the question is worth
_NEXT = 0.7  # what a word of the sentence before or after is worth in one
_SUITS = 0.25  # what having the kind of thing that is asked for is worth


@dataclass(frozen=True, slots=True)
class Counts:
    """Of what the reader has seen: the number of paragraphs, and the ordinals of those in which
    each term of the question stands."""

    paragraphs: int
    places: Mapping[str, Collection[int]]

    def rarity(self, term: str) -> float:
        count = len(self.places.get(term, ()))
        return log(1 + (self.paragraphs - count + 0.5) / (count + 0.5))


@dataclass(frozen=True, slots=True)
class Passage:
    """Some text of the story without a gap."""

    start: Position
    end: Position

    @property
    def ordinals(self) -> range:
        return range(self.start.ordinal, self.end.ordinal + 1)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a question is answered from: what is known of its words, the ordinals of the paragraphs
    that may answer it, and by ordinal those and the ones around them."""

    question: Question
    counts: Counts
    likely: Sequence[int]
    blocks: Mapping[int, Block]

    @property
    def texts(self) -> dict[int, str]:
        return {ordinal: block.text for ordinal, block in self.blocks.items()}

    def paragraphs(self, passage: Passage) -> list[tuple[Run, ...]]:
        return [
            markup.slice_runs(self.blocks[ordinal].runs, first, last)
            for ordinal, first, last in _spans(passage, self.texts)
        ]

    def text(self, passage: Passage) -> str:
        """To the letter, with a blank line between each two paragraphs."""
        paragraphs = self.paragraphs(passage)
        return "\n\n".join("".join(run.text for run in runs) for runs in paragraphs)


def ground(
    question: Question,
    ordinals: range,
    places: Callable[[str], Sequence[int]],
    prose: Callable[[Collection[int]], Mapping[int, Block]],
    characters: Sequence[Sequence[str]] = (),
) -> Ground:
    """Of the blocks with these ordinals, all that the reader has seen. `places` knows in which of
    them a term stands, in order; `prose` has those that are prose, as far as they are seen.
    `characters` are each one's names that the reader knows."""
    known = {term: places(term) for term in question.words}
    early = prose({ordinal for found in known.values() for ordinal in found[:_EARLY]})
    told = [early[ordinal].text for ordinal in sorted(early)]
    question = named(question, told, characters)
    known |= {term: places(term) for term in question.terms - known.keys()}
    counts = Counts(len(ordinals), known)
    likely = _likely(question, counts)
    around = {one for ordinal in likely for one in range(ordinal - _NEAR, ordinal + _NEAR + 1)}
    if not question.words:  # but a chapter: it is answered by how that begins
        around.update(ordinals[: 2 * _NEAR])
    return Ground(question, counts, likely, prose(around.intersection(ordinals)))


def passages(ground: Ground) -> list[Passage]:
    """The best ones, best first. None: nothing that the reader has seen speaks of that."""
    look = _Look(ground.question, _worths(ground.question, ground.counts), ground.texts)
    if not ground.question.words:
        return [look.around(min(ground.blocks))] if ground.blocks else []
    found: list[tuple[float, Passage]] = []
    for ordinal in ground.likely:
        passage = look.around(ordinal)
        if score := look.score(passage):
            found.append((score, passage))
    found.sort(key=lambda one: (-one[0], one[1].start))
    best: list[Passage] = []
    for score, passage in found:
        if score < _BESIDE * found[0][0]:
            break
        if not any(_overlap(passage, other) for other in best):
            best.append(passage)
    return best[:MOST]


def _likely(question: Question, counts: Counts) -> list[int]:
    """The ordinals of the paragraphs that have, or stand by, most of what is asked for."""
    scores: defaultdict[int, float] = defaultdict(float)
    have: set[int] = set()
    for worths, _ in _worths(question, counts):
        best: defaultdict[int, float] = defaultdict(float)
        for term, worth in worths.items():
            for ordinal in counts.places[term]:
                best[ordinal] = max(best[ordinal], worth)
        have |= best.keys()
        spread: defaultdict[int, float] = defaultdict(float)
        for ordinal, worth in best.items():
            for distance in range(-_REACH, _REACH + 1):
                faded = worth * _FADES ** abs(distance)
                spread[ordinal + distance] = max(spread[ordinal + distance], faded)
        for ordinal, worth in spread.items():
            scores[ordinal] += worth
    return sorted(have, key=lambda ordinal: (-scores[ordinal], ordinal))[:_LIKELY]


def _worths(question: Question, counts: Counts) -> list[tuple[dict[str, float], float]]:
    """For each word what its terms are worth that the reader has seen, and the word itself."""
    found = []
    for term, word in question.words.items():
        whole = counts.rarity(term)
        worths = {
            other: word.weight * worth * min(counts.rarity(other), whole)
            for other, worth in word.terms.items()
            if counts.places.get(other)
        }
        found.append((worths, word.weight * whole))
    return found


def _spans(passage: Passage, texts: Mapping[int, str]) -> Iterator[tuple[int, int, int]]:
    """Its paragraphs by ordinal, each from one offset up to another."""
    for ordinal in passage.ordinals:
        first = passage.start.offset if ordinal == passage.start.ordinal else 0
        is_last = ordinal == passage.end.ordinal
        yield ordinal, first, passage.end.offset if is_last else len(texts[ordinal])


def _overlap(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    values: tuple[float, ...]  # what it has of each of the question's words
    pairs: float  # and what it has of them side by side as in the question


class _Look:
    """At the paragraphs that may answer, each read once."""

    def __init__(
        self,
        question: Question,
        worths: Sequence[tuple[Mapping[str, float], float]],
        texts: Mapping[int, str],
    ) -> None:
        self._worths, self._texts = worths, texts
        self._whole = sum(whole for _, whole in worths)
        self._kinds = kinds(question.text)
        self._numbered = numbered(question.text)
        self._sentences = cache(self._read)
        whole = dict(zip(question.words, (whole for _, whole in worths), strict=True))
        self._pairs = [
            (f" {one} {other} ", _SIDE_BY_SIDE * (whole[one] + whole[other]))
            for one, other in question.pairs
        ]

    def around(self, ordinal: int) -> Passage:
        """The passage in whose midst a paragraph, or the best of one too long, stands."""
        if len(self._texts[ordinal]) > LENGTH:
            return self._part_of(ordinal)
        first = last = ordinal
        room = LENGTH - len(self._texts[ordinal])
        while True:
            sides = [
                other
                for other in (last + 1, first - 1)
                if abs(other - ordinal) <= _NEAR
                and other in self._texts
                and len(self._texts[other]) + 2 <= room
            ]
            if not sides:
                return Passage(Position(first, 0), Position(last, len(self._texts[last])))
            side = max(sides, key=lambda other: sum(self._have(self._sentences(other))))
            room -= len(self._texts[side]) + 2
            first, last = min(first, side), max(last, side)

    def _part_of(self, ordinal: int) -> Passage:
        sentences = self._sentences(ordinal)
        first = last = max(range(len(sentences)), key=lambda one: sum(sentences[one].values))
        while True:
            start, end = sentences[first].start, sentences[last].end
            sides = [
                other
                for other in (last + 1, first - 1)
                if 0 <= other < len(sentences)
                and max(end, sentences[other].end) - min(start, sentences[other].start) <= LENGTH
            ]
            if not sides:
                break
            side = max(sides, key=lambda other: sum(sentences[other].values))
            first, last = min(first, side), max(last, side)
        if end - start > LENGTH:  # one sentence
            end = start + LENGTH
        end = start + len(self._texts[ordinal][start:end].rstrip())
        return Passage(Position(ordinal, start), Position(ordinal, end))

    def score(self, passage: Passage) -> float:
        """How well it answers; 0 where it says too little of what is asked."""
        sentences: list[_Sentence] = []
        said: list[str] = []
        for ordinal, first, last in _spans(passage, self._texts):
            for sentence in self._sentences(ordinal):
                if first <= sentence.start < last:
                    sentences.append(sentence)
                    said.append(self._texts[ordinal][sentence.start : min(sentence.end, last)])
        have = self._have(sentences)
        if sum(have) < _ENOUGH * self._whole:
            return 0.0
        best = 0.0
        for number, sentence in enumerate(sentences):
            beside = self._have(sentences[max(0, number - 1) : number + 2])
            together = sum(map(max, sentence.values, (_NEXT * value for value in beside)))
            best = max(best, (together + sentence.pairs) * self._suits(said[number : number + 2]))
        share = sum(value > 0 for value in have) / len(have)
        return float(sum(have) * share + _TOGETHER * best)

    def _suits(self, said: Sequence[str]) -> float:
        suits = 1.0
        for kind in self._kinds:
            if kind.search(said[0]):
                suits += _SUITS
            elif any(map(kind.search, said[1:])):
                suits += _SUITS / 2
        if self._numbered and self._numbered(said[0]):
            suits += 1
        return suits

    def _have(self, sentences: Sequence[_Sentence]) -> list[float]:
        return [max(values) for values in zip(*(one.values for one in sentences), strict=True)]

    def _read(self, ordinal: int) -> list[_Sentence]:
        said = self._texts[ordinal]
        ends = [offset for offset, cost in borders.sentences(said) if cost <= Cost.SPEECH]
        found = []
        for start, end in pairwise([0, *ends, len(said)]):
            joined = f" {analyser.joined(said[start:end])} "
            terms = set(joined.split())
            pairs = sum(worth for pair, worth in self._pairs if pair in joined)
            values = (
                max((worth for term, worth in worths.items() if term in terms), default=0.0)
                for worths, _ in self._worths
            )
            found.append(_Sentence(start, end, tuple(values), pairs))
        return found
