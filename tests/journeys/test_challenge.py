"""A challenge as a server lives it: on the real bot, with a clock that is turned."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta

import discord

from bot.people.dates import named
from bot.people.places import atlas
from bot.people.times import spoken
from bot.words.day_totals import SOON
from playground.people import Answer, Person
from tests.journeys.pictures import check, picture
from tests.journeys.stage import DAY, HOUR, MINUTE, Json, Stage, labels

CLOCK = "What time is it for you now?"


def today(stage: Stage) -> date:
    return datetime.fromtimestamp(stage.clock.now() / 1000, UTC).date()


async def created(stage: Stage, **options: str | int) -> Json:
    """Odalys begins one in #stories. Returns its board."""
    before = len(stage.posts())
    answer = await stage.odalys.slash(stage.stories, "challenge create", **options)
    assert answer.ephemeral
    assert "is up in" in answer.content, answer.content
    return (await stage.until_posts(before + 1))[-1]


async def join(person: Person, board: Json, how: str = "Listed") -> Answer:
    asked = await person.click(board, label="Join")
    assert asked.ephemeral
    assert labels(asked.message) == ["Listed", "Counted only"]
    assert asked.message is not None
    return await person.click(asked.message, label=how)


async def up_to_date(stage: Stage) -> str:
    """The board, once what was written is on it."""
    stage.turn(SOON)
    await stage.settle()
    return str(stage.posts()[0]["content"])


async def where(person: Person, message: Json) -> str:
    answer = await person.click(message, label="Where am I?")
    assert answer.ephemeral
    return answer.content


async def test_a_challenge_from_its_board_to_the_certificates(stage: Stage) -> None:
    board = await created(stage, amount="1000", days=4, title="Four days")
    assert labels(board) == ["Join", "Where am I?"]
    assert "day 1 of 4\nNobody is in it yet." in board["content"]
    ines = stage.newcomer("Ines")
    joined = await join(stage.mara, board)
    assert "**0 of 1,000 words**" in joined.content
    assert labels(joined.message) == ["Where am I?", "Not my time"]
    await join(ines, board, "Counted only")
    asked = await stage.tobias.slash(stage.stories, "challenge join", target="500")
    assert "yours is 500 words" in asked.content
    assert asked.message is not None
    await stage.tobias.click(asked.message, label="Listed")

    await stage.mara.slash(stage.stories, "wrote", amount="300")
    await stage.tobias.slash(stage.stories, "words add", amount="200", date="yesterday")
    await stage.odalys.slash(stage.stories, "sprint start", **{"in": 0, "minutes": 10})
    sprint = (await stage.until_posts(3))[-1]
    await ines.click(sprint, label="Join")
    stage.turn(10 * MINUTE)
    await ines.slash(stage.stories, "sprint words", count="+150", final=True)
    content = await up_to_date(stage)
    assert "**450 of 2,500 words** together · par this evening 625: 175 to go" in content
    assert re.findall(r"^\*\*\d.*$", content, re.MULTILINE) == [
        "**1. Mara** · 30% · 300 of 1,000",
        "**2. Tobias** · 0% · 0 of 500",  # the day before is none of it
    ]
    assert "3 writers in it, 1 of them counted only" in content
    assert "Ines" not in content
    shown = await stage.mara.slash(stage.stories, "challenge board")
    assert (await picture(stage, shown))["description"] == (
        "Four days: 450 of 2,500 words, day 1 of 4, 175 behind par."
    )
    assert shown.content.endswith("\nYou're 1st with 300 words.")
    assert "You're 1st with 300 words." in await where(stage.mara, board)
    told = await where(ines, board)
    assert "You're" not in told  # she is counted only
    assert "**150 of 1,000 words**" in told
    assert "Badges: first words" in told

    stage.turn_to(datetime.combine(today(stage), datetime.min.time(), UTC) + timedelta(hours=21))
    await stage.settle()
    evening = stage.posts()[-1]
    assert evening["content"].startswith("**Four days** · day 1 of 4\n**450 words today.** 2 of 3")
    assert "- first words: Mara" in evening["content"]
    assert "\nTogether 450 of 2,500 words, day 1 of 4, 175 behind par.\n" in evening["content"]
    (room,) = evening["attachments"]
    await check(room)
    assert room["description"] == "Four days: 450 of 2,500 words, day 1 of 4, 175 behind par."
    assert f"/{board['id']}>)" in evening["content"]
    assert labels(evening) == ["Add my words", "Where am I?"]
    form = await stage.tobias.click(evening, label="Add my words")
    added = await stage.tobias.submit(form, {"How much": "500"})
    assert "Noted: **500 words** for today" in added.content
    assert "You have reached your target." in added.content

    stage.turn(DAY)
    await stage.settle()
    await stage.mara.slash(stage.stories, "words add", amount="40", date="yesterday")
    assert "**2. Mara** · 34% · 340 of 1,000" in await up_to_date(stage)

    stage.turn(4 * DAY)
    await stage.settle()
    final = stage.posts()[-1]
    assert "is over: **990 words** by 3 writers. None of it was there on" in final["content"]
    assert "Reached their target: **Tobias** 500" in final["content"]
    assert "Wrote: **Mara** 340" in final["content"]
    assert "Ines" not in final["content"]
    assert labels(final) == ["My certificate", "Where am I?"]
    assert "You're 2nd with 340 words." in await where(stage.mara, final)
    board = stage.posts()[0]
    assert labels(board) == ["Where am I?", "My certificate"]
    for person, said in (
        (stage.tobias, "**Tobias** wrote **500 words** for **Four days**"),
        (stage.mara, "**Mara** wrote **340 words**"),
        (ines, "**Ines** wrote **150 words**"),
    ):
        certificate = await person.click(final, label="My certificate")
        assert certificate.ephemeral
        assert said in certificate.content
        drawn = await picture(stage, certificate)
        assert drawn["description"].startswith(f"Four days: {person.name} wrote ")
        assert "Congratulations!" in certificate.content
    nobody = await stage.odalys.click(final, label="My certificate")
    assert "You were not in that challenge" in nobody.content
    assert "is over" in (await stage.mara.slash(stage.stories, "challenge join")).content


