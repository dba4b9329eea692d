"""Whatever people are called, and however many they are, what is said of them fits a message."""

from dataclasses import replace
from datetime import date, timedelta

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
from bot.words.ledger import Entry, Place
from cogs.challenges import cards, pictures

LONGEST = ("W" * 32, "*_" * 16, "字" * 32, "ש" * 32, "👩‍🚀" * 10, "")
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
        CHALLENGE, 30, 30, 9_999_999_999, 9_999_999_999, 9_999_999_999,
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
    assert named.count("\n- ") == len(Badge)
    mine = Certificate(OVER, name, 9_999_999, 10_000_000, CHALLENGE.first, 30, list(Badge))
    for text in (found, told, named, cards.certificate(mine)):
        assert markup.length(text) <= ROOM


def test_the_last_evening_says_until_when_words_count() -> None:
    evening = Evening(CHALLENGE, 29, 30, 900, 1000, 870, Together(30, 2), 5, Cheer.SOME, None, {})
    until = "-# The end is told <t:1796126400:f>; what is logged until then"  # 1 December, noon UTC
    for day, says in ((29, False), (30, True)):
        told = cards.evening(replace(evening, day=day), pictures.room(evening), None)
        assert (until in told) == says


def test_the_end_of_one_that_nobody_wrote_for() -> None:
    assert cards.final(Final(OVER, 0, 0, [], {}), 0).endswith(
        "Nothing was logged for it this time."
    )


def test_only_the_first_page_of_the_end_ends_with_praise() -> None:
    final = Final(OVER, 300, 1, [Line("Mara", 300, 1_000)], {})
    assert "**300 chapters** by 1 writer. None of it was there on 31 October" in cards.final(
        final, 0
    )
    assert [cards.final(final, page).count("Well done") for page in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (30, "today. `/words history` puts it right."),
        (29, "Sunday 29 November. `/words history` puts it right."),
        (31, f"Tuesday 1 December, which is no day of {cards.title(CHALLENGE)}."),
    ],
)
def test_what_was_added_and_whether_it_counts(day: int, says: str) -> None:
    written_on = date(2026, 10, 31) + timedelta(days=day)
    entry = Entry(1, Place(1, Unit.WORDS, written_on, 1), "Novel", 3, 0, "wrote", None, False)
    noted = cards.noted(CHALLENGE, entry, date(2026, 11, 30))
    assert noted.startswith(f"Noted: **3 chapters** for {says}")


def test_who_leaves_is_told_of_a_way_back_while_there_is_one() -> None:
    for challenge, way_back in ((CHALLENGE, True), (OVER, False)):
        assert ("brings you back" in cards.left(challenge)) == way_back


def test_a_challenge_of_one_day_is_on_it() -> None:
    day = replace(CHALLENGE, first=CHALLENGE.last)
    assert cards.asked(day).endswith("chapters on 30 November 2026")


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
