"""How a serial is told to its author."""

from bot.people.times import spoken, weekday_names
from bot.people.zones import zone_name
from bot.serials.coming import Coming
from bot.serials.drafts import Added
from bot.serials.finding import Match
from bot.serials.imports import Draft
from bot.serials.posting import Counts
from bot.serials.records import Schedule, Serial, State
from bot.stories.formats import front_matter
from bot.stories.model import Block, Shown
from bot.stories.naming import chapter_names
from cogs.ui import posts
from cogs.ui.formats import RATINGS, fitting, plural, shorten, timestamp

SHOWN_CHAPTERS = 12
SHOWN_NOTES = 6
SHOWN_NEW = 5


def added(added: Added, draft: Draft, match: Match | None, *, shown: bool) -> str:
    """What was understood of the file, and what is asked; `match`: a story that has some of it;
    `shown`: its text may be, here. Takes a moment for a long story."""
    serial, manuscript = added.serial, draft.manuscript
    lines = [
        f"{posts.title(serial)} by {posts.escape(serial.story.author, 100)}: "
        f"{plural(len(manuscript.chapters), 'chapter')}, {plural(sum(draft.words), 'word')}, "
        f"{plural(added.parts, 'part')} to post. It {RATINGS[serial.story.rating]}."
    ]
    chapters = list(zip(manuscript.chapters, draft.words, draft.cuts, strict=True))
    names = chapter_names([chapter.title for chapter in manuscript.chapters])
    for chapter_name, (_, words, cut) in zip(names, chapters[:SHOWN_CHAPTERS], strict=False):
        name = posts.escape(str(chapter_name if shown else chapter_name.untitled), 70)
        lines.append(f"- {name}: {plural(words, 'word')}, {plural(len(cut), 'part')}")
    if len(chapters) > SHOWN_CHAPTERS:
        lines.append(f"- … and {len(chapters) - SHOWN_CHAPTERS} more")
    if match:
        lines += overlap(match, shown=shown)
    notes = [
        block
        for block in manuscript.blocks
        if block.kind.is_note and shown and not front_matter.is_told(block.text)
    ]
    if notes:
        lines.append("Around the story (*Notes and tags* changes what is done with it):")
        lines += [f"> {_note(block)}" for block in notes[:SHOWN_NOTES]]
    if len(notes) > SHOWN_NOTES:
        lines.append(f"> … and {len(notes) - SHOWN_NOTES} more")
    if not shown:
        lines.append("More of it is shown in age-restricted channels alone.")
    warnings = manuscript.warnings[:3] if shown else ()
    lines += [f"⚠️ {posts.escape(warning, 200)}" for warning in warnings]
    asked = "Nothing is posted until you confirm that you wrote it or have leave."
    if added.ongoing:
        asked = f"Is this the next chapter of a story you post here, or a new one? {asked}"
    return fitting(lines, asked)


def overlap(match: Match, *, shown: bool) -> list[str]:
    """How much of a file a story has already, and what is new in it."""
    found = match.comparison
    lines = [f"⚠️ {found.known:.0%} of that file is in {posts.title(match.serial)} already."]
    new = [
        posts.escape((shown and match.titles[n]) or f"chapter {n + 1} of the file", 70)
        for n in found.new_chapters
    ]
    if new and len(new) < len(match.titles):
        more = f" and {len(new) - SHOWN_NEW} more" if len(new) > SHOWN_NEW else ""
        lines.append(f"New: {', '.join(new[:SHOWN_NEW])}{more}.")
    return lines


def starts_at(serial: Serial, number: int, counts: Counts) -> str:
    """What it means to start at that chapter."""
    title = posts.title(serial)
    if number == 1:
        return f"{title} is posted from the beginning."
    return (
        f"{title} starts here at chapter {number}, with part {counts.out + 1}. What comes before "
        "is out elsewhere, so I don't post that; once the first part is up, readers find it in "
        "`/story read`. Until then you can change this."
    )