async def test_a_november_is_one_tap_for_who_moderates_the_channel(stage: Stage) -> None:
    offered = await stage.odalys.slash(stage.stories, "challenge create")
    assert offered.ephemeral
    (label,) = labels(offered.message)
    assert label.startswith("November 20")
    assert offered.message is not None
    stranger = await stage.tobias.slash(stage.stories, "challenge create")
    assert stranger.message is not None
    refused = await stage.tobias.click(stranger.message, label=label)
    assert "permission to manage messages" in refused.content
    made = await stage.mara.slash(stage.stories, "challenge create")  # moderates #stories alone
    assert made.message is not None
    await stage.mara.click(made.message, label=label)
    (board,) = await stage.until_posts(1)
    assert f"**{label}** · 50,000 words from 1 November" in board["content"]
    again = await stage.odalys.click(offered.message, label=label)
    assert f"called “{label}” is on here already" in again.content
    assert len(stage.posts()) == 1


async def test_whose_clock_is_another_says_so(stage: Stage) -> None:
    board = await created(stage, amount="1000")
    joined = await join(stage.mara, board)
    assert joined.message is not None
    form = await stage.mara.click(joined.message, label="Not my time")
    await asyncio.to_thread(atlas)  # as it is by the time that somebody has typed something
    lost = await stage.mara.submit(form, {CLOCK: "nowhere at all"})
    assert "I don't know the time zone “nowhere at all”" in lost.content
    form = await stage.mara.click(joined.message, label="Not my time")
    there = datetime.fromtimestamp(stage.clock.now() / 1000, UTC) + timedelta(hours=9)
    offered = await stage.mara.submit(form, {CLOCK: f"{there:%H:%M}"})
    assert offered.message is not None
    chosen = await stage.mara.choose(offered.message, ["Asia/Tokyo"])
    assert "Your time zone is **Asia/Tokyo**" in chosen.content
    again = await join(stage.mara, board)
    assert labels(again.message) == ["Where am I?"]


