"""`/story about`: what a story is, or which there are."""

from bot.companion import service as companion
from bot.serials import excerpts, pages, posting, ratings, records
from bot.serials.posting import Counts
from bot.serials.records import Serial
from cogs.ui import labels, posts
from cogs.ui.asking import is_restricted, member
from cogs.ui.components import Interaction
from cogs.ui.formats import RATINGS, ROOM, plural, timestamp


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
        lines += [excerpts.note(note, 0, len(note.text)) for note in kept]
    return lines


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
