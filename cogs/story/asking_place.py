"""How far have you read? Asked by a message that then turns into the answer to what one wanted to
know. That stands in the message itself, as code in its first line, and is kept nowhere else."""

from typing import Self

import discord
import regex
from discord.ui import View

from bot.companion import service as companion
from bot.companion.seen import Message
from bot.errors import BadInput, NotFound
from bot.serials import pages
from bot.serials.pages import Part
from bot.serials.records import Serial
from bot.stories import naming
from bot.stories.naming import PlaceName
from cogs.story.reader import serial_shown
from cogs.ui import posts
from cogs.ui.asking import member
from cogs.ui.components import Form, Interaction, PersistentButton, row

CAUGHT_UP, START, CHAPTER, ASK = range(4)  # in a custom_id

_POST = "https://discord.com/channels"
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Co}\p{Cs}]")


def plain(typed: str) -> str:
    """What was typed so that a message shows it and gives it back: a line without backticks or
    characters that are not seen."""
    return _UNSEEN.sub("", " ".join(typed.split())).replace("`", "'").strip()


def first_line(text: str, after: str = "") -> str:
    return f"`{text}`{after}"


def asked(interaction: Interaction) -> str:
    """What the message is about whose button was pressed."""
    assert interaction.message is not None
    _, text, _ = interaction.message.content.split("`", 2)
    return text


def looked_up_to(part: Part | None) -> str:
    """How far a reader has come, as every answer says at its end."""
    place = "the start" if part is None else posts.place_name(part.place)
    return f"-# Looked up to {place}."


def stands(guild_id: int, place: PlaceName, message: Message | None) -> str:
    """Where a passage stands, which leads to the post."""
    name = posts.place_name(place, in_sentence=False)
    return name if message is None else f"[{name}]({_POST}/{guild_id}/{message[0]}/{message[1]})"


class PlaceButton(PersistentButton, prefix="at"):
    """Says how far its reader is, or asks: its state is serial and which of these. A subclass says
    what the `answer` is."""

    @classmethod
    def further(cls, serial_id: int) -> Self:
        return cls("I'm further", serial_id, ASK)

    @classmethod
    def question(cls, serial: Serial, text: str, *, begun: bool) -> tuple[str, View]:
        """For one who is known to have `begun`, or who has never said."""
        labels = {CAUGHT_UP: "Caught up", START: "At the start", CHAPTER: "Chapter …"}
        if begun:
            del labels[START]
        buttons = (cls(label, serial.id, where) for where, label in labels.items())
        lines = (
            first_line(text),
            f"How far have you read {posts.title(serial)}? I tell you nothing of what comes after.",
            "-# Caught up: you read every part as it comes. Chapter …: you have finished it.",
        )
        return "\n".join(lines), row(*buttons)

    async def press(self, interaction: Interaction) -> None:
        serial_id, where = self.state
        serial = await serial_shown(interaction, serial_id)
        if where == ASK:
            content, view = self.question(serial, asked(interaction), begun=True)
            await interaction.response.edit_message(content=content, view=view)
        elif where == CHAPTER:
            await interaction.response.send_modal(_ChapterForm(self, serial))
        else:
            await self.go_on(interaction, serial, None if where == CAUGHT_UP else 0)

    async def go_on(self, interaction: Interaction, serial: Serial, number: int | None) -> None:
        """The reader is at the end of part `number`; None: caught up."""
        services = interaction.client.services
        await services.database.write(
            companion.go_on_to,
            member(interaction),
            serial.id,
            serial.story.id,
            number,
            services.clock.now(),
        )
        await self.answer(interaction, serial, asked(interaction))

    async def answer(self, interaction: Interaction, serial: Serial, text: str) -> None:
        """Turn the message into the answer to what was typed."""
        raise NotImplementedError


class _ChapterForm(Form, title="How far have you read?"):
    number: discord.ui.TextInput[Self] = discord.ui.TextInput(
        label="The last chapter you have finished", placeholder="3", max_length=6
    )

    def __init__(self, button: PlaceButton, serial: Serial) -> None:
        super().__init__()
        self._button, self._serial = button, serial

    async def submitted(self, interaction: Interaction) -> None:
        typed = self.number.value.strip()
        if not typed.isdecimal():
            raise BadInput("Type the chapter's number alone, such as 3.")
        facts = await interaction.client.services.database.read(
            pages.contents, self._serial.id, self._serial.story.id
        )
        out = [chapter for chapter in facts if chapter.published_parts]
        index = naming.numbered([chapter.name for chapter in out], int(typed))
        if index is None:
            last = max((chapter.name.number or 0 for chapter in out), default=0)
            said = f"the last one out so far is {last}" if last else "none is, so far"
            raise NotFound(f"Chapter {int(typed)} is not out: {said}.")
        await self._button.go_on(interaction, self._serial, out[index].last_out)
