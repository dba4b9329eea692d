"""The first running total of a project: where its writer starts, or what they wrote?"""

import re
from collections.abc import Sequence
from datetime import date

from discord import ButtonStyle

from bot.errors import Conflict
from bot.people.dates import Reading, named
from bot.words import service
from bot.words.amounts import Amount, Sign, Unit
from bot.words.service import FirstTotal
from cogs.ui.asking import member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import measured
from cogs.ui.posts import escape

UNITS = list(Unit)
TITLE_LENGTH = 60
_NOTE = re.compile(r"^-# Note: `(.*)`$", re.MULTILINE)


class StartThereButton(PersistentButton, prefix="words-start"):
    """Has a project start at a running total. Its state: the project, the unit, the total."""

    async def press(self, interaction: Interaction) -> None:
        project_id, unit, amount = self.state
        services = interaction.client.services
        project = await services.database.write(
            service.start_there, member(interaction), project_id, UNITS[unit], amount,
            services.clock.now(),
        )  # fmt: skip
        await interaction.response.edit_message(
            content=(
                f"*{escape(project.title, TITLE_LENGTH)}* starts at "
                f"{measured(amount, UNITS[unit])}. From now on, what you log goes on from there."
            ),
            view=None,
        )


async def first_total(
    interaction: Interaction,
    amount: Amount,
    project_id: int | None,
    day: str | None,
    unit: Unit,
) -> FirstTotal | None:
    """What has to be asked before this is logged, if anything."""
    services = interaction.client.services
    return await services.database.write(
        service.first_total, member(interaction), amount, now=services.clock.now(),
        project_id=project_id, day=day, unit=unit,
    )  # fmt: skip


async def ask(
    interaction: Interaction,
    found: FirstTotal,
    when: Reading | None,
    wrote: type[PersistentButton],
    *state: int,
    note: str | None = None,
) -> None:
    """Ask privately. `when`: as the day was read, if one was said. `wrote` is the button that logs
    it: its state is project, unit, total and the ordinals of the day and of the other day that may
    have been meant (0: none), then `state`. The note stands in the message and is kept nowhere
    else."""
    title, measure = escape(found.project.title, TITLE_LENGTH), measured(found.amount, found.unit)
    about = (found.project.id, UNITS.index(found.unit), found.amount)
    other = 0 if when is None or when.other is None else when.other.toordinal()
    on = "today" if found.day == found.today else f"on {named(found.day, found.today)}"
    lines = [
        f"Nothing is logged for *{title}* yet. Did you have these {measure} already, or did you "
        f"write them {on}? I've logged nothing so far."
    ]
    if plain := service.checked_note((note or "").replace("`", "'")):
        lines.append(f"-# Note: `{plain}`")
    await interaction.response.send_message(
        "\n".join(lines),
        view=row(
            StartThereButton("I start there", *about, style=ButtonStyle.primary),
            wrote(f"I wrote it {on}", *about, found.day.toordinal(), other, *state),
        ),
        ephemeral=True,
    )


async def answered(
    interaction: Interaction, state: Sequence[int]
) -> tuple[int, Unit, Amount, Reading | None]:
    """The project, the unit, the total and the day (None: today) that a `wrote` button logs. Raises
    Conflict where it is no longer the first total."""
    project_id, unit, number, ordinal, other = state
    said, day = Amount(Sign.TOTAL, number), date.fromordinal(ordinal)
    found = await first_total(interaction, said, project_id, day.isoformat(), UNITS[unit])
    if found is None:
        raise Conflict("Something is logged for that project by now. `/wrote` logs what is new.")
    when = Reading(day, date.fromordinal(other) if other else None)
    return project_id, found.unit, said, None if when == Reading(found.today) else when


def note_in(interaction: Interaction) -> str | None:
    """The note in the message whose button was pressed."""
    assert interaction.message is not None
    found = _NOTE.search(interaction.message.content)
    return found and found[1]
