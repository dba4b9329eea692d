"""Asking about a story: passages of what a reader has seen, as if nothing came after it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from bot.companion import asking, cards
from bot.companion import service as companion
from bot.companion.asking import Ground, Passage
from bot.companion.known import as_known
from bot.companion.questions import Question
from bot.companion.seen import Message, Seen, placed
from bot.delivery import service as outbox
from bot.people.service import Member
from bot.serials import pages
from bot.serials.pages import Part
from bot.serials.records import Serial
from bot.stories import index
from bot.stories import service as stories
from bot.stories.model import Block, Kind, Position

SHARED = "answer.shared"  # the kind of message, about a story


@dataclass(frozen=True, slots=True)
class Answer:
    """A passage, the part in which it begins and the post that shows it, where that is up; and the
    part in which it ends."""

    passage: Passage
    part: Part
    message: Message | None
    last: Part


def gather(
    conn: Connection, member: Member, serial: Serial, question: Question, last: int | None = None
) -> tuple[Ground, Part | None] | None:
    """What to look for `passages` in: what the reader has seen, but no further than to the end of
    part `last`. And the last part of which that has anything. None: how far the reader is is not
    known."""
    story_id = serial.story.id
    horizon = companion.horizon_of(conn, member, serial.id, story_id)
    if horizon is None:
        return None
    if last is not None and (part := pages.numbered(conn, serial.id, last)):
        horizon = min(horizon, part.end)
    seen = Seen.up_to(conn, story_id, horizon, question.chapter)
    up_to = pages.numbered(conn, serial.id, pages.last_begun(conn, serial.id, horizon))
    first = stories.ordinals_of(conn, story_id, 1).start  # before it there is front matter
    ordinals = range(max(first, seen.ordinals.start), seen.ordinals.stop + bool(seen.beginning))
    names = [(one.name, *one.aliases) for one in as_known(cards.load(conn, story_id), horizon)]
    gathered = asking.ground(
        question, ordinals, partial(_places, conn, seen), partial(_prose, conn, seen), names
    )
    return gathered, up_to


def place(conn: Connection, serial: Serial, passages: Sequence[Passage]) -> list[Answer]:
    starts = placed(conn, serial.id, [passage.start for passage in passages])
    ends = placed(
        conn,
        serial.id,
        [Position(one.end.ordinal, one.end.offset - 1) for one in passages],
    )
    return [
        Answer(passage, part, message, last)
        for passage, (part, message), (last, _) in zip(passages, starts, ends, strict=True)
    ]


def shared(conn: Connection, serial: Serial, channel_id: int, message_id: int) -> None:
    """A public answer shows passages of the story: it goes with it."""
    outbox.answered(
        conn, SHARED, serial.story.id, guild_id=serial.guild_id, channel_id=channel_id,
        message_id=message_id,
    )  # fmt: skip


def _places(conn: Connection, seen: Seen, term: str) -> list[int]:
    found = index.holding(conn, seen.story_id, seen.ordinals, term)
    return [*found, seen.horizon.ordinal] if term in seen.beginning.split() else found


def _prose(conn: Connection, seen: Seen, ordinals: Collection[int]) -> dict[int, Block]:
    return {
        ordinal: block
        for ordinal, block in seen.blocks(conn, ordinals).items()
        if block.kind is Kind.PROSE and block.text.strip()
    }
