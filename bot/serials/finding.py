"""Which of an author's stories a file belongs to."""

import asyncio
from dataclasses import dataclass

from bot.db.engine import Database
from bot.people.service import Member
from bot.serials import comparing, drafts
from bot.serials.comparing import Comparison, Text
from bot.serials.records import Actor, Serial, State, owned
from bot.stories import changing
from bot.stories.model import Manuscript

MOST_WORDS = 3_000_000  # of an author's stories that a file is compared with


@dataclass(frozen=True, slots=True)
class Match:
    """`titles` are those of the file's chapters."""

    serial: Serial
    comparison: Comparison
    titles: tuple[str | None, ...]


async def closest(
    database: Database, member: Member, guild_id: int, file: Manuscript
) -> Match | None:
    """The member's story in the server with the most in common with the file, if any has enough;
    of two alike the confirmed one, then the latest. Compared outside of any transaction."""
    mine = await database.read(drafts.mine, member, guild_id)
    text = await asyncio.to_thread(comparing.text, file)
    matches = []
    words = 0
    for serial in reversed(mine):
        words += serial.story.words
        if words > MOST_WORDS:
            break
        manuscript = await database.read(changing.manuscript, serial.story.id)
        found = await asyncio.to_thread(_compare, manuscript, text)
        if found.repeats:
            matches.append(Match(serial, found, text.titles))
    return max(matches, key=_rank, default=None)


async def compare(
    database: Database, actor: Actor, guild_id: int, serial_id: int, draft_id: int
) -> tuple[Match, Serial]:
    """A draft beside a serial of the same author, with the draft. Raises NotFound, NotAllowed."""
    serial = await database.read(owned, actor, guild_id, serial_id)
    draft = await database.read(owned, actor, guild_id, draft_id)
    story = await database.read(changing.manuscript, serial.story.id)
    file = await database.read(changing.manuscript, draft.story.id)
    titles = tuple(chapter.title for chapter in file.chapters)
    return Match(serial, await asyncio.to_thread(_compare_both, story, file), titles), draft


def _compare(story: Manuscript, file: Text) -> Comparison:
    return comparing.compare(comparing.text(story), file)


def _compare_both(story: Manuscript, file: Manuscript) -> Comparison:
    return _compare(story, comparing.text(file))


def _rank(match: Match) -> tuple[int, bool, float]:
    found = match.comparison
    return found.overlap, match.serial.state is not State.DRAFT, found.kept + found.known
