import pytest

from bot.stories import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("one two  three\n", 3),
        ("one--two", 2),
        ("one — two", 2),
        ("well-known", 1),
        ("don't don’t ’tis", 3),
        ("“No,” she said.", 3),
        ("* * *", 0),
        ("3.5 km", 3),
        ("café naïve", 2),
        ("cafe\u0301", 1),
        ("snake_case", 1),
        ("我喜欢你", 4),
        ("ひらがな", 4),
        ("カタカナ", 4),
        ("สวัสดี", 6),
        ("Jack说hello", 3),
        ("привет мир", 2),
    ],
)
def test_count(text: str, expected: int) -> None:
    assert words.count(text) == expected
