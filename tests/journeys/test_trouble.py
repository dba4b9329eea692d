"""Bad days: channels and permissions go, connections drop, Discord stumbles."""

import logging
import sqlite3
from pathlib import Path

import aiohttp
import discord
import pytest

from bot.clock import system_now
from playground.faults import Delay, Phase, Reset, Scope, Status
from tests.journeys.mortal import until
from tests.journeys.stage import DAY, HOUR, Stage, labels, press, story, text

MESSAGES = "/channels/*/messages"


async def test_a_deleted_channel_stops_the_serial_and_everyone_is_told(stage: Stage) -> None:
    first = await stage.publish()
    direct = stage.world.dm(stage.mara.id)
    new = stage.world.channel(stage.guild, "new-stories")
    stage.world.delete_channel(stage.stories)
    stage.stories = new
    stage.turn_to_nine()
    await stage.settle()
    (told,) = stage.posts_of(stage.mara, direct)
    assert "The channel of *The Lantern* is gone" in told["content"]
    general = stage.world.channels(stage.guild, stage.odalys.id)[0]
    public = stage.posts(int(general["id"]))[-1]["content"]
    assert "A channel that a story was posted in is gone" in public
    assert "Lantern" not in public
    status = await stage.mara.slash(new, "serial status")
    assert "Its channel is gone. `/serial schedule` in another goes on." in status.content

    stage.world.overwrite(new, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    await stage.mara.slash(new, "serial schedule")
    stage.turn_to_nine()
    await stage.settle()
    (second,) = stage.posts()
    assert "part 2 ·" in second["content"]
    assert first["content"] != second["content"]


async def test_a_permission_withdrawn_and_given_back(stage: Stage) -> None:
    await stage.publish()
    direct = stage.world.dm(stage.mara.id)
    stage.world.overwrite(
        stage.stories, stage.world.bot_id, deny=discord.Permissions(send_messages=True)
    )
    stage.turn_to_nine()
    await stage.settle()
    stage.turn(30 * 60_000)
    await stage.settle()
    refused = [
        request
        for request in stage.playground.requests
        if (request.status, request.method) == (403, "POST")
    ]
    assert len(refused) == 1  # after one refusal we stop asking
    (told,) = stage.posts_of(stage.mara, direct)
    assert "I may not post *The Lantern*" in told["content"]
    status = await stage.odalys.slash(stage.stories, "serial status")
    assert "I need *View Channel*, *Send Messages* and" in status.content

    stage.world.clear_overwrite(stage.stories, stage.world.bot_id)
    await stage.playground.wait_for(lambda: len(stage.posts()) == 2)
    await stage.settle()
    status = await stage.odalys.slash(stage.stories, "serial status")
    assert "I may not post" not in status.content


async def test_a_permission_given_back_too_late_waits_for_the_next_slot(stage: Stage) -> None:
    await stage.publish()
    deny = discord.Permissions(send_messages=True)
    stage.world.overwrite(stage.stories, stage.world.bot_id, deny=deny)
    stage.turn_to_nine()
    await stage.settle()
    stage.turn(7 * 3_600_000)
    stage.world.clear_overwrite(stage.stories, stage.world.bot_id)
    await stage.until_status(lambda status: "I may not post" not in status)
    assert len(stage.posts()) == 1
    stage.turn_to_nine()
    await stage.until_posts(2)


async def test_a_serial_moved_away_from_a_blocked_channel_goes_on(stage: Stage) -> None:
    await stage.publish()
    deny = discord.Permissions(send_messages=True)
    stage.world.overwrite(stage.stories, stage.world.bot_id, deny=deny)
    stage.turn_to_nine()
    await stage.settle()
    new = stage.world.channel(stage.guild, "elsewhere")
    stage.world.overwrite(new, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    await stage.mara.slash(new, "serial schedule", channel=new)
    await stage.mara.slash(new, "serial post-now")
    (part,) = await stage.until_posts(1, new)
    assert "part 2 ·" in part["content"]
    status = await stage.mara.slash(new, "serial status")
    assert "2 of 4 parts posted" in status.content


async def test_a_part_that_discord_refuses_pauses_the_serial(stage: Stage) -> None:
    await stage.publish()
    stage.playground.faults.add("POST", f"/channels/{stage.stories}/messages", Status(400, 240000))
    stage.turn_to_nine()
    await stage.settle()
    (told,) = stage.posts_of(stage.mara, stage.world.dm(stage.mara.id))
    assert "Discord refused the next part of *The Lantern*" in told["content"]
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "paused" in status.content
    await stage.mara.slash(stage.stories, "serial resume")
    stage.turn_to_nine()
    await stage.until_posts(2)


async def test_a_gateway_drop_loses_no_click(stage: Stage) -> None:
    post = await stage.publish()
    stage.playground.drop_gateway()
    answer = await press(stage.tobias, post)  # while it is away; it resumes
    assert not answer.failed
    assert labels(answer.message) == ["Read · 1"]
    stage.turn_to_nine()
    await stage.until_posts(2)


async def test_an_interaction_delivered_twice_changes_nothing_the_second_time(stage: Stage) -> None:
    twice = stage.playground.faults.duplicate_next_interaction
    twice()
    draft = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message
    twice()
    await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    twice()
    await stage.mara.click(draft.message, label="Post part 1 now, then daily")
    await stage.until_posts(1)
    twice()
    await stage.mara.slash(stage.stories, "serial post-now")
    posts = await stage.until_posts(2)
    twice()
    await press(stage.tobias, posts[0])
    again = await press(stage.odalys, posts[0])
    assert labels(again.message) == ["Read · 2"]
    status = await stage.mara.slash(stage.stories, "serial status")
    assert status.content.count("The Lantern") == 1
    assert len(stage.posts()) == 2


async def test_a_slow_api_keeps_the_deadline(stage: Stage) -> None:
    post = await stage.publish()
    stage.playground.faults.add("POST", MESSAGES, Delay(1.5))
    stage.turn_to_nine()
    answer = await press(stage.tobias, post)  # while the next part is being posted
    assert answer.took < 1
    stage.playground.faults.add("POST", "/interactions/*/callback", Delay(2.0))
    answer = await stage.tobias.slash(stage.stories, "story read")
    assert not answer.failed
    assert len(await stage.until_posts(2)) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Status(429, retry_after=0.05),
        Status(429, retry_after=0.05, scope="global"),
        Status(429, retry_after=0.05, scope="shared"),
        Status(500),
        Status(503),
        Status(401, page=True),
        Status(403, page=True),
        Status(404, page=True),
        Status(429, page=True),
        Reset("before"),
        Reset("after"),
    ],
    ids=str,
)
async def test_discord_stumbles_and_the_part_is_posted_once(
    stage: Stage, fault: Status | Reset
) -> None:
    await stage.publish()
    stage.playground.faults.add("POST", MESSAGES, fault)
    stage.turn_to_nine()
    await stage.until_posts(2)
    assert len(stage.posts()) == 2


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_a_long_429_is_obeyed_and_holds_up_no_other_channel(
    stage: Stage, scope: Scope
) -> None:
    await stage.publish()
    there = f"/channels/{stage.stories}/messages"
    stage.playground.faults.add("POST", there, Status(429, retry_after=600, scope=scope))
    before = system_now()
    stage.turn_to_nine()
    await stage.settle()
    other = stage.world.channel(stage.guild, "sprints")
    await stage.mara.slash(other, "sprint start")
    await stage.until_posts(1, other)
    assert len(stage.posts()) == 1
    with sqlite3.connect(stage.url.removeprefix("sqlite:///")) as database:
        ((due,),) = database.execute("SELECT due FROM outbox WHERE state = 'pending'").fetchall()
        assert due >= before + 600_000
        database.execute("UPDATE outbox SET due = 0 WHERE state = 'pending'")  # they are over
    posts = await stage.until_posts(2)
    assert len(posts) == 2
    tried = [request.status for request in stage.playground.requests if request.path == there]
    assert tried[-2:] == [429, 200]


