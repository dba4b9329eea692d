"""An author's cards on their characters, as their author sees them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.companion import cards
from bot.companion.binding import Text
from bot.companion.known import Card, Fact, Name
from bot.serials import ratings, records
from bot.serials.records import Serial
from bot.stories.model import Position
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id, is_restricted
from cogs.ui.components import Interaction
from cogs.ui.formats import fitting, plural

UNBOUND = "**shown to nobody: from where may it be known?**"
EMPTY = """\
You keep no characters of this story yet. `/character add` without a name proposes some from it."""
LONGEST = 120  # characters of a name, escaped


@dataclass(frozen=True, slots=True)
class Desk:
    """What an author has before them of a story and its characters. `firsts` says where names stand
    for the first time, of those that stand in the text."""

    serial: Serial
    text: Text
    cards: Sequence[Card]
    firsts: Mapping[str, Position]


async def desk(interaction: Interaction, serial_id: int) -> Desk:
    """For its author alone. Raises NotFound, NotAllowed, also where its text may not be shown."""
    database = interaction.client.services.database
    who, where = actor(interaction), guild_id(interaction)
    serial = await database.read(records.owned, who, where, serial_id)
    ratings.check(serial.story, restricted=is_restricted(interaction))
    text = await database.read(cards.text, who, where, serial_id)
    found = await database.read(cards.mine, who, where, serial_id)
    return Desk(serial, text, found, await asyncio.to_thread(_firsts, text, found))


def _firsts(text: Text, found: Sequence[Card]) -> dict[str, Position]:
    """In what is published names have been looked for already."""
    names = [card.name for card in found]
    firsts = {name.text: name.mentions[0].known for name in names if name.mentions}
    left = [name for name in names if not name.mentions]
    searched = min((name.searched for name in left), default=-1)
    return firsts | text.firsts((name.text for name in left), after=searched)


def one(desk: Desk, card: Card) -> str:
    """The whole card, with from where each thing on it may be known."""
    lines = [f"**{name(card.name)}** · {_name_known(desk, card.name)}"]
    lines += [f"- also {name(alias)} · {known(desk.text, alias)}" for alias in card.aliases]
    lines += [f"- {posts.escape(fact.text, 700)} · {known(desk.text, fact)}" for fact in card.facts]
    return fitting(lines)


def all_of(desk: Desk) -> str:
    """What is bound to no place first: it is what is asked."""
    lines = [
        f"- **{name(card.name)}** · {plural(len(card.aliases), 'other name')}, "
        f"{plural(len(card.facts), 'fact')}{_left(desk, card)}"
        for card in in_question_first(desk)
    ]
    heading = f"The characters of {posts.title(desk.serial)}. Choose one to see and change it."
    return fitting([heading, *lines]) if lines else EMPTY


def in_question_first(desk: Desk) -> list[Card]:
    return sorted(desk.cards, key=lambda card: not unbound(desk, card))


def unbound(desk: Desk, card: Card) -> list[Name | Fact]:
    """What of the card is shown to nobody. A name that stands in the text is known from there."""
    return [
        thing
        for thing in card.things
        if thing.known is None and not (thing is card.name and thing.text in desk.firsts)
    ]


def known(text: Text, entry: Name | Fact) -> str:
    """ "known from part 12 on" """
    if entry.known is None:
        return UNBOUND
    part = text.part(entry.known)
    return f"known from part {part} on" if part else "known from the start"


def name(entry: Name) -> str:
    return posts.escape(entry.text, LONGEST)


def _name_known(desk: Desk, entry: Name) -> str:
    first = desk.firsts.get(entry.text)
    if first is None or (entry.known is not None and entry.known <= first):
        return known(desk.text, entry)
    return f"named from part {desk.text.part(first)} on"


def _left(desk: Desk, card: Card) -> str:
    left = len(unbound(desk, card))
    return f" · **{left} shown to nobody yet**" if left else ""
