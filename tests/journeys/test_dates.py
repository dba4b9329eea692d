"""Every command option and form that takes a date reads it in the same way, names the day it
understood, and offers what the same figures mean elsewhere. It is Tuesday 12 January 2027."""

import re
from collections.abc import Iterator

import pytest
from discord.ui import TextInput

from cogs.ui.components import Form
from playground.people import Answer
from tests.journeys.stage import HOUR, MINUTE, Json, Stage, labels
from tests.journeys.steps import STRING, leaves

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
ABOUT_A_DATE = re.compile(
    rf"(?<!of )(?<!your )(?<!\ba )\b[Dd]ay\b|\b[Dd]ate\b|\d{{4}}-\d\d|\b({MONTHS}|Nov|Dec)\b"
)
FIGURES = "3/11"
PAST = ("Tuesday 3 November 2026", "11 March 2026", "Wednesday 11 March 2026")
COMING = ("Thursday 11 March", "3 November", "Wednesday 3 November")
NEAREST = ("Thursday 11 March", "3 November 2026", "Tuesday 3 November 2026")

# What else is said, and what is understood, offered, and understood once that is pressed.
OPTIONS: dict[str, tuple[dict[str, str], tuple[str, str, str]]] = {
    "wrote date": ({"amount": "60"}, PAST),
    "words add date": ({"amount": "60"}, PAST),
    "goal set by": ({"amount": "1000"}, COMING),
    "goal set start": ({"amount": "1000", "by": "2027-12-31"}, NEAREST),
    "challenge create first": ({"amount": "1000"}, COMING),
    "challenge create last": ({"amount": "1000"}, COMING),
    "challenge edit first": ({}, COMING),
    "challenge edit last": ({}, COMING),
    "serial schedule starts": ({}, COMING),
    "serial preview finish": ({}, COMING),
}
TO_EDIT = {"amount": "1000", "first": "2027-02-20", "last": "2027-11-20"}
FORMS = {"MoveForm Date", "AddForm On which day"}


@pytest.fixture
def stage(in_january: Stage) -> Stage:
    return in_january


def forms(above: type[Form]) -> Iterator[type[Form]]:
    for form in above.__subclasses__():
        yield form
        yield from forms(form)


async def test_all_that_take_a_date_are_known_here(stage: Stage) -> None:
    """A new one is put into the tables above, and so has to keep to what they say."""
    found = {
        f"{name} {option['name']}"
        for name, leaf in leaves(stage.world.commands(stage.odalys.id, stage.stories))
        for option in leaf.get("options") or []
        if option["type"] == STRING and not option.get("choices")
        if ABOUT_A_DATE.search(option["description"]) or ABOUT_A_DATE.search(option["name"])
    }
    assert found == set(OPTIONS)
    fields = {
        f"{form.__name__} {field.to_component_dict()['label']}"
        for form in forms(Form)
        for field in vars(form).values()
        if isinstance(field, TextInput)
    }
    assert {field for field in fields if ABOUT_A_DATE.search(field)} == FORMS


def shown(answer: Answer, offer: str) -> Json:
    """The message of an answer that bears the offer."""
    messages = [answer.message, *answer.followups]
    return next(one for one in messages if one is not None and f"I meant {offer}" in labels(one))


@pytest.mark.parametrize("name", OPTIONS)
async def test_an_option_reads_figures_and_offers_the_other_day(stage: Stage, name: str) -> None:
    command, _, option = name.rpartition(" ")
    others, (understood, offer, meant) = OPTIONS[name]
    await stage.publish()
    if command == "challenge edit":
        await stage.odalys.slash(stage.stories, "challenge create", **TO_EDIT)
    person = stage.odalys if command.startswith("challenge") else stage.mara
    answer = await person.slash(stage.stories, command, **others, **{option: FIGURES})
    await stage.playground.wait_for(lambda: "I meant" in str((answer.message, answer.followups)))
    message = shown(answer, offer)
    assert re.search(rf"{understood}\b(?! 20)", message["content"])
    pressed = await person.click(message, label=f"I meant {offer}")
    assert re.search(rf"{meant}\b(?! 20)", pressed.content)
    assert "I meant" not in str(labels(pressed.message))


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("typed", ["2027-03-04", "4 March 2027", "Mar 4, 2027", "4.3.2027"])
async def test_an_option_reads_a_date_in_all_ways(stage: Stage, name: str, typed: str) -> None:
    command, _, option = name.rpartition(" ")
    others, (_, _, meant) = OPTIONS[name]
    if meant == PAST[2]:
        typed = typed.replace("2027", "2025")
    await stage.publish()
    if command == "challenge edit":
        await stage.odalys.slash(stage.stories, "challenge create", **TO_EDIT)
    person = stage.odalys if command.startswith("challenge") else stage.mara
    answer = await person.slash(stage.stories, command, **others, **{option: typed})
    said = "Tuesday 4 March 2025" if meant == PAST[2] else "Thursday 4 March"
    await stage.playground.wait_for(lambda: said in str((answer.message, answer.followups)))
    assert "I meant" not in str((answer.message, answer.followups))


async def test_the_form_that_moves_an_entry(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "words add", amount="60")
    history = await stage.mara.slash(stage.stories, "words history")
    assert history.message is not None
    (menu,) = history.message["components"][0]["components"]
    entry = await stage.mara.choose(history.message, [menu["options"][0]["value"]])
    assert entry.message is not None
    form = await stage.mara.click(entry.message, label="Move")
    moved = await stage.mara.submit(form, {"Date": FIGURES})
    assert "on Tuesday 3 November 2026 for" in moved.content
    assert moved.message is not None
    meant = await stage.mara.click(moved.message, label="I meant 11 March 2026")
    assert "on Wednesday 11 March 2026 for" in meant.content


async def test_the_form_of_a_challenge(stage: Stage) -> None:
    await stage.odalys.slash(
        stage.stories, "challenge create", amount="1000", first="2026-11-01", last="2027-02-01"
    )
    (board,) = await stage.until_posts(1)
    asked = await stage.mara.click(board, label="Join")
    assert asked.message is not None
    await stage.mara.click(asked.message, label="Listed")
    await stage.mara.slash(stage.stories, "words add", amount="5")
    stage.turn(13 * HOUR + MINUTE)
    _, evening = await stage.until_posts(2)
    form = await stage.mara.click(evening, label="Add my words")
    added = await stage.mara.submit(form, {"How much": "60", "On which day": FIGURES})
    assert "Noted: **60 words** for Tuesday 3 November 2026." in added.content
    assert added.message is not None
    meant = await stage.mara.click(added.message, label="I meant 11 March 2026")
    assert "**60 words** for Wednesday 11 March 2026, which is no day of" in meant.content


async def test_a_challenge_keeps_its_days_once_somebody_is_in_it(stage: Stage) -> None:
    made = await stage.odalys.slash(stage.stories, "challenge create", amount="1000", last=FIGURES)
    (board,) = await stage.until_posts(1)
    assert "by 11 March 2027" in board["content"]
    asked = await stage.mara.click(board, label="Join")
    assert asked.message is not None
    await stage.mara.click(asked.message, label="Listed")
    assert made.message is not None
    refused = await stage.odalys.click(made.message, label="I meant 3 November")
    assert "somebody has joined" in refused.content
