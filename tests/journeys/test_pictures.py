"""Pictures beside answers and results: said in words as well, and never in their way."""

from datetime import UTC, datetime

import discord

from playground.faults import Reset, Status
from playground.people import Person
from tests.conftest import NewDatabase
from tests.journeys.pictures import check, picture
from tests.journeys.stage import DAY, MINUTE, Json, Stage

NOVEMBER = datetime(2026, 11, 2, 8, tzinfo=UTC)


async def logged(stage: Stage, person: Person, amount: str) -> None:
    await person.slash(stage.stories, "words add", amount=amount)


async def test_a_month_and_a_target_are_pictures_too(new_sqlite: NewDatabase) -> None:
    stage = Stage(new_sqlite(), NOVEMBER)
    async with stage.playground:
        await stage.start_bot()
        empty = await stage.mara.slash(stage.stories, "stats")
        await stage.mara.slash(stage.stories, "goal set", amount="500")
        habit = await stage.mara.slash(stage.stories, "goal list")
        await stage.mara.slash(stage.stories, "goal set", amount="50k", by="2026-11-30")
        await logged(stage, stage.mara, "350")
        stage.turn(DAY)
        await logged(stage, stage.mara, "1,400")

        month = await stage.mara.slash(stage.stories, "stats")
        said = "November 2026: 1,750 words on 2 days; the most on 3 November: 1,400."
        assert (await picture(stage, month))["description"] == said
        assert said in month.content.splitlines()
        target = await stage.mara.slash(stage.stories, "goal list")
        said = "1,750 of 50,000 words, day 2 of 29, 1,699 behind par"
        assert (await picture(stage, target))["description"] == said
        assert said in target.content
        shared = await stage.mara.slash(stage.stories, "stats", project="My writing", share=True)
        await picture(stage, shared)
        others = await stage.tobias.slash(stage.stories, "stats", member=stage.mara.id)
        await stage.settle()
        for answer in (empty, habit, others):
            assert answer.message is not None
            assert answer.message["attachments"] == []
        await stage.close()
        assert stage.playground.problems == []


async def sprint(stage: Stage) -> Json:
    """Two have counted in a sprint. Returns the results."""
    await stage.mara.slash(stage.stories, "sprint start", title="Night owls", **{"in": 0})
    await stage.tobias.slash(stage.stories, "sprint join")
    stage.turn(20 * MINUTE)
    await stage.settle()
    await stage.mara.slash(stage.stories, "sprint words", count="+300")
    await stage.tobias.slash(stage.stories, "sprint words", count="+400")
    await stage.settle()
    return stage.posts()[-1]


async def test_results_carry_bars_that_follow_a_correction(stage: Stage) -> None:
    results = await sprint(stage)
    assert "Together: **700 words**" in results["content"]
    (before,) = results["attachments"]
    assert before["description"] == "Together 700 words. 1. Tobias, 400; 2. Mara, 300"
    await check(before)
    await stage.mara.slash(stage.stories, "sprint words", count="+500")
    await stage.settle()
    results = stage.posts()[-1]
    assert "**1. Mara** · 800 words" in results["content"]
    (after,) = results["attachments"]
    assert after["description"] == "Together 1,200 words. 1. Mara, 800; 2. Tobias, 400"
    assert after["id"] != before["id"]


async def test_one_alone_has_no_bars(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "sprint start", **{"in": 0})
    stage.turn(20 * MINUTE)
    await stage.settle()
    await stage.mara.slash(stage.stories, "sprint words", count="+300")
    await stage.settle()
    results = stage.posts()[-1]
    assert "**1. Mara**" in results["content"]
    assert results["attachments"] == []


async def test_where_no_files_may_be_attached_results_go_without(stage: Stage) -> None:
    deny = discord.Permissions(attach_files=True)
    stage.world.overwrite(stage.stories, stage.world.bot_id, deny=deny)
    results = await sprint(stage)
    assert "Together: **700 words**" in results["content"]
    assert results["attachments"] == []
    stage.world.clear_overwrite(stage.stories, stage.world.bot_id)
    await stage.mara.slash(stage.stories, "sprint words", count="+500")
    await stage.settle()
    assert len(stage.posts()[-1]["attachments"]) == 1


async def test_results_whose_post_went_unanswered_are_up_once(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "sprint start", **{"in": 0})
    await stage.tobias.slash(stage.stories, "sprint join")
    stage.turn(20 * MINUTE)
    await stage.settle()
    posts = len(stage.posts())
    await stage.mara.slash(stage.stories, "sprint words", count="+300")
    stage.playground.faults.add("POST", f"/channels/{stage.stories}/messages", Reset("after"))
    await stage.tobias.slash(stage.stories, "sprint words", count="+400")
    await stage.settle()
    await stage.until_posts(posts + 1)
    assert len(stage.posts()) == posts + 1
    assert len(stage.posts()[-1]["attachments"]) == 1


async def test_an_answer_stands_without_its_picture(
    stage: Stage,
) -> None:
    await logged(stage, stage.mara, "350")
    stage.playground.faults.add("PATCH", "/webhooks/*", Status(403, 50013))
    refused = await stage.mara.slash(stage.stories, "stats")
    await stage.playground.wait_for(
        lambda: any(request.status == 403 for request in stage.playground.requests)
    )
    await stage.settle()
    assert "350 words" in refused.content
    assert refused.message is not None
    assert refused.message["attachments"] == []
    assert refused.followups == []
