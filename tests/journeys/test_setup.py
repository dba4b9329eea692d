"""What a server and a member set, and the first word."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.people import places
from playground.inputs import Impossible
from tests.conftest import NewDatabase
from tests.journeys.stage import Stage, story


async def test_help(stage: Stage) -> None:
    answer = await stage.tobias.slash(stage.stories, "help")
    assert answer.ephemeral
    for command in ("/story read", "/serial add", "/me zone"):
        assert command in answer.content


async def test_the_bot_introduces_itself_once(stage: Stage) -> None:
    general = int(stage.world.channels(stage.guild, stage.odalys.id)[0]["id"])
    (hello,) = await stage.until_posts(1, general)
    assert "`/serial add`" in hello["content"]
    await stage.stop_bot()
    await stage.start_bot()
    await stage.settle()
    assert len(stage.posts(general)) == 1

    # Invited while it runs, by a server whose system channel it may not write in.
    other = stage.world.guild("Elsewhere", owner=stage.odalys.id, channels=["rules", "talk"])
    rules, talk = (int(c["id"]) for c in stage.world.channels(other, stage.odalys.id))
    await stage.playground.wait_for(lambda: stage.posts(rules) or stage.posts(talk))
    await stage.settle()
    assert len(stage.posts(rules)) + len(stage.posts(talk)) == 1


async def test_zones_are_found_by_city_and_by_the_clock(stage: Stage) -> None:
    by_city = await stage.tobias.autocomplete(stage.stories, "me zone", "zone", "kathm")
    assert by_city[0].value == "Asia/Kathmandu"
    by_clock = await stage.tobias.autocomplete(stage.stories, "me zone", "zone", "13:45")
    assert by_clock[0].value == "Asia/Kathmandu"  # 08:00 UTC + 5:45
    unset = await stage.tobias.slash(stage.stories, "me zone")
    assert "**UTC**, as none has been chosen" in unset.content
    done = await stage.tobias.slash(stage.stories, "me zone", zone="Asia/Kathmandu")
    assert "**Asia/Kathmandu**. It is 13:45 there" in done.content
    odd = await stage.tobias.slash(stage.stories, "me zone", zone="Narnia")
    assert "I don't know the time zone “Narnia”" in odd.content


async def test_a_zone_that_may_be_several_is_asked_about(in_january: Stage) -> None:
    stage = in_january
    await asyncio.to_thread(places.atlas)
    question = "“IST”: India (13:30 now), Israel (10:00 now) or Ireland (08:00 now)?"
    offered = await stage.tobias.autocomplete(stage.stories, "me zone", "zone", "IST")
    assert [choice.name for choice in offered[:3]] == [
        "India: 13:30 now", "Israel: 10:00 now", "Ireland: 08:00 now",
    ]  # fmt: skip
    asked = await stage.tobias.slash(stage.stories, "me zone", zone="IST")
    assert asked.content == question
    assert asked.ephemeral
    assert asked.message is not None
    unset = await stage.tobias.slash(stage.stories, "me zone")
    assert "none has been chosen" in unset.content
    chosen = await stage.tobias.choose(asked.message, ["Asia/Jerusalem"])
    assert "Your time zone is **Asia/Jerusalem**. It is 10:00 there" in chosen.content

    asked = await stage.odalys.slash(stage.stories, "setup zone", zone="IST")
    assert asked.content == question
    assert asked.message is not None
    chosen = await stage.odalys.choose(asked.message, ["Europe/Dublin"])
    assert chosen.content == "This server's time zone is **Europe/Dublin**. It is 08:00 there."

    await stage.publish()
    refused = await stage.mara.slash(stage.stories, "serial schedule", zone="IST")
    assert refused.content == f"{question} Pick one of the suggestions."


async def test_an_offset_is_shown_as_it_was_said(stage: Stage) -> None:
    """In the time zone database UTC+2 is called Etc/GMT-2."""
    answer = await stage.tobias.slash(stage.stories, "me zone", zone="UTC+2")
    assert "Your time zone is **UTC+2**. It is 10:00 there" in answer.content
    await stage.publish()
    await stage.mara.slash(stage.stories, "serial schedule", time="09:00", zone="utc-5")
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "at 09:00 (UTC-5)" in status.content


async def test_the_servers_zone_is_the_moderators_and_moves_its_slots(stage: Stage) -> None:
    with pytest.raises(Impossible):
        await stage.tobias.slash(stage.stories, "setup zone", zone="Europe/Paris")
    await stage.publish()
    answer = await stage.odalys.slash(stage.stories, "setup zone", zone="Asia/Tokyo")
    assert "This server's time zone is **Asia/Tokyo**." in answer.content
    mine = await stage.tobias.slash(stage.stories, "me zone")
    assert "This server's time zone is **Asia/Tokyo**." in mine.content
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "09:00 (Asia/Tokyo)" in status.content
    here = datetime.fromtimestamp(stage.clock.now() / 1000, ZoneInfo("Asia/Tokyo"))
    stage.turn_to((here + timedelta(days=1)).replace(hour=9, minute=0))  # it is 17:00 now
    await stage.until_posts(2)


@pytest.mark.parametrize(
    ("start", "time", "first", "second"),
    [
        # The clocks of Berlin go back on 25 October: 02:30 comes twice, and the first counts.
        ((2026, 10, 24), "02:30", "2026-10-25T00:30", "2026-10-26T01:30"),
        # They go forward on 28 March: 02:30 is skipped, and the part comes at 03:30.
        ((2027, 3, 27), "02:30", "2027-03-28T01:30", "2027-03-29T00:30"),
        # 09:00 stays 09:00 by the wall.
        ((2026, 10, 24), "09:00", "2026-10-25T08:00", "2026-10-26T08:00"),
    ],
)
async def test_clock_changes(
    new_sqlite: NewDatabase, start: tuple[int, int, int], time: str, first: str, second: str
) -> None:
    stage = Stage(new_sqlite(), datetime(*start, 12, 0, tzinfo=UTC))
    async with stage.playground:
        await stage.start_bot()
        draft = await stage.mara.slash(stage.stories, "serial add", file=("l.md", story()))
        assert draft.message
        await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
        await stage.mara.slash(stage.stories, "serial schedule", time=time, zone="Europe/Berlin")
        for count, instant in enumerate((first, second), start=1):
            when = datetime.fromisoformat(f"{instant}+00:00")
            stage.turn_to(when)
            await stage.until_posts(count)
            posted = datetime.fromisoformat(stage.posts()[-1]["timestamp"])
            assert posted == when
        await stage.close()


async def test_weeks_begin_on_the_servers_day(stage: Stage) -> None:
    with pytest.raises(Impossible):
        await stage.tobias.slash(stage.stories, "setup week", begins="Sunday")
    assert "on Monday here" in (await stage.odalys.slash(stage.stories, "setup week")).content
    now = datetime.fromtimestamp(stage.clock.now() / 1000, UTC)
    sunday = now + timedelta(days=6 - now.weekday())
    stage.turn_to(sunday)
    await stage.tobias.slash(stage.stories, "me privacy", listed=True)
    await stage.tobias.slash(stage.stories, "wrote", amount="300")
    stage.turn_to(sunday + timedelta(days=1))
    board = await stage.tobias.slash(stage.stories, "leaderboard")
    assert "Nobody is on it yet." in board.content
    said = await stage.odalys.slash(stage.stories, "setup week", begins="Sunday")
    assert said.content == "Weeks begin on Sunday here."
    board = await stage.tobias.slash(stage.stories, "leaderboard")
    assert "**1. Tobias** · 300" in board.content
