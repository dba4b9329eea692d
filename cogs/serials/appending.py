"""A draft that becomes the next chapters of a serial, asked twice where much of it is in there."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.serials import drafts, finding, posting, ratings, records
from bot.serials.finding import Match
from bot.serials.records import Serial
from cogs.serials import cards, preview
from cogs.serials.rating import keep_hidden
from cogs.serials.undoing import revert_buttons
from cogs.ui import labels
from cogs.ui.asking import actor, guild_id, is_restricted
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import plural


class AppendButton(PersistentButton, prefix="append"):
    """Its state: serial, draft, and 1 where its author has been asked already."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, draft_id, *asked = self.state
        services = interaction.client.services
        database = services.database
        if not any(asked):
            match, draft = await preview.patiently(
                interaction,
                finding.compare(
                    database, actor(interaction), guild_id(interaction), serial_id, draft_id
                ),
            )
            if match.comparison.repeats:
                await _ask(interaction, match, draft)
                return
        await preview.cut_like(interaction, draft_id, serial_id)
        serial = await database.write(
            drafts.append,
            actor(interaction),
            guild_id(interaction),
            serial_id,
            draft_id,
            most=services.settings.story_quota,
        )
        serial = await keep_hidden(interaction, serial)
        schedule = await database.read(records.schedule_of, serial)
        counts = await database.read(posting.counts, serial.id)
        undo = await revert_buttons(database, serial.id)
        await preview.edit(
            interaction, f"Added. {cards.status(serial, schedule, counts)}", row(*undo)
        )


def append_buttons(
    ongoing: Sequence[Serial], draft: Serial, style: ButtonStyle = ButtonStyle.primary
) -> list[AppendButton]:
    """One for each story that the draft may be the next chapter of."""
    shown = story_labels("Next chapter of", ongoing)
    return [
        AppendButton(label, serial.id, draft.id, style=style)
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


async def _ask(interaction: Interaction, match: Match, draft: Serial) -> None:
    """Beneath the answer with the button, which stays."""
    stories = match.serial.story, draft.story
    shown = all(ratings.may_show(story, restricted=is_restricted(interaction)) for story in stories)
    lines = [
        *cards.overlap(match, shown=shown),
        "As its next chapter, readers would get that a second time. Add it all the same?",
    ]
    button = AppendButton(
        "Add it all the same", match.serial.id, draft.id, 1, style=ButtonStyle.danger
    )
    if interaction.response.is_done():
        await interaction.followup.send("\n".join(lines), view=row(button), ephemeral=True)
    else:
        await interaction.response.send_message("\n".join(lines), view=row(button), ephemeral=True)
