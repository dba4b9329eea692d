"""The buttons under a draft and a request for leave."""

from collections.abc import Sequence
from typing import Any

from discord import ButtonStyle
from discord.ui import TextInput, View

from bot.errors import BadInput
from bot.serials import drafts, posting, ratings, records, starting
from bot.serials import service as serials
from bot.serials.posting import Counts
from bot.serials.records import Serial, State
from cogs.serials import cards
from cogs.serials.appending import append_buttons
from cogs.serials.noting import NotesButton
from cogs.serials.preview import PreviewButton
from cogs.serials.rating import rating_menu
from cogs.ui import posts
from cogs.ui.asking import actor, check_writable, guild_id, is_restricted
from cogs.ui.components import Form, Interaction, PersistentButton, row, rows
from cogs.ui.direct_messages import open_direct_messages


class ConfirmButton(PersistentButton, prefix="confirm"):
    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        services = interaction.client.services
        serial = await services.database.write(
            drafts.confirm,
            actor(interaction),
            guild_id(interaction),
            serial_id,
            services.clock.now(),
        )
        counts = await services.database.read(posting.counts, serial.id)
        await interaction.response.edit_message(
            content=cards.confirmed(serial), view=confirmed_buttons(serial, counts)
        )
        await open_direct_messages(interaction)


class DiscardButton(PersistentButton, prefix="discard"):
    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        serial = await interaction.client.services.database.write(
            drafts.discard, actor(interaction), guild_id(interaction), serial_id
        )
        await interaction.response.edit_message(
            content=f"Dropped {posts.title(serial)}. Nothing of it is kept.", view=None
        )


class PostNowButton(PersistentButton, prefix="begin"):
    """Post the first part here now, then daily."""

    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        services = interaction.client.services
        assert interaction.channel_id is not None
        check_writable(interaction, interaction.channel_id)
        draft = await services.database.read(records.get, guild_id(interaction), serial_id)
        ratings.check(draft.story, restricted=is_restricted(interaction))
        serial = await services.database.write(
            serials.schedule,
            actor(interaction),
            guild_id(interaction),
            serial_id,
            channel_id=interaction.channel_id,
            now=services.clock.now(),
            start_now=True,
            interaction_id=interaction.id,
        )
        schedule = await services.database.read(records.schedule_of, serial)
        await interaction.response.edit_message(
            content=cards.scheduled(serial, schedule), view=None
        )


class AllowButton(PersistentButton, prefix="allow"):
    """A moderator's leave to post in this channel."""

    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        services = interaction.client.services
        assert interaction.channel_id is not None
        serial = await services.database.write(
            serials.approve,
            actor(interaction),
            guild_id(interaction),
            serial_id,
            interaction.channel_id,
            services.clock.now(),
            interaction.id,
        )
        await interaction.response.edit_message(
            content=f"{posts.title(serial)} may be posted here.", view=None
        )


class TitleButton(PersistentButton, prefix="title"):
    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        serial = await interaction.client.services.database.read(
            records.owned, actor(interaction), guild_id(interaction), serial_id
        )
        await interaction.response.send_modal(TitleForm(serial))


class TitleForm(Form, title="Title and author"):
    story_title: TextInput[Any] = TextInput(label="Title", max_length=drafts.LONGEST_TITLE)
    author: TextInput[Any] = TextInput(label="Author", max_length=drafts.LONGEST_AUTHOR)

    def __init__(self, serial: Serial) -> None:
        super().__init__()
        self._serial_id = serial.id
        self.story_title.default = serial.story.title
        self.author.default = serial.story.author

    async def submitted(self, interaction: Interaction) -> None:
        serial = await interaction.client.services.database.write(
            drafts.rename,
            actor(interaction),
            guild_id(interaction),
            self._serial_id,
            title=self.story_title.value,
            author=self.author.value,
        )
        await interaction.response.send_message(
            f"It is now called {posts.title(serial)} by {posts.escape(serial.story.author, 100)}.",
            ephemeral=True,
        )


def draft_buttons(
    draft: Serial, ongoing: tuple[Serial, ...] = (), more: Sequence[PersistentButton] = ()
) -> View:
    start = [StartButton("Start at chapter …", draft.id)] if draft.story.chapters > 1 else []
    return rows(
        append_buttons(ongoing[:-6:-1], draft),  # the latest first
        [
            ConfirmButton("Confirm: I wrote it or have leave", draft.id, style=ButtonStyle.success),
            PreviewButton("Preview", draft.id, 1, 0, 0),
            TitleButton("Title and author", draft.id),
            NotesButton("Notes and tags", draft.id),
            DiscardButton("Discard", draft.id, style=ButtonStyle.danger),
        ],
        start,
        more,
        [rating_menu(draft)],
    )


def confirmed_buttons(serial: Serial, counts: Counts) -> View:
    first = counts.out + 1
    buttons: list[PersistentButton] = [
        PostNowButton(f"Post part {first} now, then daily", serial.id, style=ButtonStyle.success),
        PreviewButton("Preview", serial.id, first, 0, 0),
    ]
    if serial.story.chapters > 1:
        buttons.append(StartButton("Start at chapter …", serial.id))
    return row(*buttons)


class StartButton(PersistentButton, prefix="start-at"):
    """For a story that is under way elsewhere."""

    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        serial = await interaction.client.services.database.read(
            records.owned, actor(interaction), guild_id(interaction), serial_id
        )
        await interaction.response.send_modal(StartForm(serial))


class StartForm(Form, title="Start at a later chapter"):
    number: TextInput[Any] = TextInput(
        label="The first chapter to post here", placeholder="13", max_length=6
    )

    def __init__(self, serial: Serial) -> None:
        super().__init__()
        self._serial_id = serial.id

    async def submitted(self, interaction: Interaction) -> None:
        typed = self.number.value.strip()
        if not typed.isdecimal():
            raise BadInput("Type the chapter's number alone, such as 13.")
        services = interaction.client.services
        serial = await services.database.write(
            starting.start_at,
            actor(interaction),
            guild_id(interaction),
            self._serial_id,
            int(typed),
        )
        counts = await services.database.read(posting.counts, serial.id)
        view = row()
        if serial.state is State.READY:
            view = confirmed_buttons(serial, counts)
        await interaction.response.send_message(
            cards.starts_at(serial, int(typed), counts), view=view, ephemeral=True
        )
