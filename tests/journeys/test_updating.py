"""A new version of the file, from the author's command to the posts."""

from playground.faults import Status
from playground.people import Answer
from tests.journeys.stage import Stage, labels, press, prose, story, text

OLD = story().decode()
TAKE, DISCARD = "Take the new version", "Discard"
FIRST = "Sentence number 3 of the oil"  # in part 1


async def update(stage: Stage, new: str) -> Answer:
    answer = await stage.mara.slash(
        stage.stories, "serial update", file=("lantern.md", new.encode())
    )
    await stage.until_read(answer)
    assert answer.ephemeral
    return answer


async def choose(stage: Stage, answer: Answer, label: str) -> None:
    assert answer.message is not None
    await stage.mara.click(answer.message, label=label)
    await stage.playground.wait_for(lambda: label not in labels(answer.message), what="an answer")


async def post_all(stage: Stage, count: int) -> list[str]:
    for number in range(len(stage.posts()) + 1, count + 1):
        stage.turn_to_nine()
        await stage.until_posts(number)
    return [text(post) for post in stage.posts()]


async def test_what_is_not_posted_takes_the_new_text(stage: Stage) -> None:
    first = await stage.publish()
    answer = await update(stage, OLD.replace("wick has", "wick always has"))
    assert answer.content.startswith("A new version of *The Lantern*.")
    assert "To come: 10 paragraphs changed, in Chapter 2: Wick." in answer.content
    assert labels(answer.message) == [TAKE, DISCARD]
    await choose(stage, answer, TAKE)
    assert answer.content.startswith("Taken. *The Lantern* is posted in")
    posted = await post_all(stage, 4)
    assert posted[0] == text(first)
    assert "\n\n".join(posted[2:]) == prose("wick", 520).replace("wick has", "wick always has")
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 4


async def test_a_correction_edits_the_post(stage: Stage) -> None:
    first = await stage.publish()
    await press(stage.tobias, first)
    new = OLD.replace(FIRST, "Sentence number three of the oil")
    answer = await update(stage, new)
    assert "1 correction of posted text, in 1 post:" in answer.content
    assert "> “… words. Sentence number 3 of the oil …” → “… words. Sentence number three of" in (
        answer.content
    )
    assert labels(answer.message) == ["Correct 1 post", DISCARD]
    stage.playground.faults.duplicate_next_interaction()
    await choose(stage, answer, "Correct 1 post")
    assert "I am correcting 1 post." in answer.content
    await stage.settle()
    (post,) = stage.posts()
    assert post["id"] == first["id"]
    assert text(post) == text(first).replace("number 3", "number three")
    assert labels(post) == ["Read · 1"]
    assert "what I have already" in (await update(stage, new)).content


async def test_the_new_text_is_taken_with_and_without_the_corrections(stage: Stage) -> None:
    first = await stage.publish()
    new = OLD.replace(FIRST, "Sentence number three of the oil").replace("wick has", "wick had")
    answer = await update(stage, new)
    assert labels(answer.message) == [TAKE, "… and correct 1 post", DISCARD]
    await choose(stage, answer, TAKE)
    await stage.settle()
    assert [text(post) for post in stage.posts()] == [text(first)]
    answer = await update(stage, new)
    assert labels(answer.message) == ["Correct 1 post", DISCARD]
    await choose(stage, answer, DISCARD)
    assert "*The Lantern* stays as it was." in answer.content
    posted = await post_all(stage, 4)
    assert posted[0] == text(first)
    assert "wick had" in posted[3]


async def test_paragraphs_added_and_removed_among_posts_are_shown_and_not_applied(
    stage: Stage,
) -> None:
    await stage.publish()
    before = await post_all(stage, 2)
    paragraphs = prose("oil", 520).split("\n\n")
    new = OLD.replace(f"{paragraphs[1]}\n\n", "").replace(
        paragraphs[6], f"Nobody *ever* came.\n\n{paragraphs[6]}"
    )
    answer = await update(stage, new)
    assert "Added among posted paragraphs" in answer.content
    assert "> Nobody ever came." in answer.content
    assert "Not in the file, but posted, so it stays:\n> Sentence number 5 of" in answer.content
    assert "there is nothing to take" in answer.content
    assert labels(answer.message) == []
    answer = await update(stage, new.replace("wick has", "wick had"))
    await choose(stage, answer, TAKE)
    await stage.settle()
    posted = await post_all(stage, 4)
    assert posted[:2] == before
    assert "wick had" in posted[2]


