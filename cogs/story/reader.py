"""The private reader: one page, back and on, and to any chapter."""

from discord import ButtonStyle, SelectOption
from discord.ui import Button, View

from bot.companion import reminding
from bot.companion import service as companion
from bot.companion.places import Stored
from bot.companion.service import LAST_PAGE, Opened
from bot.db.engine import Database
from bot.delivery.discord_sender import Content
from bot.delivery.rules import Row
from bot.errors import NotFound
from bot.serials import posting, ratings, records
from bot.serials.pages import ChapterFacts
from bot.serials.records import Schedule, Serial
from bot.stories.model import Position
from cogs.ui import posts
from cogs.ui.asking import can_see, guild_id, is_restricted, member, sees_from_afar
from cogs.ui.components import Component, Interaction, PersistentButton, PersistentSelect, rows
from cogs.ui.components import row as buttons
from cogs.ui.direct_messages import direct_channel
from cogs.ui.formats import timestamp

NONE = -1  # in a custom_id: a place that was not set


async def show(
    interaction: Interaction, serial: Serial, opened: Opened, *, turned: bool = False
) -> None:
    """Answer with the page, in place of the one that was turned."""
    if opened.page is None:
        database = interaction.client.services.database
        schedule = await database.read(records.schedule_of, serial)
        counts = await database.read(posting.counts, serial.id)
        content, view = _end(serial, schedule if counts.left else None, opened.last)
    else:
        content, view = posts.text(opened.page), rows(_turns(opened, serial), _menu(opened, serial))
    if turned:
        await interaction.response.edit_message(content=content, view=view)
    else:
        await interaction.response.send_message(content, view=view, ephemeral=True)
    if opened.undo and opened.page:
        page, before = opened.page, opened.undo
        undo = JumpBackButton("Undo", serial.id, page.part.number, page.number, *packed(before))
        await interaction.followup.send(
            f"Noted: you have read up to {posts.place_name(page.part.place)}.",
            view=buttons(undo),
            ephemeral=True,
        )


class TurnButton(PersistentButton, prefix="turn"):
    """Goes to a page: its state is serial, part and page; a part after the last is the end."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, number, page = self.state
        await _turn(interaction, serial_id, number, page)


class ChapterSelect(PersistentSelect, prefix="chapter"):
    """Goes to the part that a chapter begins with."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        (serial_id,) = self.state
        await _turn(interaction, serial_id, int(value), 0)


async def _turn(interaction: Interaction, serial_id: int, number: int, page: int) -> None:
    services = interaction.client.services
    serial = await serial_shown(interaction, serial_id)
    opened = await services.database.write(
        companion.turn_to,
        member(interaction),
        serial.guild_id,
        serial_id,
        number,
        page,
        services.clock.now(),
    )
    await show(interaction, serial, opened, turned=True)


class OpenButton(PersistentButton, prefix="open"):
    """Opens the story where its reader stopped, as `/story read` does."""

    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        services = interaction.client.services
        serial = await serial_shown(interaction, serial_id)
        opened = await services.database.write(
            companion.open_page,
            member(interaction),
            serial.id,
            serial.story.id,
            services.clock.now(),
        )
        await show(interaction, serial, opened)


class JumpBackButton(PersistentButton, prefix="unjump"):
    """Undoes a jump to a page: its state is serial, part, page and the place before."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, number, page, *before = self.state
        await interaction.client.services.database.write(
            companion.undo_jump,
            member(interaction),
            await serial_shown(interaction, serial_id),
            number,
            page,
            unpacked(before),
        )
        await interaction.response.edit_message(
            content="Taken back: your place is where it was before.", view=None
        )


class TomorrowButton(PersistentButton, prefix="tomorrow"):
    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        services = interaction.client.services
        serial = await serial_shown(interaction, serial_id)
        due = await services.database.write(
            reminding.remind_tomorrow,
            member(interaction),
            serial,
            await direct_channel(interaction),
            services.clock.now(),
        )
        await interaction.response.send_message(
            f"I'll remind you {timestamp(due, 'R')} ({timestamp(due)}) in a direct message, and it "
            "opens where you stopped.",
            ephemeral=True,
        )


async def reminder(database: Database, outgoing: Row) -> Content | None:
    serial = await database.read(records.find, outgoing.subject)
    if serial is None:
        return None
    said = f"You wanted to read on in {posts.title(serial)} about now."
    if serial.story.rating.for_adults:
        return Content(f"{said} It opens with `/story read` in <#{serial.channel_id}>.")
    return Content(said, buttons(OpenButton("Read on", serial.id, token=outgoing.nonce)))


async def serial_shown(interaction: Interaction, serial_id: int) -> Serial:
    """The serial, where its text may be shown to this member here, in the server or in direct
    messages. Raises NotFound, NotAllowed."""
    database = interaction.client.services.database
    if interaction.guild_id is not None:
        serial = await database.read(records.get, guild_id(interaction), serial_id)
        seen = can_see(interaction, serial.channel_id)
    elif found := await database.read(records.find, serial_id):
        serial = found
        seen = await sees_from_afar(interaction.client, serial, interaction.user.id)
    else:
        seen = False
    if not seen:
        raise NotFound("That story is not here any more.")
    ratings.check(serial.story, restricted=is_restricted(interaction))
    return serial


def packed(before: Stored) -> tuple[int, ...]:
    """A place as a button keeps it."""
    places = before.horizon, before.bookmark
    return tuple(n for at in places for n in ((at.ordinal, at.offset) if at else (NONE, NONE)))


def unpacked(state: list[int]) -> Stored:
    horizon, bookmark = (
        None if ordinal == NONE else Position(ordinal, offset)
        for ordinal, offset in (state[:2], state[2:])
    )
    return Stored(horizon, bookmark)


def _turns(opened: Opened, serial: Serial) -> list[Component]:
    page = opened.page
    assert page is not None
    number = page.part.number
    back = (number, page.number - 1) if page.number else (number - 1, LAST_PAGE)
    on = (number, page.number + 1) if page.number + 1 < len(page.part.pages) else (number + 1, 0)
    turns: list[Component] = [
        TurnButton("‹ Back", serial.id, *back, disabled=back[0] == 0),
        TurnButton("Next ›", serial.id, *on, style=ButtonStyle.primary),
        TomorrowButton("Read on tomorrow", serial.id),
    ]
    if opened.post:
        turns.append(Button(label="Go to the post", url=posts.link(opened.post)))
    return turns


def _menu(opened: Opened, serial: Serial) -> list[Component]:
    """None where there is but one chapter to go to."""
    here = opened.page and opened.page.part.chapter
    options = [
        SelectOption(
            label=_chapter(chapter, opened.reached),
            value=str(chapter.first_part),
            default=chapter.number == here,
        )
        for chapter in opened.chapters
    ]
    return [ChapterSelect("Go to a chapter", options, serial.id)] if len(options) > 1 else []


def _chapter(chapter: ChapterFacts, reached: int) -> str:
    return f"{chapter.name} (unread)" if chapter.first_part > reached else str(chapter.name)


def _end(serial: Serial, schedule: Schedule | None, last: int) -> tuple[str, View]:
    if last == 0:
        text = f"Nothing of {posts.title(serial)} has been posted yet."
    else:
        text = f"You have read everything of {posts.title(serial)} that is out."
    if schedule and schedule.next:
        text += f" The next part comes {timestamp(schedule.next, 'R')}."
    return text, buttons(*([TurnButton("‹ Back", serial.id, last, LAST_PAGE)] if last else []))
