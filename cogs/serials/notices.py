"""What the bot says about a serial unasked: to moderators, to its author."""

from discord import ButtonStyle

from bot.db.engine import Database
from bot.delivery.discord_sender import Content
from bot.delivery.rules import Row
from bot.serials import channels, posting, records, removal
from bot.serials.records import Serial, State
from cogs.serials import cards
from cogs.serials.buttons import AllowButton
from cogs.ui import posts
from cogs.ui.asking import NEEDED
from cogs.ui.components import row as buttons
from cogs.ui.formats import RATINGS, plural


class Notices:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def leave(self, row: Row) -> Content | None:
        serial = await self._serial(row)
        if serial is None:
            return None
        read, here = self._database.read, row.channel_id
        if await read(channels.approved, serial.id, here):
            return Content(f"{posts.title(serial)} may be posted here.")
        if here in await read(channels.mirrored, serial.id):
            wish = f"show {posts.title(serial)} here too, each part after <#{serial.channel_id}>"
        elif serial.channel_id == here and serial.state is State.WAITING:
            schedule = await read(records.schedule_of, serial)
            wish = f"post {posts.title(serial)} here, a part {cards.when(schedule)}"
        else:
            return None
        return Content(
            f"<@{serial.owner_discord_id}> would like to {wish}. Someone who may manage messages "
            "needs to allow it.",
            buttons(AllowButton("Allow", serial.id, style=ButtonStyle.success, token=row.nonce)),
        )

    async def running_low(self, row: Row) -> Content | None:
        serial = await self._serial(row)
        if serial is None:
            return None
        left = (await self._database.read(posting.counts, serial.id)).left
        if left:
            return Content(
                f"{posts.title(serial)} has {plural(left, 'part')} left. The next chapter goes in "
                "with `/serial add`; if the story is done, `/serial complete` says so."
            )
        return Content(
            f"Every part of {posts.title(serial)} has been posted. It waits for the next chapter "
            "(`/serial add`) and goes on at its next time, or `/serial complete` ends it."
        )

    async def blocked(self, row: Row) -> Content | None:
        serial = await self._serial(row)
        if serial is None:
            return None
        return Content(
            f"I may not post {posts.title(serial)} in <#{serial.channel_id}>: I need {NEEDED} "
            "there. I go on by myself once I have them."
        )

    async def stopped(self, row: Row) -> Content | None:
        serial = await self._serial(row)
        if serial is None:
            return None
        if row.guild_id is not None:  # in public, where its title may not be known
            return Content(
                "A channel that a story was posted in is gone, so I have stopped posting that one."
            )
        return Content(
            f"The channel of {posts.title(serial)} is gone, so I have stopped posting it. You can "
            "go on elsewhere: `/serial schedule` in the new channel."
        )

    async def refused(self, row: Row) -> Content | None:
        serial = await self._serial(row)
        if serial is None:
            return None
        return Content(
            f"Discord refused the next part of {posts.title(serial)} as it is, so I have paused "
            "it. `/serial preview` shows the part, `/serial resume` tries again."
        )

    async def exposed(self, row: Row) -> Content | None:
        serial = await self._serial(row)
        if serial is None:
            return None
        return Content(
            f"{posts.title(serial)} {RATINGS[serial.story.rating]}, and <#{serial.channel_id}> is "
            "not age-restricted, so I have paused it. Once the channel is, `/serial resume` goes "
            "on; or `/serial schedule` chooses another."
        )

    async def removed(self, row: Row) -> Content | None:
        told = await self._database.read(removal.told, row.subject)
        if told is None:
            return None
        lines = [
            f"A moderator has removed *{posts.escape(told.title, posts.TITLE_LENGTH)}* from their "
            "server, with its posts. I keep nothing of it."
        ]
        if told.reason:
            lines.append(f"They said: {posts.escape(told.reason, 1000)}")
        return Content("\n".join(lines))

    async def _serial(self, row: Row) -> Serial | None:
        return await self._database.read(records.find, row.subject)
