"""Titles as Discord shows them."""

import time

from hypothesis import given
from hypothesis import strategies as st

from bot.stories import markup
from bot.stories.model import Run
from cogs.ui.posts import escape

TITLES = st.text(st.sampled_from("ab *_~`|<[:/…-#1. \n🏮"), max_size=60)


def shown(title: str) -> str:
    return markup.markdown((Run(title),))


@given(TITLES, st.integers(1, 40))
def test_a_title_is_shown_to_the_letter_or_as_much_of_it_as_there_is_room_for(
    title: str, length: int
) -> None:
    cut = escape(title, length)
    assert markup.length(cut) <= length
    if markup.length(shown(title)) <= length:
        assert cut == shown(title)
        return
    beginnings = [
        shown(title[:kept].removesuffix("…").rstrip() + "…") for kept in range(len(title))
    ]
    assert cut in beginnings
    assert all(len(one) <= len(cut) for one in beginnings if markup.length(one) <= length)


def test_a_title_of_a_megabyte_takes_no_longer_than_a_short_one() -> None:
    began = time.thread_time()
    for unit in ("word ", "*", "a:", " ", "🏮", "1.\n"):
        assert markup.length(escape(unit * (1_000_000 // len(unit)), 120)) <= 120
    assert time.thread_time() - began < 0.25