async def test_several_are_told_apart_and_ended_by_who_may(stage: Stage) -> None:
    first = await created(stage, amount="1000", title="Words")
    await created(stage, amount="10", unit="pages", title="Pages")
    vague = await stage.mara.slash(stage.stories, "challenge board")
    assert "There are several" in vague.content
    names = await stage.mara.autocomplete(stage.stories, "challenge board", "challenge", "pa")
    assert [choice.name for choice in names] == ["Pages"]
    shown = await stage.mara.slash(stage.stories, "challenge board", challenge=names[0].value)
    assert "**Pages** · 10 pages" in shown.content
    assert "Where everyone sees it" in shown.content
    await join(stage.tobias, first)
    left = await stage.tobias.slash(stage.stories, "challenge leave", challenge="words")
    assert "You have left **Words**" in left.content
    await stage.settle()
    assert "Nobody is in it yet" in stage.posts()[0]["content"]

    refused = await stage.tobias.slash(stage.stories, "challenge end", challenge="words")
    assert "permission to manage messages" in refused.content
    asked = await stage.odalys.slash(stage.stories, "challenge end", challenge="words")
    assert asked.message is not None
    await stage.odalys.click(asked.message, label="End it")
    assert "**Words** is over" in (await stage.until_posts(3))[-1]["content"]
    tomorrow = (today(stage) + timedelta(days=1)).isoformat()
    off = await created(stage, amount="1000", first=tomorrow, title="Off")
    asked = await stage.odalys.slash(stage.stories, "challenge end", challenge="off")
    assert asked.message is not None
    await stage.odalys.click(asked.message, label="Call it off")
    await stage.settle()
    board = stage.posts()[-1]
    assert (board["id"], board["content"], labels(board)) == (
        off["id"], "**Off** was called off.", [],
    )  # fmt: skip


async def test_one_in_a_channel_that_one_does_not_see_does_not_exist(stage: Stage) -> None:
    secret = stage.world.channel(stage.guild, "secret")
    everyone = stage.guild  # the role of all has the server's id
    stage.world.overwrite(secret, everyone, deny=discord.Permissions(view_channel=True))
    await stage.odalys.slash(secret, "challenge create", amount="1000", title="Secret")
    hidden = await stage.mara.slash(stage.stories, "challenge board", challenge="Secret")
    assert hidden.content == "I know no such challenge here. Pick one of the suggestions."
    none = await stage.mara.slash(stage.stories, "challenge board")
    assert none.content.startswith("No challenge is on here")


async def test_what_it_cannot_be_is_said_and_nothing_is_made(in_january: Stage) -> None:
    stage = in_january
    for options, says in (
        ({"title": "Mine"}, "Say the `amount` as well"),
        ({"amount": "+300"}, "“+300” has a sign. Write a plain number, like 50000 or 50k."),
        ({"amount": "lots"}, "“lots” is not an amount. Write a plain number, like 50000 or 50k."),
        ({"amount": "20 hours"}, "Write 1200 alone and choose minutes as `unit`"),
        (
            {"amount": "300", "first": "2027-03-05", "last": "2027-03-01"},
            "That would end on 1 March, before it begins on 5 March.",
        ),
        ({"amount": "300", "last": "yesterday"}, "is over: choose a day from today on"),
        ({"amount": "300", "last": "someday"}, "not a date"),
        ({"amount": "300", "last": "30 November", "days": 3}, "not both"),
    ):
        answer = await stage.odalys.slash(stage.stories, "challenge create", **options)
        assert answer.ephemeral
        assert says in answer.content
    await stage.settle()
    assert stage.posts() == []


async def test_a_deleted_board_is_posted_again(stage: Stage) -> None:
    board = await created(stage, amount="1000", days=3)
    await join(stage.mara, board)
    await stage.settle()
    stage.world.discord.delete_message(stage.stories, int(board["id"]))
    await stage.mara.slash(stage.stories, "words add", amount="300")
    assert "**1. Mara** · 30% · 300 of 1,000" in await up_to_date(stage)
    (again,) = stage.posts()
    assert again["id"] != board["id"]
    assert labels(again) == ["Join", "Where am I?"]


