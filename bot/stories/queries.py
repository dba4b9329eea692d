"""What is looked for in a story's terms. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.stories import analyser
from bot.stories.analyser import Term


@dataclass(frozen=True)
class Phrase:
    """Terms that stand one after the other. `is_open`: of the last one only the beginning is
    known."""

    terms: tuple[str, ...]
    is_open: bool = False

    @cached_property
    def pattern(self) -> str:
        """What stands in the terms of a text that says it, with a space around them all."""
        return f" {' '.join(self.terms)}" + ("" if self.is_open else " ")

    def count(self, terms: str) -> int:
        """How often these terms, with a space between each two, say it."""
        return f" {terms} ".count(self.pattern)

    def spans(self, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
        """Where it stands in their text: from one offset up to another."""
        *before, last = self.terms
        for at in range(len(terms) - len(before)):
            end = terms[at + len(before)]
            is_last = end.text.startswith(last) if self.is_open else end.text == last
            if is_last and all(
                term.text == said for term, said in zip(terms[at:], before, strict=False)
            ):
                yield terms[at].start, end.first if self.is_open else end.end


@dataclass(frozen=True, slots=True)
class Query:
    """Phrases that a paragraph must have, all of them, and others that it must not have."""

    wanted: tuple[Phrase, ...]
    without: tuple[Phrase, ...] = ()

    def holds(self, terms: str) -> bool:
        return all(phrase.count(terms) for phrase in self.wanted) and not any(
            phrase.count(terms) for phrase in self.without
        )


def phrase(text: str) -> Phrase | None:
    """What a text must say to say this; None where it has no words."""
    terms = analyser.terms(text)
    if not terms:
        return None
    if len(terms) > 1 and terms[-2].end > terms[-1].start:  # the pair before says it already
        terms.pop()
        return Phrase(tuple(term.text for term in terms))
    return Phrase(tuple(term.text for term in terms), analyser.is_unspaced(terms[-1].text))
