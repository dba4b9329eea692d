"""Limits that keep one member from being in everyone's way, and that others never meet."""

import asyncio
import re

import discord
import pytest

from bot.stories.formats import MAX_BYTES
from playground.people import Answer, Person
from tests.journeys.stage import MINUTE, Stage, labels, other_story, prose, story
from tests.journeys.test_erasing import erase

TOO_MANY = r"That's a lot of {} in a row\. Try again in (a second|\d seconds)\."
CONFIRM = "Confirm: I wrote it or have leave"


async def hand_in(stage: Stage, number: int) -> Answer:
    file = (f"{number}.txt", prose(f"wick {number}", 60).encode())
    answer = await stage.mara.slash(stage.stories, "serial add", file=file)
    await stage.playground.wait_for(lambda: "Reading" not in answer.content)
    return answer


async def test_thirty_chapters_are_handed_in_one_after_another(stage: Stage) -> None:
    await stage.publish(prose("oil", 100).encode(), "Solo.txt")
    for number in range(30):
        answer = await hand_in(stage, number)
        assert answer.message is not None
        await stage.mara.click(answer.message, label="Next chapter of Solo")
        assert "Added." in answer.content
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "of 31" in status.content


async def test_thirty_chapters_are_handed_in_before_the_first_is_added(stage: Stage) -> None:
    await stage.publish(prose("oil", 100).encode(), "Solo.txt")
    answers = [await hand_in(stage, number) for number in range(30)]
    for answer in answers:
        assert labels(answer.message)[0] == "Next chapter of Solo"


FILES = {
    "serial add": b"It was late, and the lamp was out.\n",
    "serial update": b"It was late, and the lamp was out.\n",
    "me import": b"date,words\n2026-11-01,70\n",
    "character import": b"- name: Sentence\n",
}


@pytest.mark.parametrize("command", FILES)
async def test_who_hands_in_many_slow_files_delays_nobody_else(stage: Stage, command: str) -> None:
    """It is Discord that is slow here: a file is fetched when its turn has come."""
    await stage.publish()
    manage = discord.Permissions(manage_messages=True)
    stage.world.overwrite(stage.stories, stage.tobias.id, allow=manage)
    stage.mara, stage.tobias = stage.tobias, stage.mara
    await stage.publish(other_story("tar", "rope"))
    begun: list[str] = []
    released = asyncio.Event()

    async def hold(name: str) -> None:
        begun.append(name)
        stage.playground.look_again()
        if name.startswith("slow"):
            await released.wait()

    stage.playground.faults.on_download = hold

    def hand_in(person: Person, name: str) -> asyncio.Task[Answer]:
        asked = person.slash(stage.stories, command, file=(name, FILES[command]))
        return asyncio.create_task(asked)

    slow = [hand_in(stage.tobias, f"slow-{number}.txt") for number in range(4)]
    await stage.playground.wait_for(lambda: begun, what="a file that is fetched")
    await stage.settle()
    answer = await stage.until_read(await hand_in(stage.mara, "small.txt"))
    assert answer.content
    assert len(begun) == 2
    assert begun[1] == "small.txt"
    released.set()
    for task in slow:
        answer = await stage.until_read(await task)
        assert answer.content
    assert len(begun) == 5


