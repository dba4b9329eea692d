"""`/story`: everything about a story that a reader asks, up to where they are."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.client import Bot
from bot.companion import characters
from bot.companion import service as companion
from bot.companion.quotes import Wanted
from bot.errors import UserError
from bot.serials import pages, ratings, records
from bot.serials.records import Serial, State
from cogs.story import about, ask, catching_up, placing, quotes, reader, search, subscribing, who
from cogs.ui import posts
from cogs.ui.asking import can_see, guild_id, is_restricted, member
from cogs.ui.choosing import Option, choose, suggest, suggest_stories
from cogs.ui.components import Interaction
from cogs.ui.formats import MOST_LINES, fitting, plural

MOST_LISTED = 25  # stories


async def visible(interaction: Interaction) -> list[Serial]:
    """The serials whose channel this member sees: others do not exist for them."""
    found = await interaction.client.services.database.read(records.in_guild, guild_id(interaction))
    return [
        serial
        for serial in found
        if serial.state is not State.DRAFT and can_see(interaction, serial.channel_id)
    ]


async def suggest_story(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return await suggest_stories(interaction, await visible(interaction), typed)


async def suggest_character(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Those alone whom the reader knows."""
    try:
        serial = await choose(interaction, await visible(interaction), interaction.namespace.story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        database = interaction.client.services.database
        await characters.look_for_names(database, serial)
        names = await database.read(characters.suggest, member(interaction), serial, typed)
    except UserError:  # said when the command is run
        return []
    return suggest([Option(name, name, name) for name in names], "")


async def suggest_place(interaction: Interaction, typed: str) -> list[Choice[str]]:
    try:
        serial = await choose(interaction, await visible(interaction), interaction.namespace.story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
    except UserError:  # said when the command is run
        return []
    return await placing.suggestions(interaction, serial, typed)


class Story(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    story = app_commands.Group(
        name="story", description="Read on, and see where you are", guild_only=True
    )

    @story.command(description="Read on from where you stopped, privately")
    @app_commands.describe(story="Which story, if there are several")
    @app_commands.autocomplete(story=suggest_story)
    async def read(self, interaction: Interaction, story: str | None = None) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        opened = await self.services.database.write(
            companion.open_page,
            member(interaction),
            serial.id,
            serial.story.id,
            self.services.clock.now(),
        )
        await reader.show(interaction, serial, opened)

    @story.command(description="Ask about what you have read, and be answered in the story's words")
    @app_commands.describe(
        question="Such as: who has the key?", story="Which story, if there are several"
    )
    @app_commands.autocomplete(story=suggest_story)
    async def ask(
        self,
        interaction: Interaction,
        question: Range[str, 1, ask.LONGEST],
        story: str | None = None,
    ) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        await ask.start(interaction, serial, question)

    @story.command(description="Find words in what you have read of the story")
    @app_commands.describe(
        text='Words, "phrases", -without',
        chapter="Only in this chapter, by its number",
        story="Which story, if there are several",
    )
    @app_commands.autocomplete(story=suggest_story)
    async def search(
        self,
        interaction: Interaction,
        text: Range[str, 1, search.LONGEST],
        chapter: Range[int, 1, search.LAST_CHAPTER] | None = None,
        story: str | None = None,
    ) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        await search.start(interaction, serial, text, chapter)

    @story.command(
        description="What the story is and when it is posted; or which stories there are"
    )
    @app_commands.describe(story="Which story; if there are several and none is said, all of them")
    @app_commands.autocomplete(story=suggest_story)
    async def about(self, interaction: Interaction, story: str | None = None) -> None:
        found = await visible(interaction)
        if story or len(found) < 2:
            lines = await about.one(interaction, await choose(interaction, found, story))
        else:
            lines = await about.several(interaction, found[:MOST_LISTED])
        await interaction.response.send_message(fitting(lines), ephemeral=True)

    @story.command(description="The chapters; those you have not reached go by number")
    @app_commands.describe(story="Which story, if there are several")
    @app_commands.autocomplete(story=suggest_story)
    async def chapters(self, interaction: Interaction, story: str | None = None) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        facts = await self.services.database.read(
            companion.contents, member(interaction), serial.id, serial.story.id
        )
        lines = [posts.title(serial)]
        for chapter in facts[:MOST_LINES]:
            lines.append(
                f"- {posts.escape(str(chapter.name), 80)} · "
                f"{plural(chapter.parts, 'part')}, {plural(chapter.words, 'word')}"
                f"{_posted(chapter)}"
            )
        more = len(facts[MOST_LINES:])
        await interaction.response.send_message(fitting(lines, more=more), ephemeral=True)

    @story.command(description="Who somebody is, as far as you have read")
    @app_commands.describe(character="Their name", story="Which story, if there are several")
    @app_commands.autocomplete(character=suggest_character, story=suggest_story)
    async def who(
        self,
        interaction: Interaction,
        character: app_commands.Range[str, 1, 80],
        story: str | None = None,
    ) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        await who.start(interaction, serial, character)

    @story.command(description="A saved quote, from as far as you have read")
    @app_commands.describe(
        text="Words that stand in it",
        character="A name that stands in it",
        member="Who saved it",
        number="The first, second … in the story of those you may see",
        share="Show it to everyone here, in spoiler bars",
        story="Which story, if there are several",
    )
    @app_commands.autocomplete(story=suggest_story)
    async def quote(
        self,
        interaction: Interaction,
        text: app_commands.Range[str, 1, quotes.LONGEST_TEXT] | None = None,
        character: app_commands.Range[str, 1, quotes.LONGEST_NAME] | None = None,
        member: discord.User | None = None,
        number: app_commands.Range[int, 1] | None = None,
        share: bool = False,
        story: str | None = None,
    ) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        wanted = Wanted(text, character, member.id if member else None, nth=number)
        await quotes.show(interaction, serial, wanted, share=share)

    @story.command(description="Say how far you have read; nothing after it will be shown")
    @app_commands.describe(at="How far you are", story="Which story, if there are several")
    @app_commands.autocomplete(at=suggest_place, story=suggest_story)
    async def place(self, interaction: Interaction, at: str, story: str | None = None) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        number = await placing.part_number(interaction, serial, at)
        part = await self.services.database.write(
            companion.set_place,
            member(interaction),
            serial.id,
            serial.story.id,
            number,
            self.services.clock.now(),
        )
        if number is None:
            answer = "You are caught up, and stay so as parts are posted"
        elif part is None:
            answer = "You are at the start: nothing of the story is shown to you until you read it"
        else:
            answer = f"You have read up to {posts.place_name(part.place)}"
        await interaction.response.send_message(f"{answer}.", ephemeral=True)

    @story.command(description="Get parts by direct message, at your own pace and hour")
    @app_commands.describe(
        time="The time of your day, like 09:00 or 9 pm",
        weekdays="daily, weekdays, weekends, or like: mon wed fri",
        start="Where to begin; where you are, if not said",
        story="Which story, if there are several",
    )
    @app_commands.autocomplete(story=suggest_story)
    async def subscribe(
        self,
        interaction: Interaction,
        time: str | None = None,
        weekdays: str | None = None,
        start: Literal["where I am", "from the beginning"] = "where I am",
        story: str | None = None,
    ) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        said = await subscribing.subscribe(
            interaction, serial, time, weekdays, from_start=start == "from the beginning"
        )
        await interaction.response.send_message(said, ephemeral=True)

    @story.command(description="Get no more parts by direct message")
    @app_commands.describe(story="Which story, if there are several")
    @app_commands.autocomplete(story=suggest_story)
    async def unsubscribe(self, interaction: Interaction, story: str | None = None) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        said = await subscribing.unsubscribe(interaction, serial)
        await interaction.response.send_message(said, ephemeral=True)

    @story.command(name="catch-up", description="What you have missed, without spoiling it")
    @app_commands.describe(story="Which story, if there are several")
    @app_commands.autocomplete(story=suggest_story)
    async def catch_up(self, interaction: Interaction, story: str | None = None) -> None:
        serial = await choose(interaction, await visible(interaction), story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        await catching_up.start(interaction, serial)

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: Interaction, command: app_commands.Command[Any, ..., Any]
    ) -> None:
        await subscribing.tell_stopped(interaction)


def _posted(chapter: pages.ChapterFacts) -> str:
    if chapter.published_parts == chapter.parts:
        return ""
    return f" ({chapter.published_parts} posted)" if chapter.published_parts else " (to come)"
