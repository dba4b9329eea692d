"""A part in its channel, and the button under it."""

import discord
from discord import ButtonStyle

from bot.client import Bot
from bot.companion import service as companion
from bot.delivery.discord_sender import Content
from bot.delivery.rules import Row
from bot.errors import Conflict, NotFound
from bot.serials import pages, posting, records
from bot.serials.pages import Part
from cogs.story.reader import OpenButton, packed, unpacked
from cogs.ui import posts
from cogs.ui.access import check_giveable, check_removable, pinged
from cogs.ui.asking import can_see, guild_id, member, server
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import plural, shorten


class Posts:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._database = bot.services.database

    async def render(self, outgoing: Row) -> Content | None:
        part = await self._database.read(pages.part, outgoing.subject)
        if part is None:
            return None
        page = await self._database.read(pages.page, part, outgoing.part)
        role = None
        if outgoing.kind == posting.EXCERPT:  # not in every mirror
            role = pinged(self._bot.get_guild(outgoing.guild_id or 0), part.role_id)
        view = None
        if page.number + 1 == len(part.pages):
            readers = await self._database.read(companion.readers, part.id)
            view = row(*_buttons(part, readers, outgoing.nonce))
        return Content(
            posts.text(page, role),
            view,
            roles=(role,) if role and page.number == 0 else (),
            for_adults=page.story.rating.for_adults,
        )

    async def thread(self, outgoing: Row) -> Content | None:
        """What a chapter's is called."""
        part = await self._database.read(pages.part, outgoing.subject)
        if part is None:
            return None
        page = await self._database.read(pages.page, part, 0)
        title = shorten(str(part.place.chapter), 100)
        return Content(title, for_adults=page.story.rating.for_adults)

    async def closing(self, outgoing: Row) -> Content | None:
        """Its button bears the nonce by which it is found again: the number may have changed."""
        serial = await self._database.read(records.find, outgoing.subject)
        if serial is None:
            return None
        readers = await self._database.read(companion.story_readers, serial.id)
        lines = [
            f"{posts.title(serial)} by {posts.escape(serial.story.author, posts.AUTHOR_LENGTH)} is "
            "complete: its last part is up."
        ]
        if readers:
            lines.append(f"Thank you to the {plural(readers, 'reader')} who came along.")
        lines.append("`/story read` keeps it readable from the start.")
        button = OpenButton("Read", serial.id, token=outgoing.nonce)
        return Content("\n".join(lines), row(button))


class ReadButton(PersistentButton, prefix="read"):
    """Counts the reader, moves their place here, and says so by its own label alone."""

    async def press(self, interaction: Interaction) -> None:
        (excerpt_id,) = self.state
        services = interaction.client.services
        marked = await services.database.write(
            companion.mark_read,
            member(interaction),
            guild_id(interaction),
            excerpt_id,
            services.clock.now(),
        )
        _, _, token = (self.item.custom_id or "").partition("~")
        buttons = _buttons(marked.part, marked.readers, token)
        await interaction.response.edit_message(view=row(*buttons))
        if marked.undo is not None:
            undo = UndoButton(
                "Undo",
                excerpt_id,
                *packed(marked.undo),
                style=ButtonStyle.secondary,
            )
            await interaction.followup.send(
                f"Noted: you have read up to {posts.place_name(marked.part.place)}.",
                view=row(undo),
                ephemeral=True,
            )


class UndoButton(PersistentButton, prefix="unread"):
    async def press(self, interaction: Interaction) -> None:
        excerpt_id, *before = self.state
        services = interaction.client.services
        await services.database.write(
            companion.unmark_read,
            member(interaction),
            guild_id(interaction),
            excerpt_id,
            unpacked(before),
            services.clock.now(),
        )
        await interaction.response.edit_message(
            content="Taken back: your place is where it was before.", view=None
        )


class NotifyButton(PersistentButton, prefix="notify"):
    """Gives the role that is pinged with each part, or takes it back."""

    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        serial = await interaction.client.services.database.read(
            records.get, guild_id(interaction), serial_id
        )
        guild, person = server(interaction), interaction.user
        role = guild.get_role(serial.options.role_id or 0)
        if role is None or not isinstance(person, discord.Member):
            raise Conflict("Nobody is pinged for this story any more.")
        if role in person.roles:  # whatever it has come to give
            check_removable(guild, role)
            await person.remove_roles(role)
            said = f"You are not pinged for {posts.title(serial)} any more."
        elif not can_see(interaction, serial.channel_id):
            raise NotFound("You can't see the channel that this story is posted in.")
        else:
            check_giveable(guild, role)
            await person.add_roles(role)
            said = f"You are pinged with each part of {posts.title(serial)}. Again stops it."
        await interaction.response.send_message(said, ephemeral=True)


def _buttons(part: Part, readers: int, token: str) -> list[PersistentButton]:
    read = ReadButton(_label(readers), part.id, token=token)
    return [read, NotifyButton("Notify me", part.serial_id)] if part.role_id else [read]


def _label(readers: int) -> str:
    return f"Read · {readers:,}" if readers else "I've read this"
