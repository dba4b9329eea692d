"""`/story about`: what a story is, or which there are."""

from bot.companion import service as companion
from bot.serials import excerpts, pages, posting, ratings, records
from bot.serials.posting import Counts
from bot.serials.records import Serial
from bot.stories.model import Block
from cogs.ui import labels, posts
from cogs.ui.asking import is_restricted, member
from cogs.ui.components import Interaction
from cogs.ui.formats import MOST_LINES, RATINGS, ROOM, plural, timestamp

NOTE_LENGTH = 600  # characters that are shown of a note


async def one(interaction: Interaction, serial: Serial) -> list[str]:
    """The story in full, line by line."""
    database = interaction.client.services.database
    counts = await database.read(posting.counts, serial.id)
    schedule = await database.read(records.schedule_of, serial)
    shown = ratings.may_show(serial.story, restricted=is_restricted(interaction))
    come = await database.read(companion.reached, member(interaction), serial.id, serial.story.id)
    part = await database.read(pages.numbered, serial.id, come)
    lines = [
        f"{posts.title(serial)} by {posts.escape(serial.story.author, 100)}",
        f"{_progress(serial)}: "
        f"{plural(serial.story.chapters, 'chapter')}, {plural(serial.story.words, 'word')}, "
        f"{plural(counts.total, 'part')}, {counts.published:,} of them posted "
        f"in <#{serial.channel_id}>{_elsewhere(counts)}",
        f"It {RATINGS[serial.story.rating]}.",
    ]
    if schedule and schedule.next and counts.left:
        lines.append(f"The next part comes {timestamp(schedule.next, 'R')}.")
    if part is None:
        lines.append("You have not begun: `/story read`.")
    else:
        place = part.place if shown else part.place.untitled
        lines.append(f"You have read up to {posts.place_name(place)}.")
    if shown:
        kept = await database.read(companion.kept_notes, member(interaction), serial)
        lines += [_note(note) for note in kept[:MOST_LINES]]
    return lines


def _note(note: Block) -> str:
    """As much of it as leaves room for others."""
    if len(note.text) <= NOTE_LENGTH:
        return excerpts.note(note, 0, len(note.text))
    return excerpts.note(note, 0, NOTE_LENGTH).rstrip() + " …"


async def several(interaction: Interaction, serials: list[Serial]) -> list[str]:
    """A line a story."""
    database = interaction.client.services.database
    lines = []
    for serial in serials:
        counts = await database.read(posting.counts, serial.id)
        schedule = await database.read(records.schedule_of, serial)
        line = (
            f"{posts.title(serial)} by {posts.escape(serial.story.author, posts.AUTHOR_LENGTH)}: "
            f"{RATINGS[serial.story.rating]}; {_progress(serial).lower()}, {counts.published:,} of "
            f"{plural(counts.total, 'part')} out in <#{serial.channel_id}>{_elsewhere(counts)}"
        )
        if schedule and schedule.next and counts.left:
            line += f", the next {timestamp(schedule.next, 'R')}"
        lines.append(line)
    return labels.distinct([(line,) for line in lines], ROOM)


def _elsewhere(counts: Counts) -> str:
    return f", and {counts.elsewhere:,} out elsewhere before" if counts.elsewhere else ""


def _progress(serial: Serial) -> str:
    return "Complete" if serial.story.complete else "Ongoing"
