from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.challenges.badges import A_DAY, ROWS, Badge, earned, kept_par, longest_row, row
from bot.challenges.rules import par
from bot.words.amounts import Unit
from bot.words.day_totals import Day

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def written(amounts: Mapping[int, int]) -> dict[date, Day]:
    """By the day of November."""
    return {date(2026, 11, day): Day(amount, 1) for day, amount in amounts.items()}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({}, set()),
        ({3: 0}, set()),
        ({3: -5}, set()),
        ({3: 1}, {Badge.FIRST}),
        ({3: 1_666}, {Badge.FIRST}),
        ({3: 1_667}, {Badge.FIRST, Badge.DAY_1667}),
        ({1: 2_500, 9: 2_500}, {Badge.FIRST, Badge.DAY_1667, Badge.K5}),
        ({1: 0, 2: 0, 3: 0}, {Badge.ROW_3}),
        ({1: 0, 2: 0, 4: 0, 5: 0}, set()),
        (dict.fromkeys(range(1, 8), 100), {Badge.FIRST, Badge.ROW_3, Badge.ROW_7}),
        ({3: 30_000, 4: -25_000}, {Badge.FIRST, Badge.DAY_1667, Badge.K5}),
    ],
)
def test_what_days_earn(amounts: dict[int, int], expected: set[Badge]) -> None:
    assert earned(written(amounts), Unit.WORDS, 50_000) == expected


def test_a_whole_november_earns_everything() -> None:
    days = written(dict.fromkeys(range(1, 31), 1_667))
    assert earned(days, Unit.WORDS, 50_000) | {Badge.PAR_EVERY_DAY} == set(Badge)
    assert kept_par(days, 50_000, FIRST, LAST)


def test_halfway_is_of_ones_own_target_and_pages_are_no_words() -> None:
    days = written({5: 2_500})
    assert Badge.HALFWAY in earned(days, Unit.WORDS, 5_000)
    assert Badge.HALFWAY not in earned(days, Unit.WORDS, 5_001)
    assert earned(days, Unit.PAGES, 5_000) == {Badge.FIRST, Badge.HALFWAY}


@pytest.mark.parametrize(
    ("amounts", "first", "kept"),
    [
        ({1: 50_000}, 1, True),
        ({2: 50_000}, 1, False),
        ({1: 1_667, 2: 1_666} | dict.fromkeys(range(3, 31), 1_667), 1, False),
        ({2: 50_000}, 21, True),  # before they came
        ({21: 5_000, 22: 45_000}, 21, True),
        ({21: 4_999, 22: 45_001}, 21, False),
    ],
)
def test_par_every_day(amounts: dict[int, int], first: int, kept: bool) -> None:
    assert kept_par(written(amounts), 50_000, date(2026, 11, first), LAST) is kept


@given(st.lists(st.integers(0, 3000), min_size=30, max_size=30), st.integers(1, 90_000))
def test_par_is_kept_by_who_is_nowhere_below_it(amounts: list[int], target: int) -> None:
    days = written(dict(enumerate(amounts, start=1)))
    evenings = [FIRST + timedelta(days=number) for number in range(30)]
    sums = [sum(amounts[: number + 1]) for number in range(30)]
    pars = [par(target, FIRST, LAST, evening) for evening in evenings]
    expected = all(had >= asked for had, asked in zip(sums, pars, strict=True))
    assert kept_par(days, target, FIRST, LAST) is expected


@given(st.sets(st.integers(0, 60)))
def test_rows_are_days_without_a_gap(numbers: set[int]) -> None:
    days = [FIRST + timedelta(days=number) for number in sorted(numbers)]
    text = "".join("x" if number in numbers else " " for number in range(62))
    assert longest_row(days) == max(map(len, text.split()), default=0)
    for number in range(62):
        today = FIRST + timedelta(days=number)
        so_far = text[: number + 1] if number in numbers else text[:number]
        assert row(days, today) == len(so_far) - len(so_far.rstrip("x"))


def test_the_lengths_are_those_that_are_told() -> None:
    assert sorted(ROWS.values()) == [3, 7, 14, 21, 30]
    assert 29 * A_DAY < 50_000 <= 30 * A_DAY
