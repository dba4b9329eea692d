"""Parts by direct message: asking for them, what they look like, and why they have stopped."""

from discord import ButtonStyle

from bot.client import Bot, respond
from bot.companion import sending, subscriptions
from bot.companion.subscriptions import Subscription, Why
from bot.delivery.discord_sender import WAITED, Content, known_server
from bot.delivery.rules import Row, SendFailed
from bot.errors import ServerUnavailable
from bot.people import service as people
from bot.people.times import parse_time, parse_weekdays, weekday_names
from bot.people.zones import zone_name
from bot.serials import pages
from bot.serials.records import Serial
from bot.stories import markup
from cogs.ui import posts
from cogs.ui.asking import can_see, guild_id, member, sees_from_afar
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.direct_messages import direct_channel
from cogs.ui.formats import RATINGS, timestamp


async def subscribe(
    interaction: Interaction,
    serial: Serial,
    time: str | None,
    weekdays: str | None,
    *,
    from_start: bool,
) -> str:
    """Returns the answer."""
    services = interaction.client.services
    minute = None if time is None else parse_time(time)
    days = None if weekdays is None else parse_weekdays(weekdays)
    said = await services.database.write(
        subscriptions.subscribe,
        member(interaction),
        serial,
        await direct_channel(interaction),
        services.clock.now(),
        minute=minute,
        weekdays=days,
        from_start=from_start,
    )
    hour = f"{said.slot.minute // 60:02}:{said.slot.minute % 60:02}"
    return (
        f"The next part of {posts.title(serial)} that you have not read comes by direct message "
        f"{weekday_names(said.slot.weekdays)} at {hour} ({zone_name(said.slot.zone.key)}), first "
        f"{timestamp(said.next, 'R')}. The same command changes it; `/story unsubscribe` ends it."
    )


async def unsubscribe(interaction: Interaction, serial: Serial) -> str:
    """Returns the answer."""
    had = await interaction.client.services.database.write(
        subscriptions.unsubscribe, member(interaction), serial.id
    )
    return _ended(serial) if had else f"You had not subscribed to {posts.title(serial)}."


class NextPartButton(PersistentButton, prefix="next-part"):
    """Its state is the serial and the part that it stands under."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, number = self.state
        services = interaction.client.services
        await services.database.write(
            sending.next_now, member(interaction), serial_id, number, services.clock.now()
        )
        await interaction.response.edit_message(
            view=row(UnsubscribeButton("Unsubscribe", serial_id))
        )


class UnsubscribeButton(PersistentButton, prefix="unsubscribe"):
    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        database = interaction.client.services.database
        await database.write(subscriptions.unsubscribe, member(interaction), serial_id)
        await interaction.response.edit_message(view=None)
        await interaction.followup.send(
            "You get no more parts. `/story subscribe`, in the server, goes on.", ephemeral=True
        )


class Letters:
    """What subscribers are written."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._database = bot.services.database

    async def part(self, outgoing: Row) -> Content | None:
        sent = await self._database.read(sending.promised, outgoing.subject)
        if sent is None:
            return None
        found, part = sent
        if not await self._sees(found):
            await self._database.write(subscriptions.stop, found.id, Why.UNSEEN)
            return None
        page = await self._database.read(pages.page, part, outgoing.part)
        if page.number + 1 < len(part.pages):
            return Content(posts.text(page))
        if sending.is_last(found, part):
            last = f"{posts.text(page)}\n-# This was the last part."
            return Content(last if markup.length(last) <= posts.MESSAGE else posts.text(page))
        return Content(
            posts.text(page),
            row(
                NextPartButton(
                    "Next part now", part.serial_id, part.number,
                    style=ButtonStyle.primary, token=outgoing.nonce,
                ),
                UnsubscribeButton("Unsubscribe", part.serial_id),
            ),
        )  # fmt: skip

    async def stopped(self, outgoing: Row) -> Content | None:
        found = await self._database.read(subscriptions.find, outgoing.subject)
        return None if found is None or found.why is None else Content(_why(found))

    async def _sees(self, found: Subscription) -> bool:
        """Raises SendFailed where that can't be known now."""
        known_server(self._bot, found.serial.guild_id)
        reader = await self._database.read(people.discord_ids, {found.person_id})
        try:
            return await sees_from_afar(self._bot, found.serial, reader[found.person_id] or 0)
        except ServerUnavailable as error:
            raise SendFailed(429, retry_after=WAITED) from error


async def tell_stopped(interaction: Interaction) -> None:
    """After a command has been answered, say why parts come no more, once."""
    if interaction.guild is None or interaction.guild.unavailable:
        return
    database = interaction.client.services.database
    found = [
        one
        for one in await database.read(
            subscriptions.stopped, member(interaction), guild_id(interaction)
        )
        if can_see(interaction, one.serial.channel_id)
    ]
    if found:
        for one in found:
            await respond(interaction, _why(one))
        await database.write(subscriptions.forget_stopped, [one.id for one in found])


def _why(found: Subscription) -> str:
    serial = found.serial
    stopped = f"I have stopped sending you parts of {posts.title(serial)}:"
    match found.why:
        case Why.FOR_ADULTS:
            return (
                f"{stopped} it {RATINGS[serial.story.rating]} now, and such text is never sent in "
                "direct messages. `/story read` shows it in an age-restricted channel."
            )
        case Why.UNSEEN:
            return (
                f"{stopped} you did not see its channel any more. `/story subscribe` goes on where "
                "you stopped."
            )
    return (
        f"{stopped} Discord would not let me write to you. Allow direct messages from this server "
        "in its privacy settings, then `/story subscribe` goes on where you stopped."
    )


def _ended(serial: Serial) -> str:
    return f"You get no more parts of {posts.title(serial)}. `/story subscribe` goes on."
