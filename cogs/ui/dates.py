"""Dates that a member typed."""

from datetime import date

from bot.people.dates import Reading, Side, read, short
from bot.words import goals
from cogs.ui.asking import member
from cogs.ui.components import Interaction


async def my_today(interaction: Interaction) -> date:
    services = interaction.client.services
    return await services.database.read(
        goals.local_today, member(interaction), services.clock.now()
    )


async def read_day(interaction: Interaction, typed: str) -> Reading:
    """A day that the member has written on. Raises BadInput."""
    return read(typed, await my_today(interaction), Side.PAST)


def iso(when: Reading | None) -> str | None:
    """The day that was read, if one was said."""
    return None if when is None else when.day.isoformat()


def meant(other: date, today: date) -> str:
    """The label of a button that takes the other reading."""
    return f"I meant {short(other, today)}"
