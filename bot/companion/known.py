"""What of an author's cards a reader may know. Pure: the spoiler rule for characters is here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.companion.mentions import Mention, apart
from bot.stories.model import Position


@dataclass(frozen=True, slots=True)
class Name:
    """`known` is from where its author says it may be known, None: they have not said, or what they
    quoted is gone. `mentions` are those in what is published, up to the ordinal `searched`."""

    id: int
    text: str
    said: str | None
    known: Position | None
    mentions: tuple[Mention, ...] = ()
    searched: int = -1


@dataclass(frozen=True, slots=True)
class Fact:
    id: int
    text: str
    said: str | None
    known: Position | None


@dataclass(frozen=True, slots=True)
class Card:
    id: int
    name: Name
    aliases: tuple[Name, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def things(self) -> list[Name | Fact]:
        """All that is on it."""
        return [self.name, *self.aliases, *self.facts]


@dataclass(frozen=True, slots=True)
class Known:
    """A character as they are known at a place. `mentions` are by any of the names."""

    card_id: int
    name: str
    aliases: tuple[str, ...]
    facts: tuple[str, ...]
    mentions: tuple[Mention, ...]


Entry = TypeVar("Entry", Name, Fact)


def fold(name: str) -> str:
    """What names are looked up by."""
    return " ".join(name.replace("’", "'").casefold().split())


def as_known(cards: Iterable[Card], horizon: Position) -> list[Known]:
    """The characters that exist for who has read so far, by name. A name is known once it has
    stood, an alias once it may be known whose it is; what isn't known joins no count."""
    found = []
    for card in cards:
        told = _told(card.aliases, horizon)
        names = [card.name, *told] if _has_stood(card.name, horizon) else told
        if names:
            found.append((card, names))
    mentions = apart(
        (mention, card.id)
        for card, names in found
        for name in names
        for mention in name.mentions
        if mention.known <= horizon
    )
    by_card: dict[int, list[Mention]] = {}
    for mention, card_id in mentions:
        by_card.setdefault(card_id, []).append(mention)
    characters = [
        Known(
            card.id,
            names[0].text,
            tuple(name.text for name in names[1:]),
            tuple(fact.text for fact in _told(card.facts, horizon)),
            tuple(by_card.get(card.id, ())),
        )
        for card, names in found
    ]
    return sorted(characters, key=lambda one: fold(one.name))


def pick(characters: Sequence[Known], said: str) -> Known | None:
    """The one of this name or alias."""
    wanted = fold(said)
    return next((one for one in characters if wanted in map(fold, (one.name, *one.aliases))), None)


def _has_stood(name: Name, horizon: Position) -> bool:
    told = name.known is not None and name.known <= horizon
    return told or (bool(name.mentions) and name.mentions[0].known <= horizon)


def _told(entries: Iterable[Entry], horizon: Position) -> list[Entry]:
    """In the order of the story."""
    placed = [
        (one.known, one.id, one)
        for one in entries
        if one.known is not None and one.known <= horizon
    ]
    return [one for _, _, one in sorted(placed, key=lambda found: found[:2])]
