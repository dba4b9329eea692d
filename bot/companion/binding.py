"""From where something may be known: what an author says, and the place in the text it means. Pure;
what looks through the text takes a moment for a long story, so it runs in a thread."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from bot.companion import mentions
from bot.companion.mentions import SAME_QUOTES, Mention
from bot.errors import BadInput
from bot.stories.model import Position
from bot.stories.service import Paragraph

FROM_START = "start"
LONGEST_QUOTATION = 300  # characters

_START = {"start", "the start", "from the start", "from start", "always"}
_PART = re.compile(r"(?:from )?(?:part )?(\d{1,6})", re.IGNORECASE)
_QUOTES = ' \n"“”„«»'
_MOST_PLACES = 24
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Bound:
    """`said` is FROM_START, or the quotation that ends at this offset of the paragraph."""

    said: str | None = None
    paragraph_id: int | None = None
    offset: int | None = None


UNBOUND = Bound()


@dataclass(frozen=True)
class Text:
    """A whole story as its author knows it: its prose, and where each of its parts ends."""

    paragraphs: Sequence[Paragraph]
    ends: Sequence[Position]

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        """The paragraphs as quotations are compared, with a line end after each, and where each of
        them begins."""
        folded = [f"{_fold(paragraph.text)}\n" for paragraph in self.paragraphs]
        return "".join(folded), list(accumulate(map(len, folded), initial=0))

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
        wanted, (story, starts) = _fold(said).strip(), self._folded
        count = story.count(wanted) if wanted else 0
        if not count:
            raise BadInput(
                f"I don't find “{said[:200]}” in the story. Quote it to the letter, out of one "
                "paragraph; or say: start, or a part's number."
            )
        if count > 1:
            raise BadInput(f"“{said[:200]}” stands in the story {count} times: quote more of it.")
        end = story.index(wanted) + len(wanted)
        index = bisect_right(starts, end) - 1
        paragraph = self.paragraphs[index]
        return Bound(said, paragraph.id, _unfolded(paragraph.text, end - starts[index]))

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

    def firsts(self, names: Iterable[str], after: int = -1) -> dict[str, Position]:
        """Where each of the names that stand in paragraphs after this ordinal has stood for the
        first time."""
        found = mentions.firsts(names, self._texts(after))
        return {name: mention.known for name, mention in found.items()}

    def places(self, name: str) -> list[Paragraph]:
        """The first paragraphs in which the name stands."""
        found: dict[int, Mention] = {}
        for mention in mentions.each(name, self._texts()):
            found.setdefault(mention.ordinal, mention)
            if len(found) == _MOST_PLACES:
                break
        return [one for one in self.paragraphs if one.ordinal in found]

    def both(self, pairs: Sequence[tuple[str, str]]) -> list[Bound]:
        """Where both names of each pair have stood for the first time; UNBOUND where they don't."""
        firsts = self.firsts(name for pair in pairs for name in pair)
        by_ordinal = {one.ordinal: one for one in self.paragraphs}
        found = []
        for pair in pairs:
            bound = UNBOUND
            if all(name in firsts for name in pair):
                last = by_ordinal[max(firsts[name].ordinal for name in pair)]
                bound = Bound(None, last.id, len(last.text))
            found.append(bound)
        return found

    def _texts(self, after: int = -1) -> Iterable[tuple[int, str]]:
        return ((one.ordinal, one.text) for one in self.paragraphs if one.ordinal > after)


def _fold(text: str) -> str:
    """White space as one space, and quotation marks of a kind as one."""
    for mark, plain in SAME_QUOTES.items():
        text = text.replace(mark, plain)
    return _SPACES.sub(" ", text)


def _unfolded(text: str, end: int) -> int:
    """The offset in the text of what ends at this offset of it once folded."""
    for match in _SPACES.finditer(text):
        if match.start() >= end:
            break
        end += len(match[0]) - 1
    return end
