"""What authors and moderators meet."""

import sys

import discord
import pytest

from bot.serials import drafts
from tests.bot.stories.fixtures import ao3
from tests.bot.stories.formats.making import docx, epub, paragraph, run
from tests.journeys.stage import DAY, HOUR, Stage, labels, other_story, press, prose, story, text


async def test_the_next_chapter_of_an_ongoing_story(stage: Stage) -> None:
    first = await stage.publish(prose("oil", 200).encode(), "Solo.txt")
    assert "**Chapter 1**" in first["content"]
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "Waiting for the next chapter" in status.content
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 1

    answer = await stage.mara.slash(
        stage.stories, "serial add", file=("two.txt", prose("wick", 200).encode())
    )
    assert labels(answer.message)[0] == "Next chapter of Solo"
    assert answer.message
    await stage.mara.click(answer.message, label="Next chapter of Solo")
    assert "Added." in answer.content
    assert stage.posts() == [first]  # posted parts never move
    stage.turn_to_nine()
    second = (await stage.until_posts(2))[-1]
    assert "**Chapter 2**" in second["content"]
    assert text(second) == prose("wick", 200)


async def test_the_author_is_told_when_parts_run_out(stage: Stage) -> None:
    await stage.publish()  # four parts
    direct = stage.world.dm(stage.mara.id)
    for count in (2, 3, 4):
        stage.turn_to_nine()
        await stage.until_posts(count)

    def warnings() -> list[str]:
        """All that Mara was sent but the report of a Sunday."""
        sent = [message["content"] for message in stage.posts_of(stage.mara, direct)]
        return [content for content in sent if not content.startswith("Your week with")]

    await stage.playground.wait_for(lambda: len(warnings()) >= 2)
    few_left, none_left = warnings()
    assert "*The Lantern* has 2 parts left." in few_left
    assert "Every part of *The Lantern* has been posted." in none_left


async def test_a_complete_story_says_where_in_the_whole_a_part_stands(stage: Stage) -> None:
    await stage.publish()
    done = await stage.mara.slash(stage.stories, "serial complete")
    assert "complete" in done.content
    stage.turn_to_nine()
    second = (await stage.until_posts(2))[-1]
    assert "part 2 of 2 (2 of 4 in all)" in second["content"]


async def test_a_member_needs_one_tap_of_a_moderator(stage: Stage) -> None:
    draft = await stage.tobias.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message
    await stage.tobias.click(draft.message, label="Confirm: I wrote it or have leave")
    await stage.tobias.click(draft.message, label="Post part 1 now, then daily")
    assert "as soon as someone who may manage messages there allows it" in draft.content
    (asked,) = await stage.playground.wait_for(stage.posts)
    assert f"<@{stage.tobias.id}> would like to post *The Lantern* here" in asked["content"]

    refused = await stage.tobias.click(asked, label="Allow")
    assert refused.ephemeral
    assert "*Manage Messages*" in refused.content
    assert len(stage.posts()) == 1
    await stage.odalys.click(asked, label="Allow")
    await stage.playground.wait_for(lambda: len(stage.posts()) == 2)
    assert "part 1 ·" in stage.posts()[1]["content"]
    assert stage.posts()[0]["components"] == []