async def test_without_its_channel_it_goes_on_in_another(stage: Stage) -> None:
    den = stage.world.channel(stage.guild, "den")
    await stage.settle()
    made = await stage.odalys.slash(den, "challenge create", amount="1000", days=3, title="Three")
    assert "is up" in made.content
    (board,) = await stage.until_posts(1, den)
    await join(stage.mara, board)
    general = int(stage.world.channels(stage.guild, stage.odalys.id)[0]["id"])
    before = len(stage.posts(general))
    stage.world.delete_channel(den)
    notice = (await stage.until_posts(before + 1, general))[-1]
    assert notice["content"].startswith("The channel of **Three** is gone. It goes on counting;")
    await stage.mara.slash(stage.stories, "words add", amount="300")
    refused = await stage.mara.click(notice, label="Post it here")
    assert "permission to manage messages" in refused.content
    await stage.odalys.click(notice, label="Post it here")
    board = (await stage.until_posts(before + 2, general))[-1]
    assert "**1. Mara** · 30% · 300 of 1,000" in board["content"]
    assert stage.posts(general)[-2]["content"] == f"**Three** goes on in <#{general}>."

    moved = await stage.odalys.slash(stage.stories, "challenge edit", channel=stage.stories)
    assert moved.content == f"**Three** goes on in <#{stage.stories}>."
    await stage.until_posts(1)
    assert board["id"] not in [post["id"] for post in stage.posts(general)]


async def test_what_it_is_called_and_when_it_is_can_be_put_right(stage: Stage) -> None:
    first, last = today(stage) + timedelta(days=10), today(stage) + timedelta(days=20)
    await created(stage, amount="1000", first=str(first), days=10, title="Ten")
    for options, says in (
        ({}, "Say what to change"),
        ({"amount": "0"}, "A challenge is for 1 to"),
        ({"last": str(first + timedelta(days=400))}, "A challenge lasts from 1 to 366 days."),
    ):
        refused = await stage.odalys.slash(stage.stories, "challenge edit", **options)
        assert refused.ephemeral
        assert says in refused.content
    denied = await stage.tobias.slash(stage.stories, "challenge edit", title="Mine")
    assert "permission to manage messages" in denied.content
    edited = await stage.odalys.slash(
        stage.stories, "challenge edit", title="Eleven", amount="2k", last=str(last)
    )
    days = f"from {named(first, today(stage))} to {named(last, today(stage))}"
    assert edited.content == f"**Eleven**: 2,000 words {days}."
    asked = f"2,000 words from {spoken(first)} to {spoken(last)}"
    await stage.settle()
    (board,) = stage.posts()
    assert board["content"].startswith(f"**Eleven** · {asked} · not begun yet")
    stage.turn(10 * DAY)
    refused = await stage.odalys.slash(stage.stories, "challenge edit", amount="3k")
    assert "has begun: its target and dates stay as they are" in refused.content
    renamed = await stage.odalys.slash(stage.stories, "challenge edit", title="Twelve")
    assert renamed.content.startswith("**Twelve**: 2,000 words")


async def test_an_old_evening_answers_before_it_opens_a_form(stage: Stage) -> None:
    board = await created(stage, amount="1000", days=1)
    await join(stage.mara, board)
    stage.turn(14 * HOUR)
    await stage.settle()
    evening = stage.posts()[-1]
    stage.turn(2 * DAY)
    await stage.settle()
    answer = await stage.mara.click(evening, label="Add my words")
    assert answer.modal is None
    assert answer.content.startswith("That challenge is over.")


async def test_it_goes_on_after_a_restart_and_a_late_evening_is_left_out(stage: Stage) -> None:
    board = await created(stage, amount="1000", days=3)
    await join(stage.mara, board)
    await stage.mara.slash(stage.stories, "words add", amount="300")
    await stage.stop_bot()
    stage.turn(DAY + HOUR)  # from 08:00 past the evening and its six hours
    await stage.start_bot()
    await stage.settle()
    assert len(stage.posts()) == 1
    stage.turn(13 * HOUR)
    await stage.settle()
    evening = stage.posts()[-1]
    assert "day 2 of 3\nA quiet day so far" in evening["content"]
    assert "- first words: Mara" in evening["content"]
    assert "**300 of 1,000 words**" in await where(stage.mara, board)
