"""Who somebody is, as far as a reader has come."""

import asyncio
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.companion import cards, keeping, lines, mentions
from bot.companion import service as companion
from bot.companion.binding import Bound, Text
from bot.companion.cards import Entry
from bot.companion.known import Fact, Known, Name, as_known, fold, pick
from bot.companion.mentions import Mention
from bot.db.engine import Database
from bot.delivery.rules import Row
from bot.errors import BadInput, NotFound
from bot.people.service import Member
from bot.serials import pages
from bot.serials.pages import Part
from bot.serials.records import Actor, Serial
from bot.stories import markup, naming
from bot.stories import service as stories
from bot.stories.model import Position

NONE_YET = "As far as you have read the author of this story has named no characters."
MOST_LINES = 3
MOST_PARAGRAPHS = 40  # that are looked through for lines
MOST_TOGETHER = 10


@dataclass(frozen=True, slots=True)
class Spot:
    """The part in which a name stands; `post` shows it, None where that is gone."""

    part: Part
    post: Row | None


@dataclass(frozen=True, slots=True)
class Who:
    """A character as they are known so far. `first` and `last` are where they are named, `chapters`
    how often, by the chapters' names, `together` who else is in the same scenes, most often first,
    `lines` are in Discord's Markdown. `upto` is the last part that the reader has begun."""

    name: str
    aliases: tuple[str, ...]
    facts: tuple[str, ...]
    first: Spot | None
    last: Spot | None
    chapters: tuple[tuple[str, int], ...]
    together: tuple[str, ...]
    lines: tuple[str, ...]
    upto: Part | None


def who(conn: Connection, member: Member, serial: Serial, said: str) -> Who | None:
    """None: how far the reader is is not known. Raises NotFound, in the same words for who comes
    later and who is nowhere, be it one or all."""
    known = _known(conn, member, serial)
    if known is None:
        return None
    horizon, characters = known
    if not characters:
        raise NotFound(NONE_YET)
    found = pick(characters, said)
    if found is None:
        raise NotFound(
            f"As far as you have read there is no character “{said[:60]}”. Pick one of the "
            "suggestions."
        )
    contents = stories.contents(conn, serial.story.id)
    starts = [chapter.first for chapter in contents]
    names = naming.chapter_names([chapter.title for chapter in contents])
    counts = Counter(bisect_right(starts, mention.ordinal) - 1 for mention in found.mentions)
    upto = pages.last_begun(conn, serial.id, horizon)
    return Who(
        found.name,
        found.aliases,
        found.facts,
        _spot(conn, serial, found.mentions[:1]),
        _spot(conn, serial, found.mentions[-1:]),
        tuple((names[index].in_sentence, count) for index, count in sorted(counts.items())),
        _together(found, characters, sorted([*starts, *stories.breaks(conn, serial.story.id)])),
        _lines(conn, serial.story.id, found.mentions, horizon),
        pages.numbered(conn, serial.id, upto),
    )


def suggest(conn: Connection, member: Member, serial: Serial, typed: str) -> list[str]:
    """The names that the reader knows, of those with what they typed."""
    _, characters = _known(conn, member, serial) or (None, [])
    return [
        name for one in characters for name in (one.name, *one.aliases) if fold(typed) in fold(name)
    ]


async def look_for_names(database: Database, serial: Serial) -> None:
    """Find the names in what has been published since they were looked for last: a part, mostly."""
    border = await database.read(companion.published, serial.id)
    upto = -1 if border is None else border.ordinal
    names = await database.read(cards.unsearched, serial, upto)
    if names:
        first = min(name.searched for name in names) + 1
        paragraphs = await database.read(stories.prose, serial.story.id, first, upto)
        texts = [(one.ordinal, one.text) for one in paragraphs]
        found = await asyncio.to_thread(mentions.find, [name.text for name in names], texts)
        new = [
            [one for one in stands if one.ordinal > name.searched]
            for name, stands in zip(names, found, strict=True)
        ]
        await database.write(cards.note_searched, names, new, upto)


async def bind_again(database: Database, actor: Actor, guild_id: int, serial_id: int) -> None:
    """A new version of the text has other paragraphs where nothing is posted: what is bound to a
    quotation is bound to where that stands now. Raises NotFound, NotAllowed."""
    things = [
        thing
        for card in await database.read(cards.mine, actor, guild_id, serial_id)
        for thing in card.things
        if thing.known is None and thing.said is not None
    ]
    if things:
        text = await database.read(cards.text, actor, guild_id, serial_id)
        bounds = await asyncio.to_thread(_bound_again, text, things)
        await database.write(keeping.bind_again, actor, guild_id, serial_id, bounds)


def _bound_again(text: Text, things: Iterable[Name | Fact]) -> dict[Entry, Bound]:
    """What is quoted and stands nowhere any more stays unbound."""
    found: dict[Entry, Bound] = {}
    for thing in things:
        with suppress(BadInput):
            found[cards.entry(thing)] = text.bound(thing.said)
    return found


def _known(conn: Connection, member: Member, serial: Serial) -> tuple[Position, list[Known]] | None:
    horizon = companion.horizon_of(conn, member, serial.id, serial.story.id)
    if horizon is None:
        return None
    return horizon, as_known(cards.load(conn, serial.story.id), horizon)


def _spot(conn: Connection, serial: Serial, mention: Sequence[Mention]) -> Spot | None:
    """Of the one mention that is given, if one is."""
    if not mention:
        return None
    ordinal, start, end = mention[0]
    number = pages.last_begun(conn, serial.id, Position(ordinal, end))
    part = pages.numbered(conn, serial.id, number)
    if part is None:
        return None
    page = max(n for n, begins in enumerate(part.pages) if begins <= Position(ordinal, start))
    return Spot(part, pages.posts(conn, [part.id]).get((part.id, page)))


def _together(found: Known, characters: Sequence[Known], borders: Sequence[int]) -> tuple[str, ...]:
    """`borders` are the ordinals at which scenes begin."""

    def scenes(one: Known) -> set[int]:
        return {bisect_right(borders, mention.ordinal) for mention in one.mentions}

    theirs = scenes(found)
    shared = {
        one.name: len(theirs & scenes(one)) for one in characters if one.card_id != found.card_id
    }
    often = sorted((name for name in shared if shared[name]), key=lambda name: -shared[name])
    return tuple(often[:MOST_TOGETHER])


def _lines(
    conn: Connection, story_id: int, named: Sequence[Mention], horizon: Position
) -> tuple[str, ...]:
    ordinals = sorted({mention.ordinal for mention in named})
    sample = ordinals[:: len(ordinals) // MOST_PARAGRAPHS + 1]
    blocks = stories.blocks_at(conn, story_id, sample)
    mentions_at: dict[int, list[Mention]] = {}
    for mention in named:
        mentions_at.setdefault(mention.ordinal, []).append(mention)
    found: list[lines.Line] = []
    for ordinal, block in sorted(blocks.items()):
        end = horizon.offset if ordinal == horizon.ordinal else None
        found += lines.quotable(block.text[:end], mentions_at[ordinal])
    return tuple(
        markup.markdown(markup.slice_runs(blocks[line.ordinal].runs, line.start, line.end))
        for line in lines.best(found, MOST_LINES)
    )
