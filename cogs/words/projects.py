"""`/project`: what one writes on."""

from discord import ButtonStyle, app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands
from discord.ui import View

from bot.client import Bot
from bot.words import projects
from bot.words.amounts import MOST
from bot.words.projects import LONGEST_GENRE, LONGEST_LINK, LONGEST_TITLE, Status
from cogs.ui.asking import member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.projects import suggest_project
from cogs.words import cards

STATUSES = [Choice(name=status.value, value=status.value) for status in Status]


class Projects(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    project = app_commands.Group(name="project", description="What you write on")

    @project.command(description="Begin a project to log words for")
    @app_commands.describe(
        title="What it is called",
        genre="What kind of thing it is",
        target="How many words it is to have",
        start="How many words exist already; statistics and goals don't count them",
        link="Where it can be read or found",
    )
    async def create(
        self,
        interaction: Interaction,
        title: Range[str, 1, LONGEST_TITLE],
        genre: Range[str, 1, LONGEST_GENRE] | None = None,
        target: Range[int, 1, MOST] | None = None,
        start: Range[int, 0, MOST] = 0,
        link: Range[str, 1, LONGEST_LINK] | None = None,
    ) -> None:
        made = await self.services.database.write(
            projects.create,
            member(interaction),
            title,
            genre=genre,
            target=target,
            link=link,
            start=start,
            now=self.services.clock.now(),
            interaction_id=interaction.id,
        )
        old = await self.services.database.read(
            projects.to_take_over, member(interaction), made.project.id
        )
        if old is not None:
            button = TakeOverButton("Move them into it", made.project.id, old.project.id)
            await interaction.response.send_message(
                cards.offer_to_move(made, old), view=row(button), ephemeral=True
            )
            return
        hint = "" if made.default else "\n`/project switch` has your words go to it."
        await self._say(interaction, cards.project(made) + hint)

    @project.command(name="list", description="Your projects and what you have written for each")
    async def list_(self, interaction: Interaction) -> None:
        text, view = await _page(interaction, 0)
        await interaction.response.send_message(text, view=view, ephemeral=True)

    @project.command(description="Change a project; what you leave out stays as it is")
    @app_commands.describe(
        project="Which one",
        title="What it is called from now on",
        genre="What kind of thing it is; “none” takes it away",
        status="Finished and archived projects keep their words",
        target="How many words it is to have; 0 takes it away",
        start="How many words there were before you logged any; 0 if none",
        link="Where it can be read or found; “none” takes it away",
    )
    @app_commands.choices(status=STATUSES)
    @app_commands.autocomplete(project=suggest_project)
    async def edit(
        self,
        interaction: Interaction,
        project: str,
        title: Range[str, 1, LONGEST_TITLE] | None = None,
        genre: Range[str, 1, LONGEST_GENRE] | None = None,
        status: str | None = None,
        target: Range[int, 0, MOST] | None = None,
        start: Range[int, 0, MOST] | None = None,
        link: Range[str, 1, LONGEST_LINK] | None = None,
    ) -> None:
        database = self.services.database
        found = await database.read(projects.find, member(interaction), project)
        edited = await database.write(
            projects.edit,
            member(interaction),
            found.id,
            title=title,
            genre=genre,
            status=None if status is None else Status(status),
            target=target,
            link=link,
            start=start,
        )
        said = cards.project(edited)
        if status == Status.ARCHIVED:
            usual = await database.read(projects.usual, member(interaction))
            said += f"\nYour words go to {cards.title(usual.title)}."
        await self._say(interaction, said)

    @project.command(description="Choose where your words go unless you say otherwise")
    @app_commands.describe(project="Which one")
    @app_commands.autocomplete(project=suggest_project)
    async def switch(self, interaction: Interaction, project: str) -> None:
        database = self.services.database
        found = await database.read(projects.find, member(interaction), project)
        switched = await database.write(projects.switch, member(interaction), found.id)
        await self._say(interaction, cards.project(switched))

    @project.command(description="Delete a project; its words go to your usual one")
    @app_commands.describe(project="Which one")
    @app_commands.autocomplete(project=suggest_project)
    async def delete(self, interaction: Interaction, project: str) -> None:
        found = await self.services.database.read(projects.removable, member(interaction), project)
        await interaction.response.send_message(
            cards.delete(found),
            view=row(DeleteButton("Delete it", found.project.id, style=ButtonStyle.danger)),
            ephemeral=True,
        )

    async def _say(self, interaction: Interaction, text: str) -> None:
        await interaction.response.send_message(text, ephemeral=True)


class DeleteButton(PersistentButton, prefix="project-delete"):
    async def press(self, interaction: Interaction) -> None:
        (project_id,) = self.state
        left = await interaction.client.services.database.write(
            projects.remove, member(interaction), project_id
        )
        await interaction.response.edit_message(content=cards.deleted(left), view=None)


class TakeOverButton(PersistentButton, prefix="project-take-over"):
    """Its state: the new project, and the one whose words go into it."""

    async def press(self, interaction: Interaction) -> None:
        project_id, old_id = self.state
        taken = await interaction.client.services.database.write(
            projects.take_over, member(interaction), project_id, old_id
        )
        await interaction.response.edit_message(content=cards.taken_over(taken), view=None)


class ProjectsPageButton(PersistentButton, prefix="projects-page"):
    async def press(self, interaction: Interaction) -> None:
        text, view = await _page(interaction, self.state[0])
        await interaction.response.edit_message(content=text, view=view)


async def _page(interaction: Interaction, page: int) -> tuple[str, View]:
    found = await interaction.client.services.database.read(projects.mine, member(interaction))
    pages = cards.projects(found)
    last = len(pages) - 1
    page = min(page, last)
    if not last:
        return pages[page], View(timeout=None)
    return f"{pages[page]}\n-# Page {page + 1} of {last + 1}", row(
        ProjectsPageButton("‹ Back", page - 1, disabled=page == 0),
        ProjectsPageButton("Next ›", page + 1, disabled=page == last),
    )
