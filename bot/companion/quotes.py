"""Quotes: passages that readers saved, shown to whoever has read as far."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count, filterfalse
from random import Random
from zlib import crc32

from sqlalchemy import BigInteger, Connection, and_, insert, literal, or_, select, update
from sqlalchemy import Row as Record

from bot.companion import quoting
from bot.companion.horizon import START
from bot.companion.quoting import Piece
from bot.companion.service import horizon_of, published_part
from bot.companion.tables import quote_days, quotes
from bot.delivery import service as outbox
from bot.delivery.rules import Row
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.serials import pages, records
from bot.serials.pages import Part
from bot.serials.records import Actor, Serial
from bot.stories import service as stories
from bot.stories import words
from bot.stories.model import Position

SHARED = "quote.shared"  # kinds of message: about a quote,
DAILY = "quote.daily"  # and about a day of quote_days
FEWEST_WORDS = 3
LONGEST = 500  # characters
MOST_LINES = 30
NUMBERS = 10_000_000  # few enough digits for a custom_id that holds other things too
NOBODY = 0  # no person's id: NULL is that of all who are erased
PLACE = ("start_ordinal", "start_offset", "end_ordinal", "end_offset")

_NONE = "There is no such quote as far as you have read."
_NOT_BEGUN = (
    "I don't know how far you have read, and quote nothing from beyond: `/story place` says where "
    "you are, or `/story read` begins."
)


@dataclass(frozen=True, slots=True)
class Quote:
    """`paragraphs` is the author's own text. `number` is for buttons alone: one that counts would
    tell how many quotes lie ahead. `saver` is who saved it, None since they are erased; `name` is
    what they are called in the server."""

    id: int
    serial: Serial
    number: int
    part: Part
    paragraphs: tuple[Piece, ...]
    saver: int | None
    name: str | None

    @property
    def text(self) -> str:
        return quoting.plain(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which quotes are looked for: `saver` by their Discord id, `nth` in the order of the story of
    those that the reader may see."""

    text: str | None = None
    character: str | None = None
    saver: int | None = None
    number: int | None = None
    nth: int | None = None


def page_text(conn: Connection, guild_id: int, excerpt_id: int, page: int) -> str:
    """What stands on a page of a published part, to be trimmed. Raises NotFound, Conflict."""
    part = published_part(conn, guild_id, excerpt_id)
    return quoting.plain(_page(conn, part, page))


def save(
    conn: Connection,
    member: Member,
    guild_id: int,
    excerpt_id: int,
    page: int,
    typed: str,
    now: int,
) -> tuple[Quote, bool]:
    """Save what was trimmed of a page, or typed of its part up to there, and say whether it is new.
    Moves no horizon. Raises BadInput where it does not stand there, whatever comes after, NotFound,
    Conflict."""
    part = published_part(conn, guild_id, excerpt_id)
    serial = records.get(conn, guild_id, part.serial_id)
    found = quoting.find(_page(conn, part, page), typed) or quoting.find(
        _passage(conn, part.story_id, part.pages[0], part.end_of(page)), typed
    )
    if found is None:
        raise BadInput(
            "Nothing is saved: that does not stand in this part, up to this post, as you typed it. "
            "Leave the words as they are, and only cut off what is before and after."
        )
    start, end = found
    text = quoting.plain(_passage(conn, part.story_id, start, end))
    if words.count(text) < FEWEST_WORDS:
        raise BadInput(
            f"Nothing is saved: a quote has at least {FEWEST_WORDS} words. Leave more of the text."
        )
    lines = len(text.splitlines())
    if len(text) > LONGEST or lines > MOST_LINES:
        raise BadInput(
            f"Nothing is saved: that has {len(text):,} characters in {lines:,} lines, and a quote "
            f"{LONGEST} in {MOST_LINES} at most. Cut off more before and after."
        )
    records.lock(conn, serial.id)
    return _keep(conn, member, serial, start, end, now)


def find(conn: Connection, reader: Member, serial: Serial, wanted: Wanted, seed: int) -> Quote:
    """One of the quotes that are wanted, up to the reader's horizon or saved by themself: `seed`
    says which. Raises NotFound, in the same words whatever there is further on."""
    return load(conn, serial, Random(seed).choice(_found(conn, reader, serial, wanted)))


