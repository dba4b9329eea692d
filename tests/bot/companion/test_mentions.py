import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.companion.lines import best, quotable
from bot.companion.mentions import Mention, apart, find, firsts

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


SAME = {"'": "['’ʼ]", '"': '["“”„«»]'} | {"’": "['’ʼ]", "“": '["“”„«»]'}
PIECES = st.sampled_from(["Zed", "Zed's", "the", "The", "Owl", "’", "“", "-", ".", "x", "_", "O"])


def expected(name: str, text: str) -> list[tuple[int, int]]:
    """As a regular expression finds it."""
    words = ["".join(SAME.get(char) or re.escape(char) for char in word) for word in name.split()]
    if words[0].lower() == "the" and len(words) > 1:
        words[0] = "[tT]he"
    pattern = r"(?<!\w)(?<!\w['’-])" + r"\s+".join(words) + r"(?!\w|-\w)"
    return [match.span() for match in re.finditer(pattern, text)]


@given(
    st.lists(
        st.lists(PIECES | st.just(" "), min_size=1, max_size=4)
        .map("".join)
        .filter(lambda name: any(char.isalnum() for char in name)),
        min_size=1,
        max_size=12,
        unique=True,
    ),
    st.lists(PIECES | st.sampled_from([" ", " ", "  ", "\n"]), max_size=30).map("".join),
)
def test_many_names_are_found_at_once_where_each_is_alone(names: list[str], text: str) -> None:
    found = find(names, [(0, text)])
    for name, stood in zip(names, found, strict=True):
        assert [(one.start, one.end) for one in stood] == expected(name, text)
    assert firsts(names, [(0, text)]) == {
        name: stood[0] for name, stood in zip(names, found, strict=True) if stood
    }


@pytest.mark.parametrize("text", ["the Owl saw Name1 Name2. ", "a ", "Name1", "the ", "“’-"])
def test_it_takes_no_longer_the_more_names_there_are(text: str) -> None:
    texts = [(n, text * (3_000 // len(text))) for n in range(100)]

    def seconds(count: int) -> float:
        """The least of three, as the garbage of other tests may be collected in one."""
        names = ["a " * 25 + f"Name{n}" for n in range(count // 2)]
        names += [f"the Name{n}" for n in range(count // 2)]
        taken = []
        for _ in range(3):
            began = time.thread_time()
            find(names, texts)
            taken.append(time.thread_time() - began)
        return min(taken)

    assert seconds(900) < 3 * seconds(20) + 0.1


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
