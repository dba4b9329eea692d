"""Which of several things is meant, where a command may name one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from discord.app_commands import Choice

from bot.errors import BadInput, NotFound
from bot.serials import posting
from bot.serials.records import Serial, State
from cogs.ui import labels
from cogs.ui.components import Interaction
from cogs.ui.formats import fitting, plural, shorten
from cogs.ui.posts import escape

SUGGESTED = 25  # as many as Discord shows
NONE_HERE = "There is no story here yet. An author adds one with `/serial add`."
NONE_OF_YOURS = "You have no story here. `/serial add` adds one."

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Option(Generic[Thing]):
    """A thing to choose: the `value` that a suggestion gives, its name, and the details that tell
    it from others of that name."""

    thing: Thing
    value: str
    name: str
    details: tuple[str, ...] = ()


def label(options: Sequence[Option[Thing]], limit: int = labels.CHOICE) -> list[str]:
    """What to call each of them where all are shown."""
    things = [(option.name, *option.details) for option in options]
    values = {option.value for option in options if option.value != option.name}
    return labels.distinct(things, limit, values)


def suggest(options: Sequence[Option[Thing]], typed: str) -> list[Choice[str]]:
    """Those that what was typed is part of, or of a detail of theirs."""
    wanted = labels.read(typed)
    return [
        Choice(name=shown, value=option.value)
        for option, shown in zip(options, label(options), strict=True)
        if any(wanted in labels.read(text) for text in (shown, option.name, *option.details))
    ][:SUGGESTED]


def pick(options: Sequence[Option[Thing]], said: str, unknown: str) -> Thing:
    """The thing that was suggested or typed, by its label or its name. Raises NotFound, saying that
    it is `unknown`, and BadInput where what was typed fits several."""
    for option in options:
        if said == option.value:
            return option.thing
    wanted = labels.read(said)
    fitting_ones = [
        (option, shown)
        for option, shown in zip(options, label(options), strict=True)
        if wanted in (labels.read(shown), labels.read(option.name))
    ]
    if not fitting_ones:
        raise NotFound(unknown)
    if len(fitting_ones) > 1:
        lines = [f"- {escape(shown, 2 * labels.CHOICE)}" for _, shown in fitting_ones]
        asked = f"“{escape(shorten(said, 100), 100)}” could be any of these. Which do you mean?"
        raise BadInput(fitting([asked, *lines], "Pick a suggestion, or type one of these lines."))
    return fitting_ones[0][0].thing


async def story_options(
    interaction: Interaction, serials: Sequence[Serial]
) -> list[Option[Serial]]:
    """Stories by their titles; told apart by author, channel and how far they are."""
    titles = Counter(labels.read(serial.story.title) for serial in serials)
    shared = [one.id for one in serials if titles[labels.read(one.story.title)] > 1]
    counts = {}
    if shared:
        counts = await interaction.client.services.database.read(posting.counts_of, shared)
    guild = interaction.guild
    options = []
    for serial in serials:
        channel = guild.get_channel(serial.channel_id) if guild and serial.channel_id else None
        where = f"#{channel.name}" if channel else "in no channel"
        count = counts.get(serial.id)
        posted = f"{count.published:,} of {count.total:,} posted" if count else ""
        state = "draft" if serial.state is State.DRAFT else where
        details = (serial.story.author, state, posted, plural(serial.story.words, "word"))
        options.append(Option(serial, f"#{serial.id}", serial.story.title, details))
    return options


async def suggest_stories(
    interaction: Interaction, serials: Sequence[Serial], typed: str
) -> list[Choice[str]]:
    return suggest(await story_options(interaction, serials), typed)


async def choose(
    interaction: Interaction, serials: Sequence[Serial], said: str | None, none: str = NONE_HERE
) -> Serial:
    """The serial that was said, else this channel's, else the only one. Raises NotFound (saying
    `none` where there is nothing to choose from), BadInput.

    `serials` are those that exist for the one who asks.
    """
    if said:
        options = await story_options(interaction, serials)
        return pick(options, said, "I know no such story here. Pick one of the suggestions.")
    if not serials:
        raise NotFound(none)
    here = [serial for serial in serials if serial.channel_id == interaction.channel_id]
    if len(here or serials) > 1:
        raise BadInput(
            "There are several stories here: run it again and choose one in its last option."
        )
    return (here or list(serials))[0]
