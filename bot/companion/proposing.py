"""From names that stand in a text to cards, for those that an author has none of. Pure."""

from collections.abc import Collection, Iterable, Sequence

from bot.companion.binding import Text
from bot.companion.keeping import MOST_ALIASES, Draft
from bot.companion.known import Card, fold
from bot.companion.names import Proposal, propose


def proposals(text: Text, cards: Iterable[Card]) -> list[Proposal]:
    """Those named most often first. A moment's work for a long story."""
    taken = _taken(cards)
    found = propose([paragraph.text for paragraph in text.paragraphs])
    return [one for one in found if fold(one.name) not in taken]


def accepted(text: Text, cards: Sequence[Card], chosen: Collection[str]) -> list[Draft]:
    """Cards of those chosen. Another form of a name ("Tobias" of "Tobias Quill") is known once both
    have stood: whoever has read them knows it."""
    taken = _taken(cards)
    wanted = [one for one in proposals(text, cards) if one.name in chosen]
    others = [
        (one.name, other)
        for one in wanted
        for other in one.others[:MOST_ALIASES]
        if fold(other) not in taken
    ]
    bounds = dict(zip(others, text.both(others), strict=True))
    return [
        Draft(
            one.name,
            aliases=tuple((other, at) for (name, other), at in bounds.items() if name == one.name),
        )
        for one in wanted
    ]


def _taken(cards: Iterable[Card]) -> set[str]:
    return {fold(name.text) for card in cards for name in (card.name, *card.aliases)}
