"""An author's cards on their characters, as their author sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.companion import cards
from bot.companion.binding import Text
from bot.companion.known import Card, Fact, Name
from bot.serials import ratings, records
from bot.serials.records import Serial
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
    """What an author has before them of a story and its characters."""

    serial: Serial
    text: Text
    cards: Sequence[Card]


async def desk(interaction: Interaction, serial_id: int) -> Desk:
    """For its author alone. Raises NotFound, NotAllowed, also where its text may not be shown."""
    database = interaction.client.services.database
    who, where = actor(interaction), guild_id(interaction)
    serial = await database.read(records.owned, who, where, serial_id)
    ratings.check(serial.story, restricted=is_restricted(interaction))
    text = await database.read(cards.text, who, where, serial_id)
    return Desk(serial, text, await database.read(cards.mine, who, where, serial_id))


def one(text: Text, card: Card) -> str:
    """The whole card, with from where each thing on it may be known."""
    lines = [f"**{name(card.name)}** · {_name_known(text, card.name)}"]
    lines += [f"- also {name(alias)} · {known(text, alias)}" for alias in card.aliases]
    lines += [f"- {posts.escape(fact.text, 700)} · {known(text, fact)}" for fact in card.facts]
    return fitting(lines)


def all_of(desk: Desk) -> str:
    """What is bound to no place first: it is what is asked."""
    lines = [
        f"- **{name(card.name)}** · {plural(len(card.aliases), 'other name')}, "
        f"{plural(len(card.facts), 'fact')}{_left(desk.text, card)}"
        for card in in_question_first(desk)
    ]
    heading = f"The characters of {posts.title(desk.serial)}. Choose one to see and change it."
    return fitting([heading, *lines]) if lines else EMPTY


def in_question_first(desk: Desk) -> list[Card]:
    return sorted(desk.cards, key=lambda card: not unbound(desk.text, card))


def unbound(text: Text, card: Card) -> list[Name | Fact]:
    """What of the card is shown to nobody. A name that stands in the text is known from there."""
    return [
        thing
        for thing in card.things
        if thing.known is None and not (thing is card.name and text.first(thing.text))
    ]


def known(text: Text, entry: Name | Fact) -> str:
    """ "known from part 12 on" """
    if entry.known is None:
        return UNBOUND
    part = text.part(entry.known)
    return f"known from part {part} on" if part else "known from the start"


def name(entry: Name) -> str:
    return posts.escape(entry.text, LONGEST)


def _name_known(text: Text, entry: Name) -> str:
    first = text.first(entry.text)
    if first is None or (entry.known is not None and entry.known <= first):
        return known(text, entry)
    return f"named from part {text.part(first)} on"


def _left(text: Text, card: Card) -> str:
    left = len(unbound(text, card))
    return f" · **{left} shown to nobody yet**" if left else ""
