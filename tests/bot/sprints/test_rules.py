from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sprints.rules import MINUTE, Means, Reading, chosen, own_time, places, read, wpm
from bot.words.amounts import MOST, Amount, Sign, parse

PACE, MINUTES = 150, 20
MOST_BELIEVED = PACE * (MINUTES + 1)

WRITTEN, TOTAL = Means.WRITTEN, Means.TOTAL


@pytest.mark.parametrize(
    ("typed", "start", "written", "reading"),
    [
        # A running total.
        ("12650", 12350, None, Reading(300, 12650)),
        ("12,650", 12350, 300, Reading(300, 12650)),
        ("12350", 12350, None, Reading(0, 12350)),
        ("=12650", 12350, None, Reading(300, 12650)),
        ("=350", 0, None, Reading(350, 350)),
        # … where the start is not known.
        ("12350", None, None, Reading(None, 12350, confirmed=False, other=WRITTEN)),
        ("=350", None, None, Reading(None, 350, confirmed=False)),
        ("=350", None, 100, Reading(None, 350, confirmed=False)),
        # … which is also what may have been written.
        ("515", 500, None, Reading(15, 515, other=WRITTEN)),
        ("3000", 100, None, Reading(2900, 3000, other=WRITTEN)),
        # Below the start, or further than anyone gets: what was written.
        ("350", 12350, None, Reading(350, 12700, other=TOTAL)),
        ("450", 500, None, Reading(450, 950, other=TOTAL)),
        ("0", 12350, None, Reading(0, 12350)),
        # What was written.
        ("350", None, None, Reading(350, None, other=TOTAL)),
        ("350", 0, None, Reading(350, 350)),
        ("0", None, None, Reading(0, None)),
        ("0", 0, None, Reading(0, 0)),
        ("+350", 12350, None, Reading(350, 12700)),
        ("350 new", None, None, Reading(350, None)),
        ("+0", None, None, Reading(0, None)),
        ("+350", 12350, 0, Reading(350, 12700)),
        # … on top of what was declared, or in all.
        ("+350", None, 300, Reading(650, None, other=WRITTEN)),
        ("+350", 12350, 300, Reading(650, 13000, other=WRITTEN)),
        ("350 new", 12350, 300, Reading(650, 13000, other=WRITTEN)),
        ("+2000", None, 2000, Reading(2000, None)),
        # Taking back.
        ("-40", 12350, 300, Reading(260, 12610)),
        ("-300", None, 300, Reading(0, None)),
        # What nobody writes, or not at this pace.
        ("-40", None, None, Reading(-40, None, confirmed=False)),
        ("-301", 500, 300, Reading(-1, 499, confirmed=False)),
        ("=450", 500, None, Reading(-50, 450, confirmed=False)),
        ("90000", 12350, None, Reading(77650, 90000, confirmed=False, other=WRITTEN)),
        ("5000", 7000, None, Reading(-2000, 5000, confirmed=False, other=WRITTEN)),
        ("5000", 0, None, Reading(5000, 5000, confirmed=False)),
        ("=90000", 12350, None, Reading(77650, 90000, confirmed=False)),
        ("+5000", None, None, Reading(5000, None, confirmed=False)),
        ("+5000", None, 100, Reading(5100, None, confirmed=False, other=WRITTEN)),
        # To the word.
        ("+3150", None, None, Reading(3150, None)),
        ("+3151", None, None, Reading(3151, None, confirmed=False)),
        ("3150", None, None, Reading(3150, None, other=TOTAL)),
        ("3151", None, None, Reading(None, 3151, confirmed=False, other=WRITTEN)),
    ],
)
def test_what_a_declaration_comes_to(
    typed: str, start: int | None, written: int | None, reading: Reading
) -> None:
    said = parse(typed)
    assert read(said, start=start, written=written, minutes=MINUTES, pace=PACE) == reading


@pytest.mark.parametrize(
    ("minutes", "pace", "confirmed"),
    [(20, 150, True), (20, 40, False), (5, 150, False), (5, 200, True), (0.02, 150, False)],
)
def test_what_is_believed_depends_on_the_time_and_on_the_writers_own_pace(
    minutes: float, pace: int, confirmed: bool
) -> None:
    said = Amount(Sign.MORE, 1000)
    assert read(said, start=None, written=None, minutes=minutes, pace=pace).confirmed is confirmed


