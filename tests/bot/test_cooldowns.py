import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cooldowns
from bot.cooldowns import Cooldown
from bot.errors import TooSoon

MARA, TOBIAS = 1, 2


class Hand:
    """A clock's."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_so_many_in_a_row_and_then_one_at_a_time() -> None:
    clock = Hand()
    cooldown = Cooldown(clock, 3, 5)
    assert [cooldown.wait(MARA) for _ in range(4)] == [0, 0, 0, 5]
    clock.at += 2
    assert cooldown.wait(MARA) == 3
    assert cooldown.wait(TOBIAS) == 0  # each has their own
    clock.at += 3
    assert [cooldown.wait(MARA) for _ in range(2)] == [0, 5]
    clock.at += 3600
    assert [cooldown.wait(MARA) for _ in range(4)] == [0, 0, 0, 5]


def test_it_says_when_to_try_again() -> None:
    clock = Hand()
    cooldown = Cooldown(clock, 1, 5)
    cooldown.use(MARA, "questions")
    clock.at += 0.5
    with pytest.raises(TooSoon, match=r"questions in a row\. Try again in 5 seconds\.$"):
        cooldown.use(MARA, "questions")
    clock.at += 4.4
    with pytest.raises(TooSoon, match=r"Try again in a second\.$"):
        cooldown.use(MARA, "questions")
    clock.at += 0.1
    cooldown.use(MARA, "questions")


@given(st.lists(st.integers(0, 12), max_size=60))
def test_it_lets_through_as_many_as_it_says(pauses: list[int]) -> None:
    """Counted anew for every stretch of time."""
    clock = Hand()
    cooldown = Cooldown(clock, 4, 5)
    used: list[float] = []
    for pause in pauses:
        clock.at += pause
        if not cooldown.wait(MARA):
            used.append(clock.at)
    for first, begin in enumerate(used):
        for last, end in enumerate(used[first:], start=first):
            assert last - first + 1 <= 4 + (end - begin) / 5


def test_members_who_have_rested_are_forgotten() -> None:
    clock = Hand()
    cooldown = Cooldown(clock, 2, 5)
    for member_id in range(cooldowns.MANY):
        cooldown.wait(member_id)
    clock.at += 60
    cooldown.wait(MARA)
    assert len(cooldown._rested) == 1
