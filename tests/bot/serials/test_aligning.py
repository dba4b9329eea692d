from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.serials.aligning import Key, aligned, moves
from bot.stories.model import Kind

WORDS = st.text("abc", min_size=1, max_size=3)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
KEYS = st.lists(
    st.tuples(st.sampled_from([Kind.PROSE, Kind.HEADING, Kind.BREAK]), TEXTS), max_size=12
)


@given(KEYS, KEYS)
def test_pairs_rise_and_are_of_a_kind(old: list[Key], new: list[Key]) -> None:
    pairs = aligned(old, new)
    assert all(a < b and c < d for (a, c), (b, d) in pairwise(pairs))
    assert all(old[i][0] is new[j][0] for i, j in pairs)


@given(KEYS)
def test_a_text_is_itself(text: list[Key]) -> None:
    assert aligned(text, text) == [(n, n) for n in range(len(text))]


@given(KEYS, KEYS, st.integers(0, 12))
def test_what_is_put_in_leaves_the_rest_in_pairs(text: list[Key], more: list[Key], at: int) -> None:
    longer = [*text[:at], *more, *text[at:]]
    assert len(aligned(text, longer)) == len(text)


@given(TEXTS, TEXTS, st.data())
def test_places_keep_their_order_and_the_text_its_ends(
    old: str, new: str, data: st.DataObject
) -> None:
    moved = moves(old, new)
    assert moved(0) == 0
    assert moved(len(old)) == (len(new) if old else 0)
    one, other = sorted(data.draw(st.tuples(*[st.integers(0, len(old))] * 2)))
    assert 0 <= moved(one) <= moved(other) <= len(new)


def test_a_place_stays_at_its_word() -> None:
    old = "He ran to the pier. It was late, and nobody came. She waited there."
    new = "He walked to the pier. It was so late, and no one came! She waited there, alone."
    for word in ("to", "It", "late", "She", "waited"):
        assert moves(old, new)(old.index(word)) == new.index(word), word
    moved = moves("她走了。天黑了，没有人来。", "她跑了。天黑了，没人来。")
    assert [moved(n) for n in (4, 8)] == [4, 8]
