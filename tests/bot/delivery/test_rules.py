from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.rules import (
    LONGEST_BACKOFF,
    NONCE_TRUSTED,
    Refusal,
    Row,
    SendFailed,
    State,
    Step,
    backoff,
    refusal,
    step,
)

REAL = 10_000_000
ROW = Row(
    id=1, kind="excerpt", subject=7, part=0, guild_id=100, channel_id=10, state=State.PENDING,
    nonce="n", attempted_at=None, attempts=0, not_after=None, message_id=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "age", "expected"),
    [
        (State.PENDING, None, Step.POST),
        (State.SENDING, 0, Step.POST),  # the same nonce again
        (State.SENDING, NONCE_TRUSTED - 1, Step.POST),
        (State.SENDING, NONCE_TRUSTED, Step.LOOK),
        (State.SENDING, 10 * NONCE_TRUSTED, Step.LOOK),
        (State.SENT, 0, Step.EDIT),
        (State.SENT, 10 * NONCE_TRUSTED, Step.EDIT),
        (State.DELETING, None, Step.DELETE),
        (State.DELETING, 10 * NONCE_TRUSTED, Step.DELETE),
    ],
)
def test_the_next_step(state: State, age: int | None, expected: Step) -> None:
    attempted_at = None if age is None else REAL - age
    assert step(replace(ROW, state=state, attempted_at=attempted_at), REAL) is expected


@pytest.mark.parametrize(
    ("status", "code", "at_first", "after_an_unknown_outcome"),
    [
        (0, 0, Refusal.UNKNOWN, Refusal.UNKNOWN),  # no answer
        (500, 0, Refusal.UNKNOWN, Refusal.UNKNOWN),
        (503, 0, Refusal.UNKNOWN, Refusal.UNKNOWN),
        (429, 0, Refusal.RETRY, Refusal.UNKNOWN),
        (403, 50001, Refusal.FORBIDDEN, Refusal.UNCERTAIN),
        (403, 50013, Refusal.FORBIDDEN, Refusal.UNCERTAIN),
        (404, 10003, Refusal.GONE, Refusal.GONE),
        (404, 10004, Refusal.GONE, Refusal.GONE),
        (404, 10008, Refusal.DELIVERED, Refusal.DELIVERED),
        (401, 0, Refusal.UNAUTHORIZED, Refusal.UNAUTHORIZED),
        (400, 50035, Refusal.STOP, Refusal.UNKNOWN),
        (403, 50007, Refusal.STOP, Refusal.UNKNOWN),
        (404, 0, Refusal.STOP, Refusal.UNKNOWN),
    ],
)
def test_what_a_refusal_means(
    status: int, code: int, at_first: Refusal, after_an_unknown_outcome: Refusal
) -> None:
    error = SendFailed(status, code)
    assert refusal(error, tried=False) is at_first
    assert refusal(error, tried=True) is after_an_unknown_outcome


def test_too_many_edits_of_an_old_message_are_tried_again() -> None:
    assert refusal(SendFailed(400, 30046), tried=False) is Refusal.RETRY


@given(st.integers(0, 1000))
def test_backoff_grows_and_has_an_end(attempts: int) -> None:
    assert 0 < backoff(attempts, None) <= backoff(attempts + 1, None) <= LONGEST_BACKOFF
    assert backoff(attempts, 1234) == 1234  # what Discord asks for


def test_backoff_is_short_at_first() -> None:
    assert backoff(1, None) <= 2000
    assert backoff(20, None) == LONGEST_BACKOFF
