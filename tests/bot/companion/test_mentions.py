import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.companion.lines import best, quotable
from bot.companion.mentions import Mention, apart, find

NAMES = ["Tobias", "Tobias Quill", "the Owl", "O'Brien"]


def stands(name: str, text: str) -> list[str]:
    (found,) = find([name], [(7, text)])
    assert all(one.ordinal == 7 for one in found)
    return [text[one.start : one.end] for one in found]


@pytest.mark.parametrize(
    ("name", "text", "times"),
    [
        ("Tobias", "Tobias and Tobias's dog; Tobias’ hat. “Tobias!”", 4),
        ("Tobias", "tobias, TOBIAS, Tobiasson, Old-Tobias, Tobias-like", 0),
        ("Tobias", "--Tobias-- *Tobias* ‘Tobias’ Tobias—Tobias", 5),
        ("the Owl", "The Owl saw the Owl. Breathe Owl. An Owl. the\nOwl, the owl", 3),
        ("The Owl", "the Owl", 1),
        ("O'Brien", "O’Brien's and O'Brien, not Brien", 2),
        ("Brien", "O’Brien", 0),
        ("J. R.", "J. R. came; J  R no", 1),
        ("Édith", "Édith", 1),
        ("李白", "李白", 1),
    ],
)
def test_a_name_is_found_as_a_whole_word_as_it_is_written(name: str, text: str, times: int) -> None:
    assert len(stands(name, text)) == times


def test_a_name_inside_a_longer_one_is_the_longer_one() -> None:
    text = "Quill saw Tobias Quill. Tobias saw Quill."
    found = find(["Quill", "Tobias Quill", "Tobias"], [(0, text)])
    whose = apart((one, n) for n, stood in enumerate(found) for one in stood)
    assert [n for _, n in whose] == [0, 1, 2, 0]


@given(st.lists(st.sampled_from([*NAMES, "said", "’s", ",", "\n", "“", "x"]), max_size=12))
def test_what_is_found_up_to_a_word_is_what_a_text_that_ends_there_has(words: list[str]) -> None:
    text = " ".join(words)
    for n in range(len(words)):
        cut = len(" ".join(words[:n]))
        whole = find(NAMES, [(0, text)])
        begun = find(NAMES, [(0, text[:cut])])
        assert begun == [[one for one in stood if one.end <= cut] for stood in whole]


def quoted(text: str, name: str) -> list[str]:
    (named,) = find([name], [(0, text)])
    return [text[line.start : line.end] for line in best(list(quotable(text, named)), 3)]


def test_what_someone_says_is_quoted_before_what_is_said_of_them() -> None:
    text = (
        "Edda went down to the sea that day. The sea was out, and nobody saw it go. Edda sat. "
        "“I saw a horse. It was blue,” said Edda to the boy. “Where?” asked Edda’s cat. "
        "“It went that way,” Edda whispered at last."
    )
    assert quoted(text, "Edda") == [
        "Edda went down to the sea that day.",
        "“I saw a horse. It was blue,” said Edda to the boy.",
        "“It went that way,” Edda whispered at last.",
    ]


def test_a_sentence_that_has_not_ended_is_not_quoted() -> None:
    text = "Edda went down to the sea that day. Then Edda went up the hill and"
    assert quoted(text, "Edda") == ["Edda went down to the sea that day."]
    (named,) = find(["Edda"], [(3, text)])
    assert named[0] == Mention(3, 0, 4)
