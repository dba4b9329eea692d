"""How a serial is told to its author."""

from bot.serials.calendar import weekday_names
from bot.serials.drafts import Added
from bot.serials.imports import Draft
from bot.serials.posting import Counts
from bot.serials.records import Schedule, Serial, State
from cogs.ui import posts
from cogs.ui.asking import NEEDED
from cogs.ui.formats import plural, shorten, timestamp

SHOWN_CHAPTERS = 12
SHOWN_NOTES = 6


def added(added: Added, draft: Draft) -> str:
    """What was understood of the file."""
    serial = added.serial
    manuscript = draft.manuscript
    lines = [
        f"{posts.title(serial)} by {posts.escape(serial.story.author, 100)}: "
        f"{plural(len(manuscript.chapters), 'chapter')}, {plural(manuscript.words, 'word')}, "
        f"{plural(added.parts, 'part')} to post."
    ]
    for number, chapter in enumerate(manuscript.chapters[:SHOWN_CHAPTERS], start=1):
        name = posts.escape(chapter.title or f"Chapter {number}", 70)
        parts = len(draft.cuts[number - 1])
        lines.append(f"- {name}: {plural(chapter.words, 'word')}, {plural(parts, 'part')}")
    if len(manuscript.chapters) > SHOWN_CHAPTERS:
        lines.append(f"- … and {len(manuscript.chapters) - SHOWN_CHAPTERS} more")
    notes = draft.notes
    if notes:
        lines.append("Kept, and not posted as prose:")
        lines += [f"> {posts.escape(shorten(note, 90), 100)}" for note in notes[:SHOWN_NOTES]]
        if len(notes) > SHOWN_NOTES:
            lines.append(f"> … and {len(notes) - SHOWN_NOTES} more")
    lines += [f"⚠️ {posts.escape(warning, 200)}" for warning in manuscript.warnings[:3]]
    if added.ongoing:
        lines.append("Is this the next chapter of a story you post here, or a new one?")
    else:
        lines.append("Nothing is posted until you confirm that you wrote it or have leave.")
    return shorten("\n".join(lines), 1990)


def confirmed(serial: Serial) -> str:
    return (
        f"{posts.title(serial)} is ready. It can begin here and now and go on daily at 09:00, "
        "or `/serial schedule` sets another channel, time or weekdays."
    )


def scheduled(serial: Serial, schedule: Schedule | None) -> str:
    if serial.state is State.WAITING:
        return (
            f"{posts.title(serial)} will be posted in <#{serial.channel_id}> {when(schedule)}, as "
            "soon as someone who may manage messages there allows it. I have asked them."
        )
    text = f"{posts.title(serial)} is posted in <#{serial.channel_id}> {when(schedule)}."
    if schedule and schedule.next:
        text += f" Next: {timestamp(schedule.next, 'F')} ({timestamp(schedule.next, 'R')})."
    return text


def when(schedule: Schedule | None) -> str:
    """ "every day at 09:00 (Europe/Berlin)" """
    if schedule is None:
        return "at no set time"
    slot = schedule.slot
    zone = slot.zone.key
    if schedule.zone_unset:
        zone += ", as no time zone is set here: `/setup zone`"
    return (
        f"{weekday_names(slot.weekdays)} at {slot.minute // 60:02}:{slot.minute % 60:02} ({zone})"
    )


def status(serial: Serial, schedule: Schedule | None, counts: Counts) -> str:
    """One serial in two or three lines: how far, what next, what is wrong."""
    state = {
        State.DRAFT: "a draft: confirm it to go on",
        State.READY: "confirmed, not scheduled yet: `/serial schedule`",
        State.WAITING: f"waiting for a moderator's leave in <#{serial.channel_id}>",
        State.ACTIVE: f"posted in <#{serial.channel_id}> {when(schedule)}",
        State.PAUSED: "paused: `/serial resume` goes on",
        State.STOPPED: "stopped, its channel is gone: `/serial schedule` in another",
    }[serial.state]
    lines = [
        f"{posts.title(serial)}: {state}",
        f"-# {counts.published} of {plural(counts.total, 'part')} posted"
        + (", complete" if serial.story.complete else ", ongoing"),
    ]
    if serial.trouble == "blocked":
        lines.append(
            f"⚠️ I may not post in <#{serial.channel_id}>: I need {NEEDED} there, and go on once "
            "I have them."
        )
    elif serial.trouble == "refused":
        lines.append("⚠️ Discord refused the next part as it is. `/serial resume` tries again.")
    elif serial.state is State.ACTIVE and counts.left == 0:
        lines.append(
            "The story is complete: every part has been posted."
            if serial.story.complete
            else "Waiting for the next chapter: `/serial add`."
        )
    elif schedule and schedule.next and serial.state is State.ACTIVE:
        lines.append(
            f"Next part: {timestamp(schedule.next, 'F')} ({timestamp(schedule.next, 'R')})"
        )
    return "\n".join(lines)
