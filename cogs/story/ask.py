"""`/story ask`: passages that answer, where they stand, and a button that shares them."""

import asyncio
import re
from collections.abc import Sequence

from discord.ui import View

from bot.companion import ask, asking, questions
from bot.companion.ask import Answer
from bot.companion.asking import Ground
from bot.errors import NotFound
from bot.serials.pages import Part
from bot.serials.records import Serial
from bot.stories import markup
from bot.stories.model import Run
from cogs.story.asking_place import PlaceButton, asked, first_line, looked_up_to, plain, stands
from cogs.story.reader import serial_shown
from cogs.ui import posts
from cogs.ui.access import check_shareable
from cogs.ui.asking import member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import ROOM
from cogs.ui.public import note_answer, note_asker

LONGEST = questions.LONGEST

_PAIR_OF_BARS = re.compile(r"\|(?=\|)")
_LESS = 10  # characters that a passage loses at a time until it fits


async def start(interaction: Interaction, serial: Serial, typed: str) -> None:
    """Answer a command. Raises BadInput, TooSoon."""
    if instead := questions.about_the_posts(typed.strip()):
        await interaction.response.send_message(instead, ephemeral=True)
        return
    content, view = await _answer(interaction, serial, plain(typed))
    await interaction.response.send_message(content, view=view, ephemeral=True)


class AskPlaceButton(PlaceButton, prefix="ask-at"):
    async def answer(self, interaction: Interaction, serial: Serial, text: str) -> None:
        content, view = await _answer(interaction, serial, text)
        await interaction.response.edit_message(content=content, view=view)


class ShareAnswerButton(PersistentButton, prefix="ask-share"):
    """Posts question and answer for everyone, hidden until they are clicked. Its state: the serial,
    and the last part that was looked at, past which it does not go."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, last = self.state
        serial = await serial_shown(interaction, serial_id)
        check_shareable(interaction, serial)
        text = asked(interaction)
        found = await _look(interaction, serial, text, last)
        if found is None or not found[1]:
            raise NotFound("That answer is not here any more: ask again.")
        ground, answers, _ = found
        await note_asker(interaction)
        up_to = max((answer.last for answer in answers), key=lambda part: part.number)
        asker = posts.escape(interaction.user.display_name, posts.AUTHOR_LENGTH)
        question = _PAIR_OF_BARS.sub("| ", first_line(text))  # none ends the spoiler bars
        first = (
            f"{asker} asked about {posts.title(serial)}: ||{question}||\n"
            f"-# It goes up to {posts.place_name(up_to.place.untitled)}."
        )
        shared = await interaction.response.send_message(
            _message(serial, first, ground, answers, bars="||")
        )
        if interaction.channel_id is not None and shared.message_id is not None:
            await interaction.client.services.database.write(
                ask.shared, serial, interaction.channel_id, shared.message_id
            )
        await note_answer(interaction, shared.message_id)


async def _answer(interaction: Interaction, serial: Serial, text: str) -> tuple[str, View]:
    """The question how far they are first, to one of whom nobody knows."""
    found = await _look(interaction, serial, text)
    if found is None:
        return AskPlaceButton.question(serial, text, begun=False)
    ground, answers, up_to = found
    last, further = looked_up_to(up_to), AskPlaceButton.further(serial.id)
    if not answers:
        nothing = "Nothing in what you have read speaks of that."
        return f"{first_line(text)}\n{nothing}\n{last}", row(further)
    share = ShareAnswerButton("Share", serial.id, up_to.number if up_to else 0)
    return _message(serial, first_line(text), ground, answers, last), row(share, further)


async def _look(
    interaction: Interaction, serial: Serial, text: str, last: int | None = None
) -> tuple[Ground, list[Answer], Part | None] | None:
    """Passages are weighed between two looks at the database, and in a thread: a story may have
    paragraphs of any length. Raises BadInput, TooSoon."""
    services, question = interaction.client.services, questions.parse(text)
    services.cooldowns.questions.use(interaction.user.id, "questions")
    database = services.database
    gathered = await database.read(ask.gather, member(interaction), serial, question, last)
    if gathered is None:
        return None
    ground, up_to = gathered
    passages = await asyncio.to_thread(asking.passages, ground)
    answers = await database.read(ask.place, serial, passages)
    return ground, answers, up_to


def _message(
    serial: Serial,
    first: str,
    ground: Ground,
    answers: Sequence[Answer],
    last: str = "",
    bars: str = "",
) -> str:
    room = (ROOM - markup.length(first) - markup.length(last)) // asking.MOST - 1
    shown = []
    for answer in answers:
        shown_to_all = bool(bars)  # who may not have reached the chapter
        at = answer.part.place.untitled if shown_to_all else answer.part.place
        place = stands(serial.guild_id, at, answer.message)
        paragraphs = ground.paragraphs(answer.passage)
        quoted = _quote(paragraphs, room - markup.length(place) - 1, bars)
        shown.append(f"{place}\n{quoted}")
    return "\n".join(filter(None, [first, *shown, last]))


def _quote(paragraphs: Sequence[Sequence[Run]], room: int, bars: str) -> str:
    """Where all that is escaped in it makes it too long, its last words are left out."""
    paragraphs = [
        [Run(run.text.replace("\n", " "), run.style) for run in runs] for runs in paragraphs
    ]
    while True:
        lines = [markup.markdown(runs).strip() for runs in paragraphs]
        quoted = "\n".join(f"> {bars}{line}{bars}" for line in lines if line)
        if markup.length(quoted) <= room:
            return quoted
        *before, runs = paragraphs
        left = sum(len(run.text) for run in runs) - _LESS
        paragraphs = before
        if left > 0:
            paragraphs.append([*markup.slice_runs(runs, 0, left), Run(" …")])
