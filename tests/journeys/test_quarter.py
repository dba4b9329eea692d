"""A quarter of a year with an author who writes a chapter a week."""

from datetime import UTC, datetime, timedelta

import discord

from tests.journeys.stage import DAY, HOUR, Stage, prose, text

SATURDAY = 5
WEEKS = 13


def chapter(week: int) -> str:
    return f"## Week {week}\n\n{prose(f'week {week}', 240)}\n\n"


def story(weeks: int) -> bytes:
    """As the author has it after so many weeks."""
    return ("# The Lantern\n\nBy Mara\n\n" + "".join(map(chapter, range(1, weeks + 1)))).encode()


class Author:
    """Mara, who adds a chapter each Friday, to be posted on Saturday at nine."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.written = 1
        self.corrections: list[tuple[str, str]] = []

    async def begin(self) -> None:
        await self.stage.publish(story(1))
        await self.stage.mara.slash(self.stage.stories, "serial schedule", weekdays="sat")

    async def write(self) -> None:
        self.written += 1
        stage = self.stage
        data = chapter(self.written).encode()
        draft = await stage.mara.slash(stage.stories, "serial add", file=("next.md", data))
        await stage.until_read(draft)
        assert draft.message is not None, draft.failed
        await stage.mara.click(draft.message, label="Next chapter of The Lantern")
        assert draft.content.startswith("Added.")

    async def correct(self, old: str, new: str) -> None:
        stage = self.stage
        self.corrections.append((old, new))
        data = story(self.written).decode()
        for before, after in self.corrections:
            data = data.replace(before, after)
        file = ("lantern.md", data.encode())
        found = await stage.mara.slash(stage.stories, "serial update", file=file)
        await stage.until_read(found)
        assert found.message is not None, found.failed
        (label,) = [
            button["label"]
            for line in found.message["components"]
            for button in line["components"]
            if "orrect 1 post" in button["label"]
        ]
        await stage.mara.click(found.message, label=label)
        await stage.playground.wait_for(lambda: found.content.startswith("Taken."), what="the edit")
        await stage.settle()

    async def saturday(self) -> None:
        """The next one, at nine."""
        now = datetime.fromtimestamp(self.stage.clock.now() / 1000, UTC)
        days = (SATURDAY - now.weekday() - 1) % 7 + 1
        self.stage.turn_to((now + timedelta(days=days)).replace(hour=9, minute=0, second=0))
        await self.stage.settle()


async def test_three_months_of_a_weekly_author(stage: Stage) -> None:
    author = Author(stage)
    await author.begin()
    up = 1
    for week in range(2, WEEKS + 1):
        await author.write()
        match week:
            case 4:  # a holiday: two Saturdays without a part, and nothing to make up for
                for _ in range(2):
                    skipped = await stage.mara.slash(stage.stories, "serial skip")
                    assert "Nothing of *The Lantern* is posted on Saturday" in skipped.content
                    await author.saturday()
                    assert len(stage.posts()) == up
            case 6:
                await author.correct("Sentence number 3 of the week 2 has", "Sentence 3 had")
                assert "Sentence 3 had exactly" in stage.posts()[1]["content"]
            case 9:
                await author.correct("Sentence number 0 of the week 8", "A sentence of week eight")
                assert text(stage.posts()[7]).startswith("A sentence of week eight")
        if week == 11:  # somebody changes permissions, and changes them back by noon
            stage.world.overwrite(
                stage.stories, stage.world.bot_id, deny=discord.Permissions(send_messages=True)
            )
            await author.saturday()
            assert len(stage.posts()) == up
            status = await stage.mara.slash(stage.stories, "serial status")
            assert "I may not post" in status.content
            stage.turn(3 * HOUR)
            stage.world.clear_overwrite(stage.stories, stage.world.bot_id)
            await stage.until_posts(up + 1)
        else:
            await author.saturday()
        up += 1
        assert len(stage.posts()) == up, week
        stage.turn(33 * HOUR)  # Sunday at six
        await stage.settle()
        if week == 7:
            await stage.stop_bot()
            stage.turn(2 * DAY)
            await stage.start_bot()
    posts = stage.posts()
    assert [post["content"].split("**")[1] for post in posts] == [
        f"Week {week}" for week in range(1, WEEKS + 1)
    ]
    direct = stage.posts_of(stage.mara, stage.world.dm(stage.mara.id))
    told = [message["content"] for message in direct]
    assert sum("I may not post *The Lantern*" in said for said in told) == 1
    assert (
        sum(said.startswith("Your week with *The Lantern*") for said in told) == WEEKS - 1
    )  # each week but the first
    await stage.mara.slash(stage.stories, "serial complete")
    closing = (await stage.until_posts(WEEKS + 1))[-1]
    assert "is complete" in closing["content"]