def _note(block: Block) -> str:
    done = {Shown.POST: "posted", Shown.KEEP: "in `/story about`", Shown.DROP: "not shown"}
    text = posts.escape(shorten(" ".join(block.text[:500].split()), 90), 100)
    return f"{text} · {done[block.shown or Shown.KEEP]}"


def confirmed(serial: Serial) -> str:
    return (
        f"{posts.title(serial)} is ready. It can begin here and now and go on daily at 09:00, "
        "or `/serial schedule` sets another channel, time or weekdays."
    )


def scheduled(serial: Serial, schedule: Schedule | None) -> str:
    where = f"<#{serial.channel_id}> {when(schedule)}"
    if serial.state is State.WAITING:
        return (
            f"{posts.title(serial)} will be posted in {where}, as soon as someone who may manage "
            f"messages there allows it. I have asked them.{_unset(schedule)}"
        )
    if serial.state is State.PAUSED:
        return (
            f"{posts.title(serial)} will be posted in {where}, once `/serial resume` ends its "
            f"pause.{_unset(schedule)}"
        )
    text = f"{posts.title(serial)} is posted in {where}."
    if schedule and schedule.next:
        text += f" Next: {timestamp(schedule.next, 'F')} ({timestamp(schedule.next, 'R')})."
    return text + _unset(schedule)


def when(schedule: Schedule | None) -> str:
    """ "every day at 09:00 (Europe/Berlin)" """
    if schedule is None:
        return "at no set time"
    first = schedule.slots[0]
    zone = zone_name(first.zone.key)
    if schedule.zone_unset:
        zone += ", as no time zone is set here: `/setup zone`"
    times = [f"{slot.minute // 60:02}:{slot.minute % 60:02}" for slot in schedule.slots]
    return f"{weekday_names(first.weekdays)} at {' and '.join(times)} ({zone})"


def recut(coming: Coming) -> str:
    """What came of another length: "48 parts to come, about 410 words each; …" """
    if not coming.parts:
        return "Nothing is left to post now. Chapters that you add will be cut to that length."
    each = coming.words // coming.parts
    each = round(each, -1) if each > 100 else each
    text = f"{plural(coming.parts, 'part')} to come, about {each:,.0f} words each"
    if coming.last_day:
        text += f"; the last on {spoken(coming.last_day)}"
    return f"{text}."


def _unset(schedule: Schedule | None) -> str:
    """Said where nobody has chosen a time zone."""
    if schedule is None or not schedule.zone_unset:
        return ""
    return "\n-# This server has no time zone yet, so times are in UTC. Moderators: `/setup zone`."


def status(
    serial: Serial,
    schedule: Schedule | None,
    counts: Counts,
    name: str | None = None,
    not_pinged: str | None = None,
) -> str:
    """One serial in a few lines: how far, what next, what is wrong. `name`: what it is called here,
    if not by its title alone. `not_pinged`: why its role is pinged no more."""
    channel = f"<#{serial.channel_id}>"
    state = {
        State.DRAFT: "is a draft until you confirm it",
        State.READY: "is confirmed and not scheduled yet. `/serial schedule` does that",
        State.WAITING: f"waits for a moderator's leave to be posted in {channel}",
        State.ACTIVE: f"is posted in {channel} {when(schedule)}",
        State.PAUSED: "is paused. `/serial resume` goes on",
        State.STOPPED: "is stopped",
    }[serial.state]
    lines = [
        f"{posts.story_title(name, 100) if name else posts.title(serial)} {state}.",
        f"-# {counts.published} of {plural(counts.total, 'part')} posted"
        + (f", {counts.elsewhere} out elsewhere" if counts.elsewhere else "")
        + (", complete" if serial.story.complete else ", ongoing")
        + (f", {serial.options.read_ahead} more to read ahead" if serial.options.read_ahead else "")
        + f", {RATINGS[serial.story.rating]}",
    ]
    if wrong := posts.trouble(serial):
        lines.append(f"⚠️ {wrong}")
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
    if not_pinged:
        lines.append(f"⚠️ {not_pinged}")
    return "\n".join(lines)
