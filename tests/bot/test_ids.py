import pytest

from bot import ids


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("#12", 12),
        (" #12 ", 12),
        ("#0", 0),
        ("#" + "9" * 18, 999_999_999_999_999_999),
        ("12", None),
        ("#", None),
        ("#-1", None),
        ("#1.5", None),
        ("#²", None),
        ("#" + "9" * 19, None),
        ("#" + "9" * 26, None),
        ("#" + "9" * 5000, None),
    ],
)
def test_an_id_is_read_or_is_none(typed: str, number: int | None) -> None:
    assert ids.parse(typed) == number
