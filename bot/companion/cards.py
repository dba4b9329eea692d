"""The cards that authors keep on their characters, as they are stored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum

from sqlalchemy import Connection, Row, Table, bindparam, select, update

from bot.companion.binding import FROM_START, Text
from bot.companion.known import Card, Fact, Name, fold
from bot.companion.mentions import Mention
from bot.companion.tables import character_facts, character_names, characters
from bot.errors import NotFound
from bot.serials import pages
from bot.serials.records import Actor, Serial, owned
from bot.stories import service as stories
from bot.stories.model import Position

_NAMES = (
    select(character_names)
    .where(character_names.c.story_id == bindparam("story"))
    .order_by(character_names.c.alias, character_names.c.id)
)
_FACTS = (
    select(character_facts)
    .join(characters, characters.c.id == character_facts.c.character_id)
    .where(characters.c.story_id == bindparam("story"))
    .order_by(character_facts.c.id)
)
_BEHIND = (
    select(character_names.c.id)
    .where(
        character_names.c.story_id == bindparam("story"),
        character_names.c.searched < bindparam("upto"),
    )
    .limit(1)
)
_SEARCHED = (
    update(character_names)
    .where(
        character_names.c.id == bindparam("name_id"),
        character_names.c.searched == bindparam("before"),
    )
    .values(mentions=bindparam("found"), searched=bindparam("upto"))
)


class Kind(IntEnum):
    """What a thing on a card is."""

    NAME = 0
    FACT = 1

    @property
    def table(self) -> Table:
        return character_names if self is Kind.NAME else character_facts


Entry = tuple[Kind, int]  # with its id


def text(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Text:
    """The story, for its author alone. Raises NotFound, NotAllowed."""
    serial = owned(conn, actor, guild_id, serial_id)
    return Text(stories.prose(conn, serial.story.id), pages.ends(conn, serial_id))


def mine(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> list[Card]:
    """The story's cards, for its author alone. Raises NotFound, NotAllowed."""
    return load(conn, owned(conn, actor, guild_id, serial_id).story.id)


def load(conn: Connection, story_id: int) -> list[Card]:
    names = conn.execute(_NAMES, {"story": story_id}).all()
    facts = conn.execute(_FACTS, {"story": story_id}).all()
    bound = {row.paragraph_id for row in [*names, *facts] if row.paragraph_id is not None}
    ordinals = stories.ordinals(conn, story_id, bound) if bound else {}
    aliases: dict[int, list[Name]] = {}
    told: dict[int, list[Fact]] = {}
    for row in names:
        if row.alias:
            aliases.setdefault(row.character_id, []).append(_name(row, ordinals))
    for row in facts:
        place = _place(row, ordinals)
        told.setdefault(row.character_id, []).append(Fact(row.id, row.text, row.said, place))
    return [
        Card(
            row.character_id,
            _name(row, ordinals),
            tuple(aliases.get(row.character_id, ())),
            tuple(told.get(row.character_id, ())),
        )
        for row in names
        if not row.alias
    ]


def named(cards: Iterable[Card], said: str) -> Card:
    """Its author's, by name or alias. Raises NotFound."""
    for card in cards:
        if fold(said) in (fold(name.text) for name in (card.name, *card.aliases)):
            return card
    raise NotFound(f"You have no card of “{said[:60]}”. `/character add` makes one.")


def entry(thing: Name | Fact) -> Entry:
    return (Kind.NAME if isinstance(thing, Name) else Kind.FACT), thing.id


def find(cards: Iterable[Card], wanted: Entry) -> tuple[Card, Name | Fact]:
    """A thing on a card, with its card. Raises NotFound."""
    for card in cards:
        for thing in card.things:
            if entry(thing) == wanted:
                return card, thing
    raise NotFound("That is not on the card any more.")


def unsearched(conn: Connection, serial: Serial, upto: int) -> list[Name]:
    """The names that have not been looked for as far as this ordinal."""
    if conn.scalar(_BEHIND, {"story": serial.story.id, "upto": upto}) is None:
        return []
    return [
        name
        for card in load(conn, serial.story.id)
        for name in (card.name, *card.aliases)
        if name.searched < upto
    ]


def note_searched(
    conn: Connection, names: Sequence[Name], found: Sequence[Sequence[Mention]], upto: int
) -> None:
    """The names were found here too, up to this ordinal. One looked for by another meanwhile is
    left as it is."""
    for name, mentions in zip(names, found, strict=True):
        values = {"name_id": name.id, "before": name.searched, "upto": upto}
        conn.execute(_SEARCHED, values | {"found": [*name.mentions, *mentions]})


def follow(conn: Connection, story_id: int, moved: Mapping[int, Callable[[int], int]]) -> None:
    """Published paragraphs have other words: `moved` says by their ordinals where offsets in them
    go. What is bound there goes along, and names are looked for anew."""
    for kind, rows in (
        (Kind.NAME, conn.execute(_NAMES, {"story": story_id}).all()),
        (Kind.FACT, conn.execute(_FACTS, {"story": story_id}).all()),
    ):
        bound = {row.paragraph_id for row in rows if row.paragraph_id is not None}
        ordinals = stories.ordinals(conn, story_id, bound)
        for row in rows:
            if move := moved.get(ordinals.get(row.paragraph_id, -1)):
                conn.execute(
                    update(kind.table)
                    .where(kind.table.c.id == row.id)
                    .values(offset=move(row.offset))
                )
    conn.execute(
        update(character_names)
        .where(character_names.c.story_id == story_id)
        .values(mentions=[], searched=-1)
    )


def _name(row: Row[tuple[object, ...]], ordinals: Mapping[int, int]) -> Name:
    mentions = tuple(Mention(*one) for one in row.mentions)
    return Name(row.id, row.name, row.said, _place(row, ordinals), mentions, row.searched)


def _place(row: Row[tuple[object, ...]], ordinals: Mapping[int, int]) -> Position | None:
    if row.said == FROM_START:
        return Position(0, 0)
    if row.paragraph_id not in ordinals:
        return None
    return Position(ordinals[row.paragraph_id], row.offset)
