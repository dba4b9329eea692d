"""What authors do to the cards on their characters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.companion.binding import UNBOUND, Bound
from bot.companion.cards import Entry, Kind, entry, find, load
from bot.companion.known import Card, fold
from bot.companion.tables import character_facts, character_names, characters
from bot.db.metadata import upsert
from bot.errors import BadInput, Conflict
from bot.serials.records import Actor, owned
from bot.stories import service as stories

LONGEST_NAME, LONGEST_FACT = 60, 300  # characters
MOST_CARDS = 100
MOST_ALIASES, MOST_FACTS = 8, 16  # with the name, as many as a menu has options

Said = tuple[str, Bound]  # an alias or a fact, and from where it may be known


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author says of a character, new or not."""

    name: str
    bound: Bound = UNBOUND
    aliases: tuple[Said, ...] = ()
    facts: tuple[Said, ...] = ()


def keep(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, drafts: Sequence[Draft]
) -> list[Card]:
    """Make cards or add to those that there are; what is said again is bound anew, if it is said
    from where. A second time changes nothing. Returns their cards. Raises BadInput, Conflict,
    NotFound, NotAllowed."""
    story_id = owned(conn, actor, guild_id, serial_id).story.id
    kept = [_keep(conn, story_id, draft) for draft in drafts]
    cards = {card.id: card for card in load(conn, story_id)}
    if len(cards) > MOST_CARDS:
        raise Conflict(f"A story has room for {MOST_CARDS} characters.")
    for card in cards.values():
        if len(card.aliases) > MOST_ALIASES or len(card.facts) > MOST_FACTS:
            raise Conflict(
                f"There is room for {MOST_ALIASES} aliases and {MOST_FACTS} facts on a card."
            )
    return [cards[card_id] for card_id in dict.fromkeys(kept)]


def change(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    entry: Entry,
    said: str,
    bound: Bound | None,
) -> Card:
    """Say a name, an alias or a fact anew, and from where it may be known; None leaves that as it
    is. Without a word an alias or a fact is taken off. Returns its card. Raises BadInput, Conflict,
    NotFound, NotAllowed."""
    story_id = owned(conn, actor, guild_id, serial_id).story.id
    card, _ = find(load(conn, story_id), entry)
    kind, entry_id = entry
    this = kind.table.c.id == entry_id
    if said.strip():
        values = _reworded(conn, story_id, card, entry, said)
        if bound is not None:
            values |= _values(conn, story_id, bound)
        conn.execute(update(kind.table).where(this).values(values))
    elif entry == (Kind.NAME, card.name.id):
        raise BadInput("A character needs a name. `/character remove` takes the card away.")
    else:
        conn.execute(delete(kind.table).where(this))
    return _card(conn, story_id, card.id)


def bind(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, entry: Entry, bound: Bound
) -> Card:
    """Say from where it may be known. Returns its card. Raises NotFound, NotAllowed, Conflict."""
    story_id = owned(conn, actor, guild_id, serial_id).story.id
    card, _ = find(load(conn, story_id), entry)
    _bind_all(conn, story_id, {entry: bound})
    return _card(conn, story_id, card.id)


def bind_again(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    bounds: Mapping[Entry, Bound],
) -> None:
    """Say of many things from where they may be known; what is on no card any more is left out.
    Raises NotFound, NotAllowed, Conflict."""
    story_id = owned(conn, actor, guild_id, serial_id).story.id
    on_cards = {entry(thing) for card in load(conn, story_id) for thing in card.things}
    _bind_all(conn, story_id, {one: at for one, at in bounds.items() if one in on_cards})


def _bind_all(conn: Connection, story_id: int, bounds: Mapping[Entry, Bound]) -> None:
    """Raises Conflict where a paragraph has gone meanwhile, or is another story's."""
    bound_to = {one.paragraph_id for one in bounds.values() if one.paragraph_id is not None}
    if bound_to - stories.ordinals(conn, story_id, bound_to).keys():
        raise Conflict("The text has changed since. Try that again.")
    for kind in Kind:
        rows = [
            {"entry_id": entry_id, "said": at.said, "at": at.paragraph_id, "offset": at.offset}
            for (of, entry_id), at in bounds.items()
            if of is kind
        ]
        if rows:
            conn.execute(
                update(kind.table)
                .where(kind.table.c.id == bindparam("entry_id"))
                .values(
                    said=bindparam("said"),
                    paragraph_id=bindparam("at"),
                    offset=bindparam("offset"),
                ),
                rows,
            )