def another(conn: Connection, reader: Member, serial: Serial, wanted: Wanted, number: int) -> Quote:
    """The one after quote `number`, in an order of chance in which all come before any comes
    twice. Raises NotFound."""
    rows = sorted(_found(conn, reader, serial, wanted), key=lambda row: _turn(row.number))
    after = (row for row in rows if _turn(row.number) > _turn(number))
    return load(conn, serial, next(after, rows[0]))


def may_remove(quote: Quote, actor: Actor) -> bool:
    """The story's author may, who saved it, and moderators."""
    author, asking = quote.serial.owner_discord_id, actor.member.discord_id
    return actor.moderator or asking in (author, quote.saver)


def remove(conn: Connection, actor: Actor, guild_id: int, quote_id: int, now: int) -> None:
    """Take the quote out, with what shows it in channels. Raises NotFound, NotAllowed."""
    quote = get(conn, guild_id, quote_id)
    if not may_remove(quote, actor):
        raise NotAllowed("Only its story's author, who saved it and moderators can remove a quote.")
    outbox.remove(conn, SHARED, quote_id)
    outbox.remove(conn, DAILY, *_days(conn, [quote_id]))
    author, asking = quote.serial.owner_discord_id, actor.member.discord_id
    forget = asking == quote.saver and asking != author and not actor.moderator
    place = dict.fromkeys(PLACE) if forget else {}
    conn.execute(
        update(quotes)
        .where(quotes.c.id == quote_id)
        .values(removed_at=now, person_id=None, **place)
    )


