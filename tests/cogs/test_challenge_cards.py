"""Whatever people are called, and however many they are, what is said of them fits a message."""

from dataclasses import replace
from datetime import date

import pytest

from bot.challenges.badges import Badge
from bot.challenges.course import NAMES_A_PAGE
from bot.challenges.records import Challenge, State
from bot.challenges.rules import Cheer
from bot.challenges.standing import ROWS, Board, Certificate, Line
from bot.challenges.telling import Evening, Final
from bot.stories import markup
from bot.words.amounts import Unit
from bot.words.day_totals import Together
from cogs.challenges import cards, pictures

LONGEST = ("W" * 32, "*_" * 16, "字" * 32, "👩‍🚀" * 10, "")
CHALLENGE = Challenge(
    1, 1, 1, "*" * 80, Unit.CHAPTERS, 10_000_000, date(2026, 11, 1), date(2026, 11, 30),
    State.RUNNING,
)  # fmt: skip
OVER = replace(CHALLENGE, state=State.OVER)
ROOM = 2000


def board(lines: tuple[tuple[int, Line], ...], challenge: Challenge = CHALLENGE) -> Board:
    return Board(challenge, 15, 30, 9_999_999_999, 9_999_999_999, 9_999_999_999, 999, 99, lines)


@pytest.mark.parametrize("name", LONGEST)
def test_everything_fits_with_the_longest_names(name: str) -> None:
    line = Line(name or None, 10_000_000, 10_000_000)
    found = cards.board(board(((1, line),) * ROWS))
    assert found.count("100%") == ROWS
    everyone = dict.fromkeys(Badge, [name or None] * 200)
    evening = Evening(
        CHALLENGE, 15, 30, 9_999_999_999, 9_999_999_999, 9_999_999_999,
        Together(9_999_999, 200), 200, Cheer.HALFWAY, name, everyone,
    )  # fmt: skip
    link = f"https://discord.com/channels/{1 << 63}/{1 << 63}/{1 << 63}"
    told = cards.evening(evening, pictures.room(evening), link)
    assert told.count("\n- ") == len(Badge)
    wrote = replace(line, written=9_999_999)
    final = Final(OVER, 9_999_999, 999, [line] * 10 + [wrote] * (NAMES_A_PAGE - 10), everyone)
    named = cards.final(final, 0)
    assert named.count("999,999") >= NAMES_A_PAGE - 10
    assert "10,000,000" in named
    mine = Certificate(OVER, name, 9_999_999, 10_000_000, CHALLENGE.first, 30, list(Badge))
    for text in (found, told, named, cards.certificate(mine)):
        assert markup.length(text) <= ROOM


@pytest.mark.parametrize(
    ("total", "target", "bar"),
    [(0, 0, "▱" * 10), (-50, 100, "▱" * 10), (99, 100, "▰" * 9 + "▱"), (300, 100, "▰" * 10)],
)
def test_the_bar(total: int, target: int, bar: str) -> None:
    assert f"{bar} **" in cards.board(replace(board(()), total=total, target=target))


@pytest.mark.parametrize(
    ("cheer", "says"),
    [
        (Cheer.HALFWAY, "**Mara** is the first on the board past halfway!"),
        (Cheer.BIGGEST, "**300 words today.** The biggest day so far, by 3 writers!"),
        (Cheer.EVERYONE, "Everyone who is in it has written today!"),
        (Cheer.MOST, "3 have written, more than on any day before!"),
        (Cheer.SOME, "3 of 5 have written."),
        (Cheer.NOBODY, "A quiet day so far."),
    ],
)
def test_what_is_cheered_for(cheer: Cheer, says: str) -> None:
    words = replace(CHALLENGE, unit=Unit.WORDS)
    evening = Evening(words, 3, 30, 900, 1000, 100, Together(300, 3), 5, cheer, "Mara", {})
    found = cards.evening(evening, pictures.room(evening), None)
    assert says in found
    assert "Together 900 of 1,000 words, day 3 of 30, 800 ahead of par." in found


def test_badges_have_names_in_every_unit() -> None:
    assert [cards.badge(one, Unit.PAGES) for one in (Badge.FIRST, Badge.ROW_14)] == [
        "first pages", "14 days in a row",
    ]  # fmt: skip
    assert len({cards.badge(one, Unit.WORDS) for one in Badge}) == len(Badge)