def remove(conn: Connection, actor: Actor, guild_id: int, serial_id: int, card_id: int) -> None:
    story_id = owned(conn, actor, guild_id, serial_id).story.id
    conn.execute(
        delete(characters).where(characters.c.id == card_id, characters.c.story_id == story_id)
    )


def _card(conn: Connection, story_id: int, card_id: int) -> Card:
    return next(card for card in load(conn, story_id) if card.id == card_id)


def _reworded(
    conn: Connection, story_id: int, card: Card, entry: Entry, said: str
) -> dict[str, object]:
    kind, entry_id = entry
    if kind is Kind.FACT:
        new = _clean(said, LONGEST_FACT)
        taken = any(fact.text == new and fact.id != entry_id for fact in card.facts)
        values: dict[str, object] = {"text": new}
    else:
        new = _clean(said, LONGEST_NAME)
        owner = _owner(conn, story_id, new)
        taken = owner is not None and owner[0] != entry_id
        values = {"name": new, "folded": fold(new), "mentions": [], "searched": -1}
    if taken:
        raise Conflict(f"“{new}” is on a card already.")
    return values


def _keep(conn: Connection, story_id: int, draft: Draft) -> int:
    owner = _owner(conn, story_id, _clean(draft.name, LONGEST_NAME))
    if owner is None:
        card_id: int = conn.scalars(
            insert(characters).values(story_id=story_id).returning(characters.c.id)
        ).one()
        _add_name(conn, story_id, card_id, draft.name, draft.bound, alias=False)
    else:
        name_id, card_id = owner
        _bind(conn, story_id, (Kind.NAME, name_id), draft.bound)
    for alias, bound in draft.aliases:
        owner = _owner(conn, story_id, _clean(alias, LONGEST_NAME))
        if owner is None:
            _add_name(conn, story_id, card_id, alias, bound, alias=True)
        elif owner[1] == card_id:
            _bind(conn, story_id, (Kind.NAME, owner[0]), bound)
        else:
            raise Conflict(f"“{_clean(alias, LONGEST_NAME)}” is another character's name already.")
    for fact, bound in draft.facts:
        values = {"character_id": card_id, "text": _clean(fact, LONGEST_FACT)}
        conn.execute(upsert(character_facts).values(values).on_conflict_do_nothing())
        fact_id = conn.scalars(select(character_facts.c.id).filter_by(**values)).one()
        _bind(conn, story_id, (Kind.FACT, fact_id), bound)
    return card_id


def _add_name(
    conn: Connection, story_id: int, card_id: int, name: str, bound: Bound, *, alias: bool
) -> None:
    name = _clean(name, LONGEST_NAME)
    conn.execute(
        insert(character_names).values(
            story_id=story_id,
            character_id=card_id,
            alias=int(alias),
            name=name,
            folded=fold(name),
            mentions=[],
            searched=-1,
            **_values(conn, story_id, bound),
        )
    )


def _owner(conn: Connection, story_id: int, name: str) -> tuple[int, int] | None:
    """The id of what is kept of this name, and of its card."""
    row = conn.execute(
        select(character_names.c.id, character_names.c.character_id).where(
            character_names.c.story_id == story_id, character_names.c.folded == fold(name)
        )
    ).one_or_none()
    return None if row is None else (row.id, row.character_id)


def _bind(conn: Connection, story_id: int, entry: Entry, bound: Bound) -> None:
    """What is not said changes nothing."""
    kind, entry_id = entry
    if bound != UNBOUND:
        conn.execute(
            update(kind.table)
            .where(kind.table.c.id == entry_id)
            .values(_values(conn, story_id, bound))
        )


def _values(conn: Connection, story_id: int, bound: Bound) -> dict[str, object]:
    """Raises Conflict where the paragraph has gone meanwhile, or is another story's."""
    if bound.paragraph_id is not None and not stories.ordinals(
        conn, story_id, {bound.paragraph_id}
    ):
        raise Conflict("The text has changed since. Try that again.")
    return {"said": bound.said, "paragraph_id": bound.paragraph_id, "offset": bound.offset}


def _clean(said: str, longest: int) -> str:
    """On one line. Raises BadInput."""
    plain = " ".join(said.split())
    if not any(character.isalnum() for character in plain):
        raise BadInput("That has no letter in it: write a name, or a sentence.")
    if len(plain) > longest:
        raise BadInput(f"“{plain[:40]}…” is too long: there is room for {longest} characters.")
    return plain
