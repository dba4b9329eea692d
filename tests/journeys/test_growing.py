"""An author who hands in one growing file again and again, always with /serial add."""

from playground.people import Answer
from tests.journeys.stage import Stage, labels, press, prose, story, text

OLD = story().decode()
NEW = f"{OLD}\n## Chapter 3: Flame\n\n{prose('flame', 520)}\n"
UPDATE = "Update The Lantern (adds chapter 3)"
NEXT, OWN, DISCARD = "Next chapter of The Lantern", "A story of its own", "Discard"
CONFIRM = "Confirm: I wrote it or have leave"


async def add(stage: Stage, data: str, name: str = "lantern.md", **options: str) -> Answer:
    answer = await stage.mara.slash(
        stage.stories, "serial add", file=(name, data.encode()), **options
    )
    await stage.until_read(answer)
    assert answer.ephemeral
    return answer


async def choose(stage: Stage, answer: Answer, label: str) -> None:
    assert answer.message is not None
    await stage.mara.click(answer.message, label=label)
    await stage.playground.wait_for(lambda: label not in labels(answer.message), what="an answer")


async def post_all(stage: Stage) -> str:
    """All that is posted once nothing more comes, as one text."""
    before = -1
    while len(stage.posts()) > before:
        before = len(stage.posts())
        stage.turn_to_nine()
        await stage.settle()
    return "\n\n".join(text(post) for post in stage.posts())


async def test_the_grown_file_is_an_update_first_of_all(stage: Stage) -> None:
    await stage.publish()
    answer = await add(stage, NEW, "whatever it is called now.md")
    assert labels(answer.message) == [UPDATE, NEXT, OWN, DISCARD]
    assert "Chapter 3: Flame" in answer.content
    await choose(stage, answer, UPDATE)
    assert answer.content.startswith("Taken. *The Lantern* is posted in")
    assert labels(answer.message) == ["Undo"]
    assert await post_all(stage) == "\n\n".join(prose(one, 520) for one in ("oil", "wick", "flame"))


async def test_typos_mended_and_chapters_renamed_make_it_no_other_story(stage: Stage) -> None:
    first = await stage.publish()
    new = NEW.replace("number 3 of the oil", "number three of the oil")
    new = new.replace("Chapter 2: Wick", "II. The Wick").replace("# The Lantern", "# Lantern Light")
    answer = await add(stage, new)
    assert labels(answer.message)[:2] == [UPDATE, "… and correct 1 post"]
    await choose(stage, answer, "… and correct 1 post")
    await stage.settle()
    assert text(stage.posts()[0]) == text(first).replace("number 3", "number three")
    told = await post_all(stage)
    assert told.count("number 5 of the oil") == 1
    assert "II. The Wick" in stage.posts()[2]["content"]


async def test_the_same_file_says_so_and_keeps_nothing(stage: Stage) -> None:
    await stage.publish()
    for name in ("lantern.md", "lantern final.md"):
        answer = await add(stage, OLD, name)
        assert "Nothing in that file is new" in answer.content
        assert labels(answer.message) == []
    answer = await add(stage, OLD.split("## Chapter 2")[0])
    assert "Nothing in that file is new" in answer.content
    status = await stage.mara.slash(stage.stories, "serial status")
    assert labels(status.message) == []
    assert status.content.count("*The Lantern*") == 1
    again = await add(stage, OLD, title="The Lantern, again")
    assert CONFIRM in labels(again.message)


async def test_a_file_of_the_last_chapters_goes_on_where_they_do(stage: Stage) -> None:
    await stage.publish()
    answer = await add(stage, NEW[NEW.index("## Chapter 2") :])
    assert labels(answer.message)[0] == UPDATE
    assert "The file lacks chapter 1; I keep what I have of that." in answer.content
    await choose(stage, answer, UPDATE)
    assert await post_all(stage) == "\n\n".join(prose(one, 520) for one in ("oil", "wick", "flame"))


async def test_a_file_of_the_new_chapter_is_the_next_one_at_a_tap(stage: Stage) -> None:
    await stage.publish()
    answer = await add(stage, NEW[NEW.index("## Chapter 3") :])
    assert labels(answer.message)[0] == NEXT
    await choose(stage, answer, NEXT)
    assert answer.content.startswith("Added.")
    assert labels(answer.message) == ["Undo"]
    await choose(stage, answer, "Undo")
    assert answer.content.startswith("Undone: the text of *The Lantern* is as it was before.")
    assert await post_all(stage) == f"{prose('oil', 520)}\n\n{prose('wick', 520)}"


async def test_next_chapter_is_asked_a_second_time(stage: Stage) -> None:
    await stage.publish()
    answer = await add(stage, NEW)
    assert answer.message is not None
    asked = await stage.mara.click(answer.message, label=NEXT)
    assert asked.ephemeral
    assert "66% of that file is in *The Lantern* already." in asked.content
    assert "New: Chapter 3: Flame." in asked.content
    assert labels(asked.message) == ["Add it all the same"]
    about = await stage.mara.slash(stage.stories, "story about")
    assert "2 chapters" in about.content
    await choose(stage, asked, "Add it all the same")
    about = await stage.mara.slash(stage.stories, "story about")
    assert "5 chapters" in about.content
    await choose(stage, asked, "Undo")
    assert await post_all(stage) == f"{prose('oil', 520)}\n\n{prose('wick', 520)}"