async def test_other_peoples_drafts_are_out_of_reach(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    for command in ("serial preview", "serial post-now", "serial complete", "serial schedule"):
        answer = await stage.tobias.slash(stage.stories, command)
        assert "You have no story here" in answer.content, command
    # Even with the id in hand.
    answer = await stage.tobias.slash(stage.stories, "serial preview", serial="#1")
    assert "I know no such story" in answer.content


async def test_a_title_of_emoji_fits_into_the_form_that_changes_it(stage: Stage) -> None:
    """Discord counts each of them as two."""
    title = "Lamps " + "🏮" * 80
    file = ("lantern.md", story())
    draft = await stage.mara.slash(stage.stories, "serial add", file=file, title=title)
    form = await stage.mara.click(draft.message or {}, label="Title and author")
    assert form.modal is not None
    fields = [line["components"][0] for line in form.modal["components"]]
    changed = await stage.mara.submit(form, {one["label"]: one["value"] for one in fields})
    assert fields[0]["value"] == title
    assert changed.content.startswith("It is now called *Lamps 🏮")


async def test_a_draft_is_previewed_renamed_and_discarded(stage: Stage) -> None:
    draft = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message
    page = await stage.mara.click(draft.message, label="Preview")
    assert page.ephemeral
    assert page.content.startswith("**Chapter 1: Oil**\n")
    assert page.message
    await stage.mara.click(page.message, label="Next ›")
    assert "part 2 ·" in page.content

    form = await stage.mara.click(draft.message, label="Title and author")
    renamed = await stage.mara.submit(form, {"Title": "The Lamp", "Author": "M. Q."})
    assert "*The Lamp* by M. Q." in renamed.content
    await stage.mara.click(draft.message, label="Discard")
    assert "Dropped *The Lamp*" in draft.content
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "You have no story here" in status.content


async def test_pause_and_resume(stage: Stage) -> None:
    await stage.publish()
    paused = await stage.odalys.slash(stage.stories, "serial pause")  # a moderator may
    assert "paused" in paused.content
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 1
    refused = await stage.mara.slash(stage.stories, "serial post-now")
    assert "is not running" in refused.content
    resumed = await stage.mara.slash(stage.stories, "serial resume")
    assert "Next part:" in resumed.content
    stage.turn_to_nine()
    await stage.until_posts(2)


async def test_post_now_leaves_the_schedule_alone(stage: Stage) -> None:
    await stage.publish()
    answer = await stage.mara.slash(stage.stories, "serial post-now")
    assert "on its way" in answer.content
    await stage.until_posts(2)
    stage.turn_to_nine()
    await stage.until_posts(3)


async def test_late_is_not_lost_and_never_a_burst(stage: Stage) -> None:
    await stage.publish()
    await stage.stop_bot()
    stage.turn_to_nine()
    stage.turn(5 * HOUR)
    await stage.start_bot()
    await stage.until_posts(2)
    await stage.stop_bot()
    stage.turn(5 * DAY + 2 * HOUR)  # five slots were missed, the last by seven hours
    await stage.start_bot()
    await stage.settle()
    assert len(stage.posts()) == 2
    stage.turn_to_nine()
    await stage.until_posts(3)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.txt", b"", "empty"),
        ("story.txt", b"PK\x03\x04" + b"\x00" * 100, "damaged: save the story anew"),
        ("story.txt", bytes(range(256)) * 20, "isn't text"),
        ("story.txt", b"   \n\n * * * \n", ""),
    ],
)
async def test_bad_files_get_a_sentence_and_leave_nothing(
    stage: Stage, name: str, data: bytes, sentence: str
) -> None:
    answer = await stage.mara.slash(stage.stories, "serial add", file=(name, data))
    assert answer.ephemeral
    assert sentence in answer.content
    assert "Sorry" not in answer.content
    assert answer.message
    assert answer.message["components"] == []
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "You have no story here" in status.content


EPUB = epub(
    {
        "a.xhtml": "<h2>Chapter 1: Oil</h2><p>The ferry was <i>late</i>.</p><hr/><p>It came.</p>",
        "b.xhtml": "<h2>Chapter 2: Wick</h2><p>It never left.</p>",
    }
)
DOCX = docx(
    paragraph("The Lantern", style="Titel"),
    "By Mara Quill",
    paragraph("Chapter 1: Oil", style="berschrift1"),
    paragraph("The ferry was ", run("late", "<w:i/>"), "."),
    "***",
    "It came.",
    paragraph("Chapter 2: Wick", style="berschrift1"),
    "It never left.",
)


@pytest.mark.parametrize(
    ("name", "data", "lines", "posted"),
    [
        (
            "work.html",
            ao3.html().encode(),
            [
                "*Salt & Lanterns* by wick, quill: 3 chapters, ",
                "- Chapter 1: The Third Step: ",
                "> Source: https://archiveofourown.org/works/7654321",
                "> Fandoms: Harbour Lights (Radio), Original Work · not shown",
            ],
            "the third step *always* told on her.",
        ),
        (
            "book.epub",
            EPUB,
            ["*The Lantern* by Mara Quill: 2 chapters, ", "- Chapter 2: Wick: 3 words, 1 part"],
            "The ferry was *late*.",
        ),
        (
            "story.docx",
            DOCX,
            ["*The Lantern* by Mara Quill: 2 chapters, ", "- Chapter 2: Wick: 3 words, 1 part"],
            "The ferry was *late*.",
        ),
    ],
    ids=["AO3", "EPUB", "DOCX"],
)
async def test_a_story_from_whatever_file_there_is(
    stage: Stage, name: str, data: bytes, lines: list[str], posted: str
) -> None:
    draft = await stage.mara.slash(stage.stories, "serial add", file=(name, data))
    shown = draft.content.replace("\\", "").splitlines()
    for line in lines:
        assert any(one.startswith(line) for one in shown), line
    assert "⚠️" not in draft.content
    assert draft.message
    await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    await stage.mara.click(draft.message, label="Post part 1 now, then daily")
    (post,) = await stage.until_posts(1)
    assert posted in text(post)


@pytest.mark.parametrize(
    ("data", "said"), [(story(), "*The Lantern* by Mara"), (b"# Only a heading", "no story")]
)
async def test_who_waits_for_a_file_to_be_read_sees_that_it_goes_on(
    stage: Stage, data: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["cogs.serials.reading"], "PATIENCE", 0)
    answer = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", data))
    assert answer.content == "Reading … 0.0 MB"
    await stage.playground.wait_for(lambda: "Reading" not in answer.content)
    assert said in answer.content
    assert answer.followups == []


