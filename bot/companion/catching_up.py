"""What a reader has missed: the posts since their horizon, by chapter."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection

from bot.companion import places
from bot.companion.horizon import START
from bot.companion.service import horizon_of
from bot.delivery.rules import Row
from bot.people import service as people
from bot.people.service import Member
from bot.serials import extent, pages
from bot.serials.records import Serial
from bot.stories import service as stories

SUMMARIES = ("summary", "chapter summary")  # what a note that sums a chapter up begins with

LONGEST_SUMMARY = 2_000  # characters that are looked at; fewer are shown


@dataclass(frozen=True, slots=True)
class Missed:
    """What is unread of a chapter. `first` is the post at which that begins; title and summaries
    are there only where they were asked for, for they spoil."""

    chapter: int
    parts: int
    words: int
    first: Row | None
    title: str | None = None
    summaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """`following`: the reader reads every post as it comes, and so misses none."""

    chapters: tuple[Missed, ...]
    following: bool


def unread(
    conn: Connection, member: Member, serial: Serial, *, spoil: bool = False
) -> Unread | None:
    """What has been posted since the reader's horizon; with `spoil`, titles and summaries too.
    None: how far they are is not known."""
    story_id = serial.story.id
    seen = horizon_of(conn, member, serial.id, story_id)
    if seen is None:
        return None
    last = pages.last_published(conn, serial.id)
    first = pages.first_unread(conn, serial.id, seen, last)
    missed = [
        part
        for part in extent.parts(conn, serial.id, story_id)
        if first is not None and first <= part.number <= last
    ]
    posts = pages.posts(conn, [part.id for part in missed])
    spoilers = _spoilers(conn, serial, last) if spoil else {}
    chapters = []
    for number, group in groupby(missed, lambda part: part.chapter):
        parts = list(group)
        words = sum(part.words for part in parts)
        title, summaries = spoilers.get(number, (None, ()))
        post = posts.get((parts[0].id, 0))
        chapters.append(Missed(number, len(parts), words, post, title, summaries))
    stored = places.load(conn, people.find(conn, member.discord_id), story_id)
    return Unread(tuple(chapters), stored.following)


def _spoilers(
    conn: Connection, serial: Serial, last: int
) -> dict[int, tuple[str | None, tuple[str, ...]]]:
    """By the chapters' numbers their titles, and what of their summaries stands before the end of
    part number `last`."""
    end = extent.end(conn, serial.id, last) or START
    summaries: dict[int | None, list[str]] = {}
    for note in stories.notes(conn, serial.story.id):
        if note.is_readable and note.ordinal <= end.ordinal:
            text = note.block.text[:LONGEST_SUMMARY]
            if text.casefold().startswith(SUMMARIES):
                summaries.setdefault(note.chapter_id, []).append(text)
    return {
        chapter.number: (chapter.title, tuple(summaries.get(chapter.id, ())))
        for chapter in stories.contents(conn, serial.story.id)
    }
