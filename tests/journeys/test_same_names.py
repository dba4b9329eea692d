"""Two of everything with one name: whatever is suggested or offered can be told apart."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.journeys.stage import Stage, labels, other_story, story
from tests.test_house import every_command

TWICE = {"story", "serial", "goal", "plan", "project", "at", "zone", "length"}  # options
CONFIRM, BEGIN = "Confirm: I wrote it or have leave", "Post part 1 now, then daily"

INTERLUDES = story().replace(b"Chapter 1: Oil", b"Interlude")
INTERLUDES = INTERLUDES.replace(b"Chapter 2: Wick", b"Interlude")


@pytest.fixture
async def twins(stage: Stage) -> Stage:
    """Mara has two stories of one title in one channel, and two goals, plans and projects that
    read the same; Tobias has a story of that title as well."""
    await stage.publish(INTERLUDES)
    await stage.publish(other_story("tar", "rope"), "again.md")
    draft = await stage.tobias.slash(
        stage.stories, "serial add", file=("mine.md", story()), author="Tobias"
    )
    assert draft.message is not None
    await stage.tobias.click(draft.message, label=CONFIRM)
    for title in ("Novel", "Nov\u200bel"):
        await stage.mara.slash(stage.stories, "project create", title=title)
    for _ in range(2):
        await stage.mara.slash(stage.stories, "goal set", amount="500")
        await stage.mara.slash(stage.stories, "sprint plan add", time="21:00")
    return stage


async def test_every_option_that_suggests_tells_twins_apart(twins: Stage, tmp_path: Path) -> None:
    walked = set()
    for command in await every_command(tmp_path):
        for option in command.parameters:
            if not option.autocomplete:
                continue
            for typed in ("", "300"):
                who = twins.odalys if command.qualified_name.startswith("setup") else twins.mara
                choices = await who.autocomplete(
                    twins.stories, command.qualified_name, option.display_name, typed
                )
                names = [choice.name.casefold() for choice in choices]
                assert len(set(names)) == len(names), (command.qualified_name, option.display_name)
                if not typed and option.display_name in TWICE and option.display_name != "at":
                    assert len(names) > 1, (command.qualified_name, option.display_name)
            walked.add(option.display_name)
    assert walked > TWICE
    assert twins.playground.problems == []


async def test_chapters_of_one_title_are_told_apart(twins: Stage) -> None:
    at = await twins.mara.autocomplete(twins.stories, "story place", "at", "", story="#1")
    assert [choice.name for choice in at] == [
        "caught up: I read every part as it comes",
        "at the start",
        "all that is out of The opening",
    ]
    for _ in range(3):
        await twins.mara.slash(twins.stories, "serial post-now", serial="#1")
        await twins.settle()
    await twins.mara.slash(twins.stories, "story place", at="caught up", story="#1")
    at = await twins.mara.autocomplete(twins.stories, "story place", "at", "interlude", story="#1")
    first, second = (choice.name for choice in at)
    assert (first, second) == (
        "finished Interlude · the opening",
        "finished Interlude · the opening (2)",
    )
    asked = await twins.mara.slash(twins.stories, "story place", at="Interlude", story="#1")
    assert "could be any of these" in asked.content
    placed = await twins.mara.slash(twins.stories, "story place", at=first, story="#1")
    assert placed.content == "You have read up to Interlude, part 2."
    page = await twins.mara.slash(twins.stories, "story read", story="#1")
    assert page.message is not None
    menu = page.message["components"][1]["components"][0]["options"]
    assert [one["label"] for one in menu] == ["Interlude (1)", "Interlude (2)"]


async def test_a_typed_name_that_fits_several_is_asked_back(twins: Stage) -> None:
    for command, option, name in (
        ("serial remove", "serial", "the lantern"),
        ("story read", "story", "The Lantern"),
        ("goal remove", "goal", "500 words a day"),
        ("sprint plan remove", "plan", "21:00 every day"),
    ):
        asked = await twins.mara.slash(twins.stories, command, **{option: name})
        first, *lines, _ = asked.content.splitlines()
        assert first == f"“{name}” could be any of these. Which do you mean?"
        assert len({line.casefold() for line in lines}) == len(lines) > 1
        assert asked.ephemeral
    assert len((await twins.mara.slash(twins.stories, "goal list")).content.splitlines()) == 4


async def test_a_typed_label_and_a_suggestion_reach_their_own(twins: Stage) -> None:
    goals = await twins.mara.autocomplete(twins.stories, "goal remove", "goal", "")
    assert [choice.name for choice in goals] == ["500 words a day (1)", "500 words a day (2)"]
    await twins.mara.slash(twins.stories, "goal remove", goal="500 words a day (2)")
    (left,) = await twins.mara.autocomplete(twins.stories, "goal remove", "goal", "")
    assert (left.name, left.value) == ("500 words a day", goals[0].value)
    plans = await twins.mara.autocomplete(twins.stories, "sprint plan remove", "plan", "")
    gone = await twins.mara.slash(twins.stories, "sprint plan remove", plan=str(plans[1].value))
    assert "It won't come again." in gone.content
    (plan,) = await twins.mara.autocomplete(twins.stories, "sprint plan remove", "plan", "")
    assert plan.value == plans[0].value


async def test_lists_and_buttons_tell_stories_of_one_title_apart(twins: Stage) -> None:
    file = ("three.md", other_story("moss", "salt"))
    draft = await twins.mara.slash(twins.stories, "serial add", file=file)
    appends = [label for label in labels(draft.message) if label.startswith("Next chapter")]
    assert len({label.casefold() for label in appends}) == len(appends) == 2
    status = await twins.mara.slash(twins.stories, "serial status")
    heads = [line for line in status.content.splitlines() if line.startswith("*The Lantern")]
    names = {head.partition("* ")[0] for head in heads}
    assert len(names) == len(heads) >= 3
    assert "The buttons are for *The Lantern · " in status.content


def test_menus_and_rows_of_buttons_are_made_in_one_place() -> None:
    """So that none is made whose labels were not made distinct."""
    for path in sorted((ROOT / "cogs").rglob("*.py")):
        text = path.read_text()
        if path.name != "components.py":
            assert "add_item(" not in text, path
            assert " Select(" not in text, path