async def test_a_file_that_shares_no_text_is_offered_as_the_next_chapter(stage: Stage) -> None:
    await stage.publish()
    answer = await update(stage, f"## Chapter 3: Flame\n\n{prose('flame', 200)}")
    assert "shares no text with *The Lantern*" in answer.content
    assert labels(answer.message) == ["Next chapter of The Lantern", DISCARD]
    await choose(stage, answer, "Next chapter of The Lantern")
    assert "Added." in answer.content
    posted = await post_all(stage, 5)
    assert posted[4] == prose("flame", 200)

    await stage.mara.slash(stage.stories, "serial complete")
    answer = await update(stage, f"## Chapter 4: Ash\n\n{prose('ash', 200)}")
    assert "The story is complete" in answer.content
    assert labels(answer.message) == []


async def test_a_part_posted_before_the_press_stays_as_it_was_posted(stage: Stage) -> None:
    await stage.publish()
    new = OLD.replace("number 30 of the oil", "number thirty of the oil")
    answer = await update(stage, new.replace("wick has", "wick had"))
    before = await post_all(stage, 2)
    assert "number 30 of the oil" in before[1]
    await choose(stage, answer, TAKE)
    posted = await post_all(stage, 4)
    assert posted[:2] == before
    assert "wick had" in posted[2]


async def test_a_new_version_waits_through_a_restart(stage: Stage) -> None:
    await stage.publish()
    answer = await update(stage, OLD.replace("wick has", "wick had"))
    await stage.stop_bot()
    await stage.start_bot()
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "A new version of *The Lantern* is here, to be taken or discarded." in status.content
    assert labels(status.message) == ["New version of The Lantern"]
    assert status.content.count("*The Lantern* is posted in") == 1
    assert status.message is not None
    again = await press(stage.mara, status.message)
    assert again.content == answer.content
    assert labels(again.message) == labels(answer.message)
    await choose(stage, answer, TAKE)
    assert again.message is not None
    late = await stage.mara.click(again.message, label=TAKE)
    await stage.playground.wait_for(lambda: late.followups, what="a sentence")
    assert "dealt with already" in late.followups[0]["content"]
    status = await stage.mara.slash(stage.stories, "serial status")
    assert labels(status.message) == []
    assert "wick had" in (await post_all(stage, 3))[2]


async def test_a_reader_stays_at_their_place(stage: Stage) -> None:
    first = await stage.publish()
    await post_all(stage, 2)
    await press(stage.tobias, first)
    answer = await update(stage, OLD.replace(FIRST, "The third and best sentence of the oil"))
    await choose(stage, answer, "Correct 1 post")
    await stage.settle()
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have read up to Chapter 1: Oil, part 1." in about.content
    opened = await stage.tobias.slash(stage.stories, "story read")
    assert text({"content": opened.content}) == text(stage.posts()[1])


async def test_a_correction_outlives_a_channel_that_is_busy(stage: Stage) -> None:
    first = await stage.publish()
    answer = await update(stage, OLD.replace(FIRST, "Sentence number three of the oil"))
    stage.playground.faults.add(
        "PATCH", "/channels/*/messages/*", Status(429, retry_after=0.2), times=2
    )
    await choose(stage, answer, "Correct 1 post")
    await stage.stop_bot()
    await stage.start_bot()
    await stage.settle()
    (post,) = stage.posts()
    assert text(post) == text(first).replace("number 3", "number three")


async def test_a_new_version_of_others_stories_is_refused(stage: Stage) -> None:
    await stage.publish()
    answer = await stage.tobias.slash(
        stage.stories, "serial update", file=("lantern.md", OLD.encode())
    )
    assert "You have no story here" in answer.content
    empty = await update(stage, "# Only a heading")
    assert "no story" in empty.content
    stage.playground.faults.duplicate_next_interaction()
    await update(stage, OLD.replace("wick has", "wick had"))
    await stage.settle()
    status = await stage.mara.slash(stage.stories, "serial status")
    assert labels(status.message) == ["New version of The Lantern"]