@pytest.mark.parametrize(
    ("number", "means", "start", "reading"),
    [
        (515, WRITTEN, 500, Reading(515, 1015)),
        (515, WRITTEN, None, Reading(515, None)),
        (515, TOTAL, 500, Reading(15, 515)),
        (515, TOTAL, None, Reading(None, 515, confirmed=False)),
        (90000, WRITTEN, None, Reading(90000, None)),
        (-50, WRITTEN, 500, Reading(-50, 450)),
    ],
)
def test_what_is_said_outright_is_taken_at_its_word(
    number: int, means: Means, start: int | None, reading: Reading
) -> None:
    assert chosen(number, means, start) == reading


numbers = st.one_of(st.integers(0, 2 * MOST_BELIEVED), st.integers(0, MOST))
amounts = st.builds(Amount, st.sampled_from(Sign), numbers)
starts = st.one_of(st.none(), numbers)
declared = st.one_of(st.none(), numbers, st.integers(-MOST, MOST))


@given(amounts, starts, declared)
def test_of_every_declaration(said: Amount, start: int | None, written: int | None) -> None:
    reading = read(said, start=start, written=written, minutes=MINUTES, pace=PACE)
    if reading.written is None:  # a total without a start
        assert start is None
        assert said.sign in (Sign.BARE, Sign.TOTAL)
        assert reading.count == said.number
        assert not reading.confirmed
        return
    assert reading.confirmed == (0 <= reading.written <= MOST_BELIEVED)
    assert reading.count == (None if start is None else start + reading.written)
    if reading.other is not None:
        other = chosen(said.number, reading.other, start)
        assert other.written != reading.written


@given(numbers, starts)
def test_whoever_says_what_it_is_is_never_asked(number: int, start: int | None) -> None:
    """`+` before anything is declared, and `=` after a start."""
    more = read(Amount(Sign.MORE, number), start=start, written=None, minutes=MINUTES, pace=PACE)
    assert (more.written, more.other) == (number, None)
    if start is not None:
        all_of_it = Amount(Sign.TOTAL, start + number)
        total = read(all_of_it, start=start, written=None, minutes=MINUTES, pace=PACE)
        assert (total.written, total.other) == (number, None)


@given(st.integers(0, 1000), st.integers(0, 1000), starts)
def test_taking_back_what_was_added_leads_back(before: int, more: int, start: int | None) -> None:
    def then(written: int, sign: Sign) -> int:
        said = Amount(sign, more)
        found = read(said, start=start, written=written, minutes=MINUTES, pace=PACE).written
        assert found is not None
        return found

    assert then(then(before, Sign.MORE), Sign.LESS) == before


@pytest.mark.parametrize(
    ("words", "milliseconds", "speed"),
    [
        (400, 20 * MINUTE, 20),
        (0, 20 * MINUTE, 0),
        (10, 20 * MINUTE, 0),
        (-40, 20 * MINUTE, -2),
        (3, 1000, 180),
        (100, 90_000, 67),
    ],
)
def test_speed(words: int, milliseconds: int, speed: int) -> None:
    assert wpm(words, milliseconds) == speed


@pytest.mark.parametrize(
    ("starts", "ends", "joined", "time"),
    [
        (100, 1300, -500, 1200),  # in minutes, long before
        (100, 1300, 100, 1200),
        (100, 1300, 1000, 300),  # late
        (100, 1300, 1300, 0),  # with the bell
        (100, 1300, 9000, 0),  # after it
        (100, 100, 50, 0),  # ended as soon as it had begun
    ],
)
def test_a_writers_own_time(starts: int, ends: int, joined: int, time: int) -> None:
    own = own_time(starts * MINUTE, ends * MINUTE, joined * MINUTE)
    assert own == (time * MINUTE or 1000)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], []),
        ([300], [1]),
        ([300, 200, 100], [1, 2, 3]),
        ([300, 300, 100], [1, 1, 3]),
        ([300, 100, 100, 0], [1, 2, 2, 4]),
        ([0, 0], [1, 1]),
        ([100, 300, -5, 300], [3, 1, 4, 1]),
    ],
)
def test_places(scores: list[int], expected: list[int]) -> None:
    assert places(scores) == expected


@given(st.lists(st.integers(-10, 10)))
def test_of_all_places(scores: list[int]) -> None:
    found = sorted(zip(scores, places(scores), strict=True), reverse=True)
    for position, (_, place) in enumerate(found, start=1):
        assert place <= position
    if found:
        assert found[0][1] == 1
    for position, ((score, place), (lower, below)) in enumerate(pairwise(found), start=2):
        assert below == (place if lower == score else position)
