"""The buttons under a draft and a request for leave."""

from collections.abc import Sequence
from typing import Any

from discord import ButtonStyle
from discord.ui import TextInput, View

from bot.serials import drafts, posting, ratings, records
from bot.serials import service as serials
from bot.serials.records import Serial
from cogs.serials import cards, preview
from cogs.serials.noting import NotesButton
from cogs.serials.preview import PreviewButton
from cogs.serials.rating import rating_menu
from cogs.ui import labels, posts
from cogs.ui.asking import actor, check_writable, guild_id, is_restricted
from cogs.ui.components import Form, Interaction, PersistentButton, row, rows
from cogs.ui.direct_messages import open_direct_messages
from cogs.ui.formats import plural


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
        await interaction.response.edit_message(
            content=cards.confirmed(serial), view=confirmed_buttons(serial)
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


class AppendButton(PersistentButton, prefix="append"):
    async def press(self, interaction: Interaction) -> None:
        serial_id, draft_id = self.state
        services = interaction.client.services
        await preview.cut_like(interaction, draft_id, serial_id)
        serial = await services.database.write(
            drafts.append, actor(interaction), guild_id(interaction), serial_id, draft_id
        )
        schedule = await services.database.read(records.schedule_of, serial)
        counts = await services.database.read(posting.counts, serial.id)
        await preview.edit(interaction, f"Added. {cards.status(serial, schedule, counts)}", None)


class PostNowButton(PersistentButton, prefix="begin"):
    """Post part 1 here now, then daily."""

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


def append_buttons(ongoing: Sequence[Serial], draft: Serial) -> list[AppendButton]:
    """One for each story that the draft may be the next chapter of."""
    shown = story_labels("Next chapter of", ongoing)
    return [
        AppendButton(label, serial.id, draft.id, style=ButtonStyle.primary)
        for serial, label in zip(ongoing, shown, strict=True)
    ]


def story_labels(what: str, serials: Sequence[Serial]) -> list[str]:
    """Of buttons that do something with one of these stories."""
    return labels.distinct(
        [
            (
                f"{what} {serial.story.title}",
                serial.story.author,
                plural(serial.story.chapters, "chapter"),
                plural(serial.story.words, "word"),
            )
            for serial in serials
        ],
        labels.BUTTON,
    )


def draft_buttons(
    draft: Serial, ongoing: tuple[Serial, ...] = (), more: Sequence[PersistentButton] = ()
) -> View:
    return rows(
        append_buttons(ongoing[:-6:-1], draft),  # the latest first
        [
            ConfirmButton("Confirm: I wrote it or have leave", draft.id, style=ButtonStyle.success),
            PreviewButton("Preview", draft.id, 1, 0, 0),
            TitleButton("Title and author", draft.id),
            NotesButton("Notes and tags", draft.id),
            DiscardButton("Discard", draft.id, style=ButtonStyle.danger),
        ],
        more,
        [rating_menu(draft)],
    )


def confirmed_buttons(serial: Serial) -> View:
    return row(
        PostNowButton("Post part 1 now, then daily", serial.id, style=ButtonStyle.success),
        PreviewButton("Preview", serial.id, 1, 0, 0),
    )
