"""From where something may be known: what an author says, and the place in the text it means. Pure,
and a moment's work for a long story."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from bot.companion.mentions import loosely, pattern
from bot.errors import BadInput
from bot.stories.model import Position
from bot.stories.service import Paragraph

FROM_START = "start"
LONGEST_QUOTATION = 300  # characters

_START = {"start", "the start", "from the start", "from start", "always"}
_PART = re.compile(r"(?:from )?(?:part )?(\d{1,6})", re.IGNORECASE)
_QUOTES = ' \n"“”„«»'
_MOST_PLACES = 24


@dataclass(frozen=True, slots=True)
class Bound:
    """`said` is FROM_START, or the quotation that ends at this offset of the paragraph."""

    said: str | None = None
    paragraph_id: int | None = None
    offset: int | None = None


UNBOUND = Bound()


@dataclass(frozen=True, slots=True)
class Text:
    """A whole story as its author knows it: its prose, and where each of its parts ends."""

    paragraphs: Sequence[Paragraph]
    ends: Sequence[Position]

    def bound(self, said: str | None) -> Bound:
        """Nothing said is UNBOUND; else the start, the end of a part, or of a quotation. Raises
        BadInput."""
        said = (said or "").strip(_QUOTES)
        if not said:
            return UNBOUND
        if said.casefold() in _START:
            return Bound(FROM_START)
        if part := _PART.fullmatch(said):
            return self._part(int(part[1]))
        if len(said) > LONGEST_QUOTATION:
            raise BadInput(f"Quote up to {LONGEST_QUOTATION} characters: a few words are enough.")
        quotation = re.compile(loosely(said))
        found = [
            Bound(said, paragraph.id, match.end())
            for paragraph in self.paragraphs
            for match in quotation.finditer(paragraph.text)
        ]
        if not found:
            raise BadInput(
                f"I don't find “{said[:200]}” in the story. Quote it to the letter, out of one "
                "paragraph; or say: start, or a part's number."
            )
        if len(found) > 1:
            raise BadInput(
                f"“{said[:200]}” stands in the story {len(found)} times: quote more of it."
            )
        return found[0]

    def _part(self, number: int) -> Bound:
        if not 1 <= number <= len(self.ends):
            raise BadInput(f"There is no part {number}: the story has {len(self.ends)}.")
        end = self.ends[number - 1]
        within = [one for one in self.paragraphs if one.ordinal <= end.ordinal]
        if not within:
            return Bound(FROM_START)
        last = within[-1]
        whole = len(last.text)
        return Bound(None, last.id, end.offset if last.ordinal == end.ordinal else whole)

    def part(self, place: Position) -> int:
        """The number of the part after which it is known; 0 from the start."""
        return 0 if place == Position(0, 0) else bisect_left(self.ends, place) + 1

    def part_of(self, paragraph: Paragraph) -> int:
        """The number of the part with which the paragraph has been read to its end."""
        return self.part(Position(paragraph.ordinal, len(paragraph.text)))

    def first(self, name: str) -> Position | None:
        """Where the name has stood for the first time."""
        matches = pattern(name)
        for paragraph in self.paragraphs:
            if found := matches.search(paragraph.text):
                return Position(paragraph.ordinal, found.end())
        return None

    def places(self, name: str) -> list[Paragraph]:
        """The first paragraphs in which the name stands."""
        matches = pattern(name)
        return [one for one in self.paragraphs if matches.search(one.text)][:_MOST_PLACES]

    def both(self, name: str, other: str) -> Bound:
        """Where both have stood for the first time; UNBOUND where they don't."""
        firsts = [self.places(one)[:1] for one in (name, other)]
        if not all(firsts):
            return UNBOUND
        last = max((first[0] for first in firsts), key=lambda one: one.ordinal)
        return Bound(None, last.id, len(last.text))
