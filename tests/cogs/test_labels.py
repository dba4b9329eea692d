"""Whatever things are called, their labels can be told apart and lead back to their own thing."""

from collections.abc import Sequence

import pytest
from discord import SelectOption
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput, NotFound
from bot.stories import markup
from cogs.ui import labels
from cogs.ui.choosing import SUGGESTED, Option, label, pick, suggest
from cogs.ui.components import PersistentButton, PersistentSelect, rows

UNKNOWN = "I know no such thing."
# Names that are alike in every way: cut off, in case, in spacing, in what isn't seen, and names
# that look like labels.
ALIKE = st.sampled_from(
    [
        *("A", "a", " A", "A\u200b", "Å", "Å", "A · Mara", "A (1)", "a (2)", "A · Mara · #one"),
        *("", " ", "\u200b", "#1", "x" * 100, "x" * 101, "X" * 200, "x" * 99 + "y" * 9, "🌸" * 60),
        *("ß", "SS", "İ", "i̇", "\n", "ﬁ", "FI"),
    ]
)
NAMES = ALIKE | st.text(max_size=120)
THINGS = st.lists(st.lists(NAMES, min_size=1, max_size=4), max_size=30)


def options(things: Sequence[Sequence[str]]) -> list[Option[int]]:
    return [
        Option(number, f"#{number}", name, tuple(details))
        for number, (name, *details) in enumerate(things)
    ]


@given(THINGS, st.sampled_from([labels.CHOICE, labels.BUTTON]))
def test_labels_differ_and_fit(things: list[list[str]], limit: int) -> None:
    shown = labels.distinct(things, limit)
    for same in (str.lower, str.upper, str.casefold, str.strip, labels.read):
        assert len(set(map(same, shown))) == len(things)
    for text in shown:
        assert 0 < len(text.strip()) <= len(text) <= markup.length(text) <= limit
    assert labels.distinct([(text,) for text in shown], limit) == shown


@given(THINGS)
def test_each_label_leads_to_its_own_thing(things: list[list[str]]) -> None:
    choices = options(things)
    for option, shown in zip(choices, label(choices), strict=True):
        assert pick(choices, shown, UNKNOWN) is option.thing
        assert pick(choices, f" {shown} ", UNKNOWN) is option.thing
        assert pick(choices, option.value, UNKNOWN) is option.thing


@given(THINGS)
def test_a_name_that_fits_several_is_asked_back(things: list[list[str]]) -> None:
    choices = options(things)
    for option in choices:
        same = [one for one in choices if labels.read(one.name) == labels.read(option.name)]
        if len(same) > 1 and option.name not in {one.value for one in choices}:
            with pytest.raises(BadInput):
                pick(choices, option.name, UNKNOWN)


@given(THINGS)
def test_what_is_suggested_can_be_told_apart(things: list[list[str]]) -> None:
    suggested = suggest(options(things), "")
    assert len(suggested) == min(len(things), SUGGESTED)
    assert len({choice.name.casefold() for choice in suggested}) == len(suggested)


def test_a_label_has_no_more_than_it_needs() -> None:
    things = (
        ("The Lantern", "Mara", "#one"),
        ("The Lantern", "Tobias", "#one"),
        ("the lantern", "Tobias", "#two"),
        ("The Salt Run", "Mara", "#one"),
    )
    assert labels.distinct(things, labels.CHOICE) == [
        "The Lantern · Mara",
        "The Lantern · Tobias · #one",
        "the lantern · Tobias · #two",
        "The Salt Run",
    ]


def test_what_is_the_same_in_everything_is_numbered() -> None:
    assert labels.distinct([("500 words a day", "from today")] * 3, 80) == [
        "500 words a day (1)",
        "500 words a day (2)",
        "500 words a day (3)",
    ]


def test_the_sentence_that_asks_back_names_the_distinct_ones() -> None:
    things = options([("The Lantern", "Mara"), ("The Lantern", "Tobias"), ("The Salt Run", "Mara")])
    with pytest.raises(BadInput) as asked:
        pick(things, "the lantern", UNKNOWN)
    assert str(asked.value).splitlines() == [
        "“the lantern” could be any of these. Which do you mean?",
        "- The Lantern · Mara",
        "- The Lantern · Tobias",
        "Pick a suggestion, or type one of these lines.",
    ]
    assert pick(things, "the lantern · tobias", UNKNOWN) == 1
    with pytest.raises(NotFound, match=UNKNOWN):
        pick(things, "The Pier", UNKNOWN)


class AnyButton(PersistentButton, prefix="any-button"):
    pass


class AnySelect(PersistentSelect, prefix="any-select"):
    pass


@given(st.lists(ALIKE | st.text(max_size=100), min_size=1, max_size=25))
def test_every_menu_and_every_row_of_buttons_can_be_told_apart(names: list[str]) -> None:
    menu = AnySelect("Which?", [SelectOption(label=n, value=str(i)) for i, n in enumerate(names)])
    shown = [option.label for option in menu.item.options]
    assert shown == labels.distinct([(name,) for name in names], labels.OPTION)
    buttons = [AnyButton(name or "x", number) for number, name in enumerate(names[:5])]
    view = rows(buttons[:3], buttons[3:], [menu])
    pressed = [item.item.label for item in view.children if isinstance(item, AnyButton)]
    assert len({(label or "").casefold() for label in pressed}) == len(buttons)
