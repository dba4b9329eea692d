"""What is said of each picture."""

from datetime import date

import pytest

from bot.charts.data import Bars, Calendar, Certificate, Cumulative, Thermometer, stands

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def november(*amounts: int | None) -> Calendar:
    return Calendar("Mara", "words", date(2026, 11, 15), (*amounts, *[None] * (30 - len(amounts))))


def target(*amounts: int, unit: str = "words") -> Cumulative:
    pars = tuple(1000 * (day + 1) for day in range(10))
    return Cumulative("10,000 words", unit, 10_000, FIRST, amounts, pars)


@pytest.mark.parametrize(
    ("month", "said"),
    [
        (november(), "nothing is logged yet."),
        (november(1), "1 word on 1 day."),
        (november(0, 0), "0 words on 2 days."),
        (november(-40, -2), "-42 words on 2 days."),
        (
            november(100, None, 2000, 0, 2000, -50),
            "4,050 words on 5 days; the most on 3 November: 2,000.",
        ),
    ],
)
def test_a_month(month: Calendar, said: str) -> None:
    assert month.said == f"November 2026: {said}"


@pytest.mark.parametrize(
    ("written", "goal", "day", "par", "said"),
    [
        (23_410, 50_000, 15, 25_000, "23,410 of 50,000 words, day 15 of 30, 1,590 behind par"),
        (25_001, 50_000, 15, 25_000, "25,001 of 50,000 words, day 15 of 30, 1 ahead of par"),
        (25_000, 50_000, 15, 25_000, "25,000 of 50,000 words, day 15 of 30, on par"),
        (-200, 50_000, 1, 1667, "-200 of 50,000 words, day 1 of 30, 1,867 behind par"),
        (50_000, 50_000, 15, 25_000, "50,000 of 50,000 words, day 15 of 30: done"),
        (0, 1, 30, 1, "0 of 1 word, day 30 of 30, 1 behind par"),
        (1234, 0, 15, 0, "1,234 words, day 15 of 30"),
    ],
)
def test_where_a_target_stands(written: int, goal: int, day: int, par: int, said: str) -> None:
    assert stands(written, goal, "words", day, 30, par) == said
    room = Thermometer("Writers", "words", written, goal, par, day, 30)
    assert room.said == f"Writers: {said}."


@pytest.mark.parametrize(
    ("amounts", "elapsed"),
    [
        ((0,), None),
        ((800,), 1),
        ((800, 0), 1),  # the second day may yet bring something
        ((800, 400), 2),
        ((800, -200), 1),
        ((-5, 3), None),
        ((10_000,), None),  # done
        ((100,) * 10, None),  # over
    ],
)
def test_the_days_of_the_pace_so_far(amounts: tuple[int, ...], elapsed: int | None) -> None:
    assert target(*amounts).elapsed == elapsed


def test_a_target_is_said_as_of_its_last_amount() -> None:
    way = target(800, 0, 400)
    assert way.said == "1,200 of 10,000 words, day 3 of 10, 1,800 behind par"
    assert (way.today, way.last) == (date(2026, 11, 3), date(2026, 11, 10))


def test_results() -> None:
    lines = [(1, "Mara", 515), (1, "さくら", 515), (3, "Ines", 0)]
    assert Bars("Sprint", "words", tuple(lines)).said == (
        "Together 1,030 words. 1. Mara, 515; 1. さくら, 515; 3. Ines, 0"
    )
    many = Bars("Sprint", "words", tuple((n, "W" * 32, 10_000_000) for n in range(1, 41)))
    assert many.said.startswith("Together 400,000,000 words. ")
    assert many.said.endswith("; and 25 more")
    assert len(many.said) <= 1024  # what Discord takes as a description


def test_those_who_tie_at_the_last_bar_are_shown_together_or_not_at_all() -> None:
    def results(*places: int) -> Bars:
        return Bars("Sprint", "words", tuple((n, "Mara", 900 - n) for n in places))

    split = results(*range(1, 14), 14, 14, 14, 14)
    assert [place for place, _, _ in split.shown] == [*range(1, 14)]
    assert split.said.endswith("13. Mara, 887; and 4 more")
    whole = results(*range(1, 15), 15, 16, 16)
    assert [place for place, _, _ in whole.shown] == [*range(1, 16)]
    assert results(*range(1, 14), 14, 14).left_out == 0


def test_certificates() -> None:
    reached = Certificate("November", "Mara", "words", 50_123, 50_000, FIRST, LAST, 28)
    assert reached.said == (
        "November: Mara wrote 50,123 words from 1 November 2026 to 30 November 2026, on 28 days. "
        "The goal of 50,000 is reached."
    )
    kept = Certificate("November", "Mara", "words", 1, 50_000, FIRST, FIRST, 1)
    assert kept.said == "November: Mara wrote 1 word on 1 November 2026, on 1 day."
    assert not Certificate("November", "Mara", "words", 7, 0, FIRST, LAST, 1).reached