@pytest.mark.parametrize(
    "then", [Status(429, retry_after=600), Status(403, 50013), Status(400, 240000)], ids=str
)
async def test_what_was_done_at_first_is_not_done_again_for_another_refusal(
    stage: Stage, then: Status
) -> None:
    """discord.py asks again by itself after a 500, and tells only what it was answered then."""
    await stage.publish()
    there = f"/channels/{stage.stories}/messages"
    for fault in (Status(500, done=True), then):
        stage.playground.faults.add("POST", there, fault)
    stage.turn_to_nine()
    path = Path(stage.url.removeprefix("sqlite:///"))
    await until(stage, path, "SELECT count(*) FROM outbox WHERE error IS NOT NULL", "1")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE outbox SET due = 0 WHERE due IS NOT NULL")  # its wait is over
    if then.status == 403:
        shown = await stage.odalys.slash(stage.stories, "health")
        assert shown.message is not None
        await stage.odalys.click(shown.message, label="Try again")
    await stage.until_status(lambda status: "2 of 4 parts posted" in status)
    assert len(stage.posts()) == 2


async def test_a_part_deleted_before_its_answer_came_counts_as_posted(stage: Stage) -> None:
    """The nonce is sent again, and Discord says that its message is no more."""
    await stage.publish()
    there = f"/channels/{stage.stories}/messages"
    stage.playground.faults.add("POST", there, Reset("after"))

    def delete_it(method: str, path: str, phase: Phase) -> None:
        if (method, path, phase) == ("POST", there, "after"):
            stage.playground.faults.on_request = lambda method, path, phase: None
            stage.world.delete_message(stage.stories, int(stage.posts()[-1]["id"]))

    stage.playground.faults.on_request = delete_it
    stage.turn_to_nine()
    await stage.until_status(lambda status: "2 of 4 parts posted" in status)
    assert len(stage.posts()) == 1
    tried = [request.status for request in stage.playground.requests if request.path == there]
    assert tried[-2:] == [0, 404]


