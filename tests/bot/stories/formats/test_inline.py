import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.formats import inline
from bot.stories.formats.markdown import Markdown
from bot.stories.model import Run, Style

LETTERS = {
    Style.ITALIC: "i",
    Style.BOLD: "b",
    Style.ITALIC | Style.BOLD: "ib",
    Style.STRIKE: "s",
    Style.UNDERLINE: "u",
}


def runs(text: str, *, markdown: bool) -> tuple[Run, ...]:
    return Markdown("").runs(text) if markdown else inline.runs(text)


def shown(text: str, *, markdown: bool = False) -> str:
    return "".join(
        f"{{{LETTERS[run.style]} {run.text}}}" if run.style else run.text
        for run in runs(text, markdown=markdown)
    )


BOTH = [
    ("*so*", "{i so}"),
    ("_so_, he said", "{i so}, he said"),
    ("“*So!*” —_so_—", "“{i So!}” —{i so}—"),
    ("**b** ***ib*** ~~s~~", "{b b} {ib ib} {s s}"),
    ("*I said **no**!*", "{i I said }{ib no}{i !}"),
    ("***a** b* ***a* b**", "{ib a}{i  b} {ib a}{b  b}"),
    ("<i>so</i>, <B>so</B> and <u>so</u>", "{i so}, {b so} and {u so}"),
    ("_a snake_case name_", "{i a snake_case name}"),
    ("snake_case_words", "snake_case_words"),
    ("2 * 3 * 4 and 2*3*4", "2 * 3 * 4 and 2*3*4"),
    ("f*ck and sh*t, s**t", "f*ck and sh*t, s**t"),
    ("the king* said he* was *late", "the king* said he* was *late"),
    ("*one *two*", "*one {i two}"),
    ("a _b *c_ d* e", "a {i b *c} d* e"),
    ("a < b <i> c", "a < b <i> c"),
    ("____ and **** and ~~~x~~~", "____ and **** and ~~~x~~~"),
    ("* a * b", "* a * b"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), BOTH)
def test_emphasis_in_any_file(text: str, expected: str) -> None:
    assert shown(text) == shown(text, markdown=True) == expected


@pytest.mark.parametrize(
    ("text", "in_plain_text", "in_markdown"),
    [
        (r"\*so\*", r"\*so\*", "*so*"),
        ("un*believ*able", "un*believ*able", "un{i believ}able"),
        ("*re*mark", "*re*mark", "{i re}mark"),
        (r"¯\_(ツ)_/¯", r"¯\_(ツ)_/¯", "¯_(ツ)_/¯"),
    ],
)
def test_what_is_markdowns_alone(text: str, in_plain_text: str, in_markdown: str) -> None:
    assert shown(text) == in_plain_text
    assert shown(text, markdown=True) == in_markdown


@given(st.text("ab *_~\\<i>/", max_size=30), st.booleans())
def test_nothing_but_marks_is_ever_left_out(text: str, markdown: bool) -> None:
    left = iter("".join(run.text for run in runs(text, markdown=markdown)))
    kept = next(left, None)
    for character in text:
        if character == kept:
            kept = next(left, None)
        else:
            assert character in "*_~\\<i>/b"
    assert kept is None
