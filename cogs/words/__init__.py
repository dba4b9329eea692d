"""A writer's words: logging them, projects, goals and what they come to."""

from bot.client import Bot
from cogs.ui.first_totals import StartThereButton
from cogs.ui.sprint_counts import CountButton
from cogs.words import goals
from cogs.words.goals import GoalDaysButton, Goals
from cogs.words.history import (
    EditButton,
    EntrySelect,
    MoveButton,
    OtherDayButton,
    PageButton,
    RemoveButton,
)
from cogs.words.projects import DeleteButton, Projects, ProjectsPageButton, TakeOverButton
from cogs.words.stats import ListingButton, Statistics
from cogs.words.wrote import UndoButton, Words, WroteItButton, YesterdayButton


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(
        UndoButton, YesterdayButton, PageButton, EntrySelect, EditButton, MoveButton, RemoveButton,
        DeleteButton, ListingButton, CountButton, StartThereButton, WroteItButton,
        ProjectsPageButton, TakeOverButton, OtherDayButton, GoalDaysButton,
    )  # fmt: skip
    bot.sender.renderers |= goals.renderers(bot.services.database)
    for cog in (Words, Projects, Goals, Statistics):
        await bot.add_cog(cog(bot))