async def test_why_a_file_is_refused_takes_the_place_of_reading(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it could be read, and is refused after that."""
    stage.story_quota = "10 KB"
    await stage.stop_bot()
    await stage.start_bot()
    await stage.publish()
    monkeypatch.setattr(sys.modules["cogs.serials.reading"], "PATIENCE", 0)
    for command, file, said in (
        ("serial add", ("lantern.md", other_story("tar", "rope")), "There is no room"),
        ("serial update", ("lantern.md", story(words=1200)), "There is no room"),
        ("me import", ("words.csv", b"neither\na date nor an amount\n"), "That file needs"),
        ("character import", ("cards.yaml", b"- name: [\n"), "That file is not YAML"),
    ):
        answer = await stage.mara.slash(stage.stories, command, file=file)
        await stage.until_read(answer)
        assert answer.content.startswith(said)
        assert answer.followups == []
        assert not answer.failed


async def test_a_new_time_on_a_day_that_has_had_its_part_begins_tomorrow(stage: Stage) -> None:
    await stage.publish()
    stage.turn_to_nine()
    await stage.until_posts(2)
    moved = await stage.mara.slash(stage.stories, "serial schedule", time="10:00")
    stage.turn(HOUR)
    await stage.settle()
    assert len(stage.posts()) == 2
    tomorrow = stage.clock.now() + DAY
    assert f"<t:{tomorrow // 1000}:F>" in moved.content
    stage.turn(DAY)
    await stage.until_posts(3)


async def test_a_moderators_pause_takes_their_leave_back(stage: Stage) -> None:
    draft = await stage.tobias.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message
    await stage.tobias.click(draft.message, label="Confirm: I wrote it or have leave")
    await stage.tobias.click(draft.message, label="Post part 1 now, then daily")
    (asked,) = await stage.until_posts(1)
    await press(stage.odalys, asked)
    await stage.until_posts(2)
    await stage.odalys.slash(stage.stories, "serial pause")
    resumed = await stage.tobias.slash(stage.stories, "serial resume")
    assert "waits for a moderator's leave" in resumed.content
    again = (await stage.until_posts(3))[-1]
    assert labels(again) == ["Allow"]


async def test_a_request_that_was_deleted_is_made_again(stage: Stage) -> None:
    draft = await stage.tobias.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message
    await stage.tobias.click(draft.message, label="Confirm: I wrote it or have leave")
    await stage.tobias.slash(stage.stories, "serial schedule")
    (asked,) = await stage.until_posts(1)
    stage.world.delete_message(stage.stories, int(asked["id"]))
    await stage.tobias.slash(stage.stories, "serial schedule")
    (again,) = await stage.until_posts(1)
    assert labels(again) == ["Allow"]


async def test_a_paused_serial_is_rescheduled_and_stays_paused(stage: Stage) -> None:
    await stage.publish()
    await stage.mara.slash(stage.stories, "serial pause")
    answer = await stage.mara.slash(stage.stories, "serial schedule", time="12:00")
    assert "once `/serial resume` ends its pause" in answer.content
    stage.turn_to_nine()
    stage.turn(3 * HOUR)
    await stage.settle()
    assert len(stage.posts()) == 1


async def test_nobody_makes_the_bot_write_where_they_may_not(stage: Stage) -> None:
    news = stage.world.channel(stage.guild, "news")
    stage.world.overwrite(news, stage.tobias.id, deny=discord.Permissions(send_messages=True))
    draft = await stage.tobias.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message
    await stage.tobias.click(draft.message, label="Confirm: I wrote it or have leave")
    answer = await stage.tobias.slash(stage.stories, "serial schedule", channel=news)
    assert "You may not write in that channel yourself." in answer.content
    await stage.settle()
    assert stage.posts(news) == []


async def test_a_title_is_shown_to_the_letter(stage: Stage) -> None:
    title = f"[Free](https://example.com) *<@{stage.tobias.id}>* " + "_" * 40
    draft = await stage.mara.slash(
        stage.stories, "serial add", file=("lantern.md", story()), title=title
    )
    assert draft.message
    form = await stage.mara.click(draft.message, label="Title and author")
    assert not form.failed
    await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    await stage.mara.click(draft.message, label="Post part 1 now, then daily")
    (post,) = await stage.until_posts(1)
    assert r"\[Free](https\://" in post["content"]
    assert f"<@{stage.tobias.id}>" not in post["content"]
    blank = await stage.mara.submit(form, {"Title": "   ", "Author": "Mara"})
    assert "A story needs a title and an author" in blank.content


async def test_many_stories_still_fit_one_answer(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 5)
    for number in range(12):
        title = f"{number} " + "A very long title that goes on and on " * 3
        draft = await stage.mara.slash(
            stage.stories, "serial add", file=("lantern.md", story(words=40)), title=title[:100]
        )
        assert draft.message
        await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
        await stage.mara.slash(stage.stories, "serial schedule", serial=f"#{number + 1}")
    status = await stage.mara.slash(stage.stories, "serial status")
    assert status.content.startswith("*11 A very long title")
    for number in range(5):
        file = ("next.txt", prose(f"chapter {number}", 200).encode())
        added = await stage.mara.slash(stage.stories, "serial add", file=file)
        await stage.until_read(added)
        assert labels(added.message)[0].startswith("Next chapter of 11"), number
    file = ("next.txt", prose("sixth", 200).encode())
    full = await stage.mara.slash(stage.stories, "serial add", file=file)
    await stage.until_read(full)
    assert "You have 5 drafts here" in full.content