@pytest.mark.parametrize("command", ["serial add", "serial update"])
async def test_a_file_that_is_too_large_is_not_even_fetched(stage: Stage, command: str) -> None:
    await stage.publish()
    file = ("huge.txt", b"It was late.\n" * (MAX_BYTES // 13 + 1))
    answer = await stage.mara.slash(stage.stories, command, file=file)
    assert answer.content == (
        "That file is larger than 10 MB. Send the story in pieces, a file for each part of it."
    )


async def test_leave_is_asked_for_once(stage: Stage) -> None:
    general = stage.world.channel(stage.guild, "elsewhere")
    draft = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message is not None
    await stage.mara.click(draft.message, label=CONFIRM)
    await stage.mara.slash(stage.stories, "serial schedule", channel=general)
    (request,) = await stage.until_posts(1, general)
    assert "09:00" in request["content"]
    for time in ("10:00", "11:00", "12:00"):
        await stage.mara.slash(stage.stories, "serial schedule", channel=general, time=time)
        await stage.settle()
    (request,) = stage.posts(general)
    assert "12:00" in request["content"]
    await stage.odalys.click(request, label="Allow")
    assert "may be posted here" in stage.posts(general)[0]["content"]


async def test_an_author_is_told_when_there_is_no_room_for_another_story(stage: Stage) -> None:
    stage.story_quota = "10 KB"
    await stage.stop_bot()
    await stage.start_bot()
    await stage.publish()  # of some 6 KB
    file = ("another.md", other_story("tar", "rope"))
    answer = await stage.mara.slash(stage.stories, "serial add", file=file)
    said = answer.content + "".join(one["content"] for one in answer.followups)
    assert "There is no room for" in said
    assert "an author may keep 10 KB in this server" in said
    update = await stage.mara.slash(
        stage.stories, "serial update", file=("lantern.md", story("Chapter 1: Flame", 1000))
    )
    said = update.content + "".join(one["content"] for one in update.followups)
    assert "There is no room" in said
    theirs = discord.Permissions(manage_messages=True)
    stage.world.overwrite(stage.stories, stage.tobias.id, allow=theirs)
    answer = await stage.tobias.slash(stage.stories, "serial add", file=file)
    assert "2 chapters" in answer.content


async def until_line(stage: Stage, content: str) -> None:
    await stage.playground.wait_for(lambda: stage.posts()[-1]["content"] == content, what=content)


async def test_counting_is_never_refused_and_a_flood_is_one_public_line(stage: Stage) -> None:
    for n in range(30):
        answer = await stage.tobias.slash(stage.stories, "wrote", amount="10")
        assert answer.message is not None
        assert answer.ephemeral == (n >= 5)
    await stage.settle()
    await until_line(stage, "**Tobias** wrote 260 words, in 26 entries.")
    others = [post["content"] for post in stage.posts()][:-1]
    assert others == ["**Tobias** wrote 10 words."] * 4
    assert labels(stage.posts()[-1]) == []
    assert "300 words in all" in answer.content

    assert answer.message is not None
    await stage.tobias.click(answer.message, label="Undo")
    await until_line(stage, "**Tobias** wrote 250 words, in 25 entries.")
    mara = await stage.mara.slash(stage.stories, "wrote", amount="20")
    assert not mara.ephemeral
    stage.clock.rest(10)
    again = await stage.tobias.slash(stage.stories, "wrote", amount="10")
    assert again.content == "**Tobias** wrote 10 words."
    assert stage.posts()[-3]["content"] == "**Tobias** wrote 250 words, in 25 entries."


async def test_what_is_of_another_day_or_unit_joins_no_line_of_theirs(stage: Stage) -> None:
    for _ in range(5):
        await stage.tobias.slash(stage.stories, "wrote", amount="10")
    for other in ({"unit": "pages"}, {"date": "yesterday"}):
        answer = await stage.tobias.slash(stage.stories, "wrote", amount="3", **other)
        assert not answer.ephemeral
        assert answer.content.startswith("**Tobias** wrote 3")
    await stage.tobias.slash(stage.stories, "wrote", amount="-30")
    await stage.playground.wait_for(
        lambda: (
            "**Tobias** took back 20 words, in 2 entries."
            in [post["content"] for post in stage.posts()]
        ),
        what="the words' own line",
    )


async def test_a_line_that_was_taken_back_stays_so(stage: Stage) -> None:
    for _ in range(5):
        last = await stage.tobias.slash(stage.stories, "wrote", amount="10")
    assert last.message is not None
    await stage.tobias.click(last.message, label="Undo")
    await stage.tobias.slash(stage.stories, "wrote", amount="10")
    assert stage.posts()[-1]["content"] == "**Tobias** took that back."


async def test_a_count_that_no_line_can_tell_of_has_a_line_of_its_own(stage: Stage) -> None:
    writer = stage.tobias
    for _ in range(6):
        await writer.slash(stage.stories, "wrote", amount="10")
    await until_line(stage, "**Tobias** wrote 20 words, in 2 entries.")
    pages = await writer.slash(stage.stories, "wrote", amount="9", unit="pages")
    assert not pages.ephemeral
    assert pages.content == "**Tobias** wrote 9 pages."
    other = stage.world.channel(stage.guild, "other")
    elsewhere = await writer.slash(other, "wrote", amount="7")
    assert [post["content"] for post in stage.posts(other)] == ["**Tobias** wrote 7 words."]
    assert not elsewhere.ephemeral


async def test_after_erasing_a_count_has_a_line_of_its_own(stage: Stage) -> None:
    for _ in range(6):
        await stage.tobias.slash(stage.stories, "wrote", amount="10")
    await until_line(stage, "**Tobias** wrote 20 words, in 2 entries.")
    await erase(stage, stage.tobias)
    assert stage.posts() == []
    await stage.tobias.slash(stage.stories, "wrote", amount="5")
    await until_line(stage, "**Tobias** wrote 5 words.")


async def test_a_line_that_a_moderator_deletes_is_not_counted_into(stage: Stage) -> None:
    for _ in range(6):
        await stage.tobias.slash(stage.stories, "wrote", amount="10")
    await until_line(stage, "**Tobias** wrote 20 words, in 2 entries.")
    stage.world.delete_message(stage.stories, int(stage.posts()[-1]["id"]))
    await stage.tobias.slash(stage.stories, "wrote", amount="5")
    await until_line(stage, "**Tobias** wrote 5 words.")
    await stage.tobias.slash(stage.stories, "wrote", amount="6")
    await until_line(stage, "**Tobias** wrote 11 words, in 2 entries.")


async def test_an_older_line_follows_what_is_taken_back(stage: Stage) -> None:
    said = [await stage.tobias.slash(stage.stories, "wrote", amount="10") for _ in range(6)]
    await until_line(stage, "**Tobias** wrote 20 words, in 2 entries.")
    newer = await stage.tobias.slash(stage.stories, "wrote", amount="9", unit="pages")
    assert newer.content == "**Tobias** wrote 9 pages."
    assert said[5].message is not None
    await stage.tobias.click(said[5].message, label="Undo")
    await stage.playground.wait_for(
        lambda: stage.posts()[-2]["content"] == "**Tobias** wrote 10 words, in 1 entry.",
        what="the older line",
    )


async def test_counting_in_a_sprint_is_never_refused(stage: Stage) -> None:
    await stage.tobias.slash(stage.stories, "sprint start", **{"in": 0})
    await stage.settle()
    stage.turn(5 * MINUTE)
    for _ in range(30):
        answer = await stage.tobias.slash(stage.stories, "sprint words", count="+1")
        assert answer.ephemeral
    assert "30" in answer.content


async def test_who_asks_many_questions_in_a_row_is_told_when_to_ask_again(stage: Stage) -> None:
    await stage.publish()
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    question = "which sentence of the oil is number 3?"
    said = [
        (await stage.tobias.slash(stage.stories, "story ask", question=question)).content
        for _ in range(12)
    ]
    assert all("Sentence number 3" in one for one in said[:10])
    assert re.fullmatch(TOO_MANY.format("questions"), said[-1])
    mara = await stage.mara.slash(stage.stories, "story ask", question=question)
    assert "in a row" not in mara.content
    stage.clock.rest(3)
    again = await stage.tobias.slash(stage.stories, "story ask", question=question)
    assert "Sentence number 3" in again.content


async def test_who_wants_many_pictures_in_a_row_gets_the_text_and_is_told_when(
    stage: Stage,
) -> None:
    await stage.tobias.slash(stage.stories, "words add", amount="10")
    answers = [await stage.tobias.slash(stage.stories, "stats") for _ in range(6)]
    await stage.settle()
    assert all("10 words" in answer.content for answer in answers)
    assert [answer.followups for answer in answers[:5]] == [[]] * 5
    (told,) = answers[-1].followups
    assert re.fullmatch(TOO_MANY.format("pictures"), told["content"])
    assert answers[-1].message is not None
    assert answers[-1].message["attachments"] == []


async def test_a_card_is_shared_a_few_times_in_a_row(stage: Stage) -> None:
    post = await stage.publish()
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    form = await stage.tobias.context_menu(stage.stories, "Save a quote", post)
    sentence = "Sentence number 3 of the oil has exactly these ten words."
    saved = await stage.tobias.submit(form, {"Cut off what is before and after": sentence})
    assert saved.message is not None
    before = len(stage.posts())
    for _ in range(6):
        pressed = await stage.tobias.click(saved.message, label="Share as card")
    await stage.until_posts(before + 5)
    assert len(stage.posts()) == before + 5
    assert re.fullmatch(TOO_MANY.format("pictures"), pressed.content)
