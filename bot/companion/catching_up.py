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
from bot.stories.naming import ChapterName

SUMMARIES = ("summary", "chapter summary")  # what a note that sums a chapter up begins with

LONGEST_SUMMARY = 2_000  # characters that are looked at; fewer are shown


@dataclass(frozen=True, slots=True)
class Missed:
    """What is unread of a chapter. `first` is the post at which that begins; the title of a chapter
    that is not begun, and summaries, are there only where they were asked for, for they spoil."""

    chapter: int
    name: ChapterName
    parts: int
    words: int
    first: Row | None
    summaries: tuple[str, ...] = ()

    @property
    def title(self) -> str | None:
        return self.name.title


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
    reached = pages.last_begun(conn, serial.id, seen)
    summaries = _summaries(conn, serial, last) if spoil else {}
    chapters = []
    for number, group in groupby(missed, lambda part: part.chapter):
        parts = list(group)
        words = sum(part.words for part in parts)
        name = parts[0].place.chapter
        begun = parts[0].place.part > 1 or parts[0].number <= reached
        chapters.append(
            Missed(
                number,
                name if begun or spoil else name.untitled,
                len(parts),
                words,
                posts.get((parts[0].id, 0)),
                summaries.get(number, ()),
            )
        )
    stored = places.load(conn, people.find(conn, member.discord_id), story_id)
    return Unread(tuple(chapters), stored.following)


def _summaries(conn: Connection, serial: Serial, last: int) -> dict[int, tuple[str, ...]]:
    """By the chapters' numbers what of their summaries stands before the end of part number
    `last`."""
    end = extent.end(conn, serial.id, last) or START
    summaries: dict[int | None, list[str]] = {}
    for note in stories.notes(conn, serial.story.id):
        if note.is_readable and note.ordinal <= end.ordinal:
            text = note.block.text[:LONGEST_SUMMARY]
            if text.casefold().startswith(SUMMARIES):
                summaries.setdefault(note.chapter_id, []).append(text)
    return {
        chapter.number: tuple(summaries.get(chapter.id, ()))
        for chapter in stories.contents(conn, serial.story.id)
    }