@pytest.mark.parametrize(("hours", "count"), [(5, 1), (7, 0)])
async def test_after_three_days_away_one_part_comes_or_none(
    stage: Stage, hours: int, count: int
) -> None:
    """Its latest time was so many hours ago; parts wait six at most."""
    await stage.publish()
    await stage.stop_bot()
    stage.turn_to_nine()
    stage.turn(3 * DAY + hours * HOUR)
    await stage.start_bot()
    await stage.settle()
    assert len(stage.posts()) == 1 + count
    stage.turn_to_nine()
    await stage.until_posts(2 + count)
    assert len(stage.posts()) == 2 + count


async def test_an_unexpected_error_gets_a_code_and_an_apology(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    post = await stage.publish()
    with sqlite3.connect(stage.url.removeprefix("sqlite:///")) as database:
        database.execute("DROP TABLE places")
    with caplog.at_level(logging.ERROR):
        by_command = await stage.tobias.slash(stage.stories, "story read")
        by_button = await press(stage.tobias, post)
    for answer, message in ((by_command, by_command.message), (by_button, None)):
        said = message["content"] if message else answer.content
        code = said.partition("`")[2].partition("`")[0]
        assert said.startswith("Sorry, something went wrong")
        record = next(record for record in caplog.records if code in record.getMessage())
        assert record.exc_info is not None


async def test_a_form_that_outlived_a_restart_is_answered(stage: Stage) -> None:
    draft = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message
    form = await stage.mara.click(draft.message, label="Title and author")
    await stage.stop_bot()
    await stage.start_bot()
    answer = await stage.mara.submit(form, {"Title": "The Lamp", "Author": "Mara"})
    assert answer.ephemeral
    assert "Please run the command again" in answer.content


async def test_a_button_that_nobody_knows_is_answered(stage: Stage) -> None:
    button = {"type": 2, "style": 2, "label": "Old", "custom_id": "version-zero:1"}
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bot {stage.playground.token}"}
    ) as session:
        url = f"{stage.playground.api_url}/channels/{stage.stories}/messages"
        body = {"content": "From long ago", "components": [{"type": 1, "components": [button]}]}
        async with session.post(url, json=body) as response:
            old = await response.json()
    answer = await stage.tobias.click(int(old["id"]), label="Old")
    assert answer.ephemeral
    assert "from before I was restarted or updated" in answer.content


async def test_nobody_is_pinged_by_a_story(stage: Stage) -> None:
    shout = f"She shouted @everyone and <@{stage.tobias.id}> at once."
    post = await stage.publish(shout.encode(), "shout.txt")
    assert "@everyone" in text(post)
    assert not post["mention_everyone"]
    kept = stage.world.find_message(int(post["id"]))
    assert kept is not None
    assert kept.ping_user_ids == []
