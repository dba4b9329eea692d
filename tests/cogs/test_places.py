"""Boards keep those who tie together, whatever fits a message."""

import pytest

from bot.stories import markup
from bot.words.amounts import Unit
from cogs.ui.formats import ROOM
from cogs.ui.names import called
from cogs.ui.places import Ranked, ordinal, own_place, ranking


def ranked(place: int, name: str, amount: int) -> Ranked:
    line = f"**{place}. {called(name)}** · {amount:,}"
    return Ranked(place, name, f"{amount:,}", line)


def test_ties_have_lines_of_their_own_while_these_fit() -> None:
    found = [ranked(1, "Mara", 90), ranked(2, "Ines", 80), ranked(2, "Kai", 80)]
    assert ranking(["Board"], found, "End") == (
        "Board\n**1. Mara** · 90\n**2. Ines** · 80\n**2. Kai** · 80\nEnd"
    )


@pytest.mark.parametrize("name", ["Kai", "W" * 32, "*_" * 16, "ש" * 32])
def test_where_they_do_not_fit_they_share_one(name: str) -> None:
    found = [ranked(place, name, 900 - place) for place in range(1, 15)]
    found += [ranked(15, name, 500)] * 700
    told = ranking(["Board"], found, "End")
    lines = told.splitlines()
    assert lines[1] == found[0].line
    assert lines[14] == found[13].line
    assert lines[15].startswith(f"**15.** {called(name)}, ")
    assert lines[15].endswith(" more · 500")
    assert lines[16:] == ["End"]
    assert markup.length(told) <= ROOM


def test_a_tie_that_fills_the_board_leaves_room_for_who_comes_next() -> None:
    found = [ranked(1, "W" * 32, 90)] * 60 + [ranked(61, "Kai", 80)]
    *tied, after, last = ranking([], found, "End").splitlines()
    assert (after, last) == ("**61. Kai** · 80", "End")
    assert len(tied) == 1
    assert tied[0].endswith(" more · 90")


def test_those_who_are_left_out_are_counted() -> None:
    found = [ranked(place, "W" * 32, 900 - place) for place in range(1, 60)]
    told = ranking([], found, "End").splitlines()
    shown = told[:-2]
    assert len(shown) > 30
    assert told[-2:] == [f"… and {59 - len(shown)} more", "End"]


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (23, "23rd"), (100, "100th"), (111, "111th"), (1002, "1,002nd")],
)  # fmt: skip
def test_places_are_said_as_english_does(number: int, said: str) -> None:
    assert ordinal(number) == said
    assert own_place(number, 812, Unit.WORDS) == f"You're {said} with 812 words."
