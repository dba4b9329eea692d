from hypothesis import given
from hypothesis import strategies as st

from bot.companion.horizon import START, horizon
from bot.stories.model import Position

POSITIONS = st.builds(Position, st.integers(0, 9), st.integers(0, 99))
MAYBE = st.none() | POSITIONS


@given(MAYBE, MAYBE, st.booleans())
def test_it_is_never_past_what_is_published(
    said: Position | None, published: Position | None, following: bool
) -> None:
    found = horizon(said, published, following)
    assert START <= found <= (published or START)


@given(MAYBE, MAYBE, MAYBE, MAYBE, st.booleans(), st.booleans())
def test_it_never_shrinks_when_anything_grows(
    said: Position | None,
    further: Position | None,
    published: Position | None,
    more: Position | None,
    following: bool,
    follows: bool,
) -> None:
    grown = horizon(
        max(said or START, further or START),
        max(published or START, more or START),
        following or follows,
    )
    assert horizon(said, published, following) <= grown


@given(MAYBE, POSITIONS, POSITIONS, st.booleans())
def test_leave_to_read_ahead_adds_only_what_was_read(
    said: Position | None, published: Position, ahead: Position, following: bool
) -> None:
    found = horizon(said, published, following, ahead)
    assert horizon(said, published, following) <= found
    assert found <= max(published, min(said or START, ahead))
    assert horizon(said, None, following, ahead) == START


@given(POSITIONS, POSITIONS)
def test_it_is_what_the_reader_said_or_all_there_is(said: Position, published: Position) -> None:
    assert horizon(None, published, following=False) == START
    assert horizon(None, published, following=True) == published
    assert horizon(said, None, following=True) == START
    if said <= published:
        assert horizon(said, published, following=False) == said