async def test_an_old_button_does_not_add_a_chapter_twice(stage: Stage) -> None:
    """The chapter came with an update since."""
    await stage.publish()
    alone = await add(stage, NEW[NEW.index("## Chapter 3") :])
    await choose(stage, await add(stage, NEW), UPDATE)
    assert alone.message is not None
    asked = await stage.mara.click(alone.message, label=NEXT)
    assert "100% of that file is in *The Lantern* already." in asked.content


async def test_a_file_that_overlaps_in_part_shows_what_is_new(stage: Stage) -> None:
    await stage.publish()
    wick = OLD[OLD.index("## Chapter 2") :]
    ash, smoke = prose("ash", 900), prose("smoke", 400)
    data = f"# Two Lights\n\n## Ash\n\n{ash}\n\n{wick}\n\n## Smoke\n\n{smoke}"
    answer = await add(stage, data)
    assert "of that file is in *The Lantern* already." in answer.content
    assert "New: Ash, Smoke." in answer.content
    assert labels(answer.message)[:2] == [NEXT, CONFIRM]
    assert answer.message is not None
    asked = await stage.mara.click(answer.message, label=NEXT)
    assert labels(asked.message) == ["Add it all the same"]


async def test_an_update_is_undone_until_something_of_it_is_posted(stage: Stage) -> None:
    await stage.publish()
    answer = await add(stage, NEW)
    await choose(stage, answer, UPDATE)
    undo = answer.message
    for count in (2, 3, 4, 5):  # the fifth is the first of chapter 3
        stage.turn_to_nine()
        await stage.until_posts(count)
    assert undo is not None
    late = await stage.mara.click(undo, label="Undo")
    await stage.playground.wait_for(lambda: late.followups, what="a sentence")
    assert "some of it has been posted" in late.followups[0]["content"]
    assert (await post_all(stage)).endswith(prose("flame", 520)[-100:])


async def test_a_draft_grows_too(stage: Stage) -> None:
    await add(stage, OLD)
    same = await add(stage, OLD)
    assert "It is a draft until you confirm it." in same.content
    assert CONFIRM in labels(same.message)
    answer = await add(stage, NEW)
    assert labels(answer.message) == [UPDATE, OWN, DISCARD]
    await choose(stage, answer, UPDATE)
    assert "3 chapters" in answer.content or "is a draft" in answer.content
    assert {CONFIRM, "Undo"} <= set(labels(answer.message))
    await choose(stage, answer, CONFIRM)
    await choose(stage, answer, "Post part 1 now, then daily")
    assert (await post_all(stage)).endswith(prose("flame", 520)[-100:])


async def test_a_grown_file_may_be_a_story_of_its_own(stage: Stage) -> None:
    await stage.publish()
    answer = await add(stage, NEW)
    await choose(stage, answer, OWN)
    assert CONFIRM in labels(answer.message)
    about = await stage.mara.slash(stage.stories, "story about")
    assert "2 chapters" in about.content


async def test_others_stories_are_not_compared(stage: Stage) -> None:
    await stage.publish()
    file = ("lantern.md", NEW.encode())
    answer = await stage.tobias.slash(stage.stories, "serial add", file=file)
    await stage.until_read(answer)
    assert labels(answer.message)[0] == CONFIRM
    assert "already" not in answer.content


async def test_text_for_adults_is_not_shown_where_it_may_not_be(stage: Stage) -> None:
    await stage.publish()
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    answer = await add(stage, NEW)
    assert labels(answer.message)[0] == UPDATE
    assert "Flame" not in answer.content
    assert "shown in age-restricted channels alone" in answer.content
    assert answer.message is not None
    asked = await stage.mara.click(answer.message, label=NEXT)
    assert "Flame" not in asked.content


async def test_a_story_under_way_elsewhere_starts_at_a_later_chapter(stage: Stage) -> None:
    answer = await add(stage, NEW)
    assert answer.message is not None
    form = await stage.mara.click(answer.message, label="Start at chapter …")
    field = "The first chapter to post here"
    wrong = await stage.mara.submit(form, {field: "9"})
    assert "has chapters 1 to 3" in wrong.content
    form = await stage.mara.click(answer.message, label="Start at chapter …")
    said = await stage.mara.submit(form, {field: "3"})
    assert "*The Lantern* starts here at chapter 3, with part 5." in said.content
    assert "What comes before is out elsewhere" in said.content
    await choose(stage, answer, CONFIRM)
    assert "Post part 5 now, then daily" in labels(answer.message)
    before = await stage.tobias.slash(stage.stories, "story read")
    assert "There is no story here yet" in before.content
    await choose(stage, answer, "Post part 5 now, then daily")
    (post,) = await stage.until_posts(1)
    assert "**Chapter 3: Flame**" in post["content"]

    about = await stage.tobias.slash(stage.stories, "story about")
    assert "6 parts, 1 of them posted in" in about.content
    assert "and 4 out elsewhere before" in about.content
    opened = await stage.tobias.slash(stage.stories, "story read")
    assert text({"content": opened.content}).startswith("Sentence number 0 of the oil")
    chapters = await stage.tobias.slash(stage.stories, "story chapters")
    assert "- Chapter 3 · 2 parts, 517 words (1 posted)" in chapters.content
    assert "to come" not in chapters.content
    await press(stage.tobias, post)
    found = await stage.tobias.slash(stage.stories, "story search", text="wick")
    assert "Sentence number" in found.content
    missed = await stage.odalys.slash(stage.stories, "story catch-up")
    assert not missed.failed
    assert await post_all(stage) == prose("flame", 520)
