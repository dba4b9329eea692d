"""`/serial status`: how a member's serials stand, with the buttons of what waits for them."""

from bot.serials import drafts, posting, records
from bot.serials.records import State
from cogs.serials import buttons, cards, updating
from cogs.serials.choosing import governed
from cogs.ui import posts
from cogs.ui.access import not_pinged
from cogs.ui.asking import guild_id, member
from cogs.ui.choosing import NONE_OF_YOURS, choose, label, story_options
from cogs.ui.components import Interaction, row
from cogs.ui.formats import fitting


async def answer(interaction: Interaction, serial: str | None) -> None:
    found = await governed(interaction, mine_alone=False)
    if serial or not found:
        found = [await choose(interaction, found, serial, NONE_OF_YOURS)]
    database = interaction.client.services.database
    names = dict(zip(found, label(await story_options(interaction, found)), strict=True))
    lines = [
        cards.status(
            one,
            await database.read(records.schedule_of, one),
            await database.read(posting.counts, one.id),
            names[one],
            not_pinged(interaction.guild, one),
        )
        for one in found[:-11:-1]  # the latest first
    ]
    versions, reviews = await updating.waiting(interaction, found)
    lines = versions + lines
    drafted = [
        one
        for one in found
        if one.state is State.DRAFT and one.owner_discord_id == interaction.user.id
    ]
    if not drafted:
        await interaction.response.send_message(fitting(lines), view=row(*reviews), ephemeral=True)
        return
    ongoing = await database.read(drafts.ongoing, member(interaction), guild_id(interaction))
    await interaction.response.send_message(
        fitting(lines, f"The buttons are for {posts.story_title(names[drafted[-1]], 100)}."),
        view=buttons.draft_buttons(drafted[-1], ongoing, reviews),
        ephemeral=True,
    )