def get(conn: Connection, guild_id: int, quote_id: int) -> Quote:
    """For what minds no reader's horizon. Raises NotFound."""
    row = conn.execute(
        select(quotes).where(
            quotes.c.id == quote_id, quotes.c.guild_id == guild_id, quotes.c.removed_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("That quote is not here any more.")
    there = {serial.story.id: serial for serial in records.in_guild(conn, guild_id)}
    return load(conn, there[row.story_id], row)


def shared(conn: Connection, quote: Quote, channel_id: int, message_id: int) -> None:
    """A public answer shows it: that goes with it."""
    outbox.answered(
        conn, SHARED, quote.id, guild_id=quote.serial.guild_id, channel_id=channel_id,
        message_id=message_id,
    )  # fmt: skip


def of_message(conn: Connection, row: Row) -> int | None:
    """The id of the quote that a message shows, if any."""
    if row.kind != DAILY:
        return row.subject if row.kind == SHARED else None
    found: int | None = conn.scalar(
        select(quote_days.c.quote_id).where(quote_days.c.id == row.subject)
    )
    return found


def shown(conn: Connection, story_ids: Collection[int]) -> dict[str, Sequence[int]]:
    """By the kinds of message that show quotes of these stories, what each message is about."""
    quoted = conn.scalars(select(quotes.c.id).where(quotes.c.story_id.in_(story_ids))).all()
    return {SHARED: quoted, DAILY: _days(conn, quoted)}


def load(conn: Connection, serial: Serial, row: Record[tuple[object, ...]]) -> Quote:
    start, end = _start(row), _end(row)
    number = pages.first_unread(conn, serial.id, start, pages.last_published(conn, serial.id))
    part = number and pages.numbered(conn, serial.id, number)
    assert part  # what is quoted is published
    savers = {row.person_id} - {None}
    return Quote(
        row.id,
        serial,
        row.number,
        part,
        tuple(_passage(conn, row.story_id, start, end)),
        people.discord_ids(conn, savers).get(row.person_id),
        people.names_of(conn, row.guild_id, savers).get(row.person_id),
    )


def _keep(
    conn: Connection, member: Member, serial: Serial, start: Position, end: Position, now: int
) -> tuple[Quote, bool]:
    place = dict(zip(PLACE, (start.ordinal, start.offset, end.ordinal, end.offset), strict=True))
    same = select(quotes).filter_by(story_id=serial.story.id, **place)
    person_id = people.person_id(conn, member, now)
    row = conn.execute(same).one_or_none()
    if row is None:
        conn.execute(
            insert(quotes).values(
                guild_id=serial.guild_id, story_id=serial.story.id,
                number=_free_number(conn, serial.story.id, start, end), person_id=person_id,
                created_at=now, **place,
            )
        )  # fmt: skip
    elif row.removed_at is not None:
        if serial.owner_discord_id != member.discord_id:
            raise Conflict("Nothing is saved: that passage was removed from the quotes for good.")
        anew = update(quotes).where(quotes.c.id == row.id)
        conn.execute(anew.values(removed_at=None, person_id=person_id))
    is_new = row is None or row.removed_at is not None
    return load(conn, serial, conn.execute(same).one()), is_new


def _found(
    conn: Connection, reader: Member, serial: Serial, wanted: Wanted
) -> list[Record[tuple[object, ...]]]:
    """Those that are wanted, in order. Raises NotFound where there is none."""
    horizon = horizon_of(conn, reader, serial.id, serial.story.id)
    me = people.find(conn, reader.discord_id) or NOBODY
    limit = horizon or START
    conditions = [
        quotes.c.story_id == serial.story.id,
        quotes.c.removed_at.is_(None),
        or_(
            quotes.c.person_id == me,
            quotes.c.end_ordinal < limit.ordinal,
            and_(quotes.c.end_ordinal == limit.ordinal, quotes.c.end_offset <= limit.offset),
        ),
    ]
    if wanted.number is not None:
        conditions.append(quotes.c.number == literal(wanted.number, BigInteger))
    if wanted.saver is not None:
        conditions.append(quotes.c.person_id == (people.find(conn, wanted.saver) or NOBODY))
    places = (quotes.c[name] for name in PLACE)
    rows = conn.execute(select(quotes).where(*conditions).order_by(*places)).all()
    if wanted.text or wanted.character:
        texts = _texts(conn, serial.story.id, rows)
        rows = [row for row in rows if _matches(texts[row.id], wanted)]
    if wanted.nth is not None:
        rows = rows[wanted.nth - 1 : wanted.nth]
    if not rows:
        raise NotFound(_NOT_BEGUN if horizon is None else _NONE)
    return list(rows)


def _matches(text: str, wanted: Wanted) -> bool:
    return (not wanted.text or quoting.holds(text, wanted.text)) and (
        not wanted.character or quoting.names(text, wanted.character)
    )


def _texts(
    conn: Connection, story_id: int, rows: Sequence[Record[tuple[object, ...]]]
) -> dict[int, str]:
    """By the quotes' ids, of all at once."""
    needed = {n for row in rows for n in range(row.start_ordinal, row.end_ordinal + 1)}
    blocks = stories.blocks_at(conn, story_id, needed)
    return {
        row.id: quoting.plain(
            quoting.pieces(
                ((n, blocks[n]) for n in range(row.start_ordinal, row.end_ordinal + 1)),
                _start(row),
                _end(row),
            )
        )
        for row in rows
    }


def _passage(conn: Connection, story_id: int, start: Position, end: Position) -> list[Piece]:
    blocks = stories.blocks(conn, story_id, start.ordinal, end.ordinal)
    return quoting.pieces(enumerate(blocks, start.ordinal), start, end)


def _page(conn: Connection, part: Part, page: int) -> list[Piece]:
    return _passage(conn, part.story_id, part.pages[page], part.end_of(page))


def _days(conn: Connection, quote_ids: Collection[int]) -> Sequence[int]:
    """The days whose quotes these are."""
    theirs = quote_days.c.quote_id.in_(quote_ids)
    return conn.scalars(select(quote_days.c.id).where(theirs)).all()


def _free_number(conn: Connection, story_id: int, start: Position, end: Position) -> int:
    """One that its own place in the story leads to, so that it says nothing of other quotes."""
    place = f"{start.ordinal}:{start.offset}:{end.ordinal}:{end.offset}"
    first = 1 + crc32(place.encode()) % NUMBERS
    taken = conn.scalars(
        select(quotes.c.number).where(quotes.c.story_id == story_id, quotes.c.number >= first)
    )
    return next(filterfalse(set(taken).__contains__, count(first)))


def _turn(number: int) -> int:
    return crc32(str(number).encode())


def _start(row: Record[tuple[object, ...]]) -> Position:
    return Position(row.start_ordinal, row.start_offset)


def _end(row: Record[tuple[object, ...]]) -> Position:
    return Position(row.end_ordinal, row.end_offset)
