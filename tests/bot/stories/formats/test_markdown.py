import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.stories.formats.text import parse
from bot.stories.model import Kind, Style
from tests.bot.stories.any_text import TEXTS

SIGNS = {Kind.HEADING: "# ", Kind.PROSE: "", Kind.BREAK: "- ", Kind.NOTE: "n "}
LETTERS = {1: "i", 2: "b", 3: "ib", 4: "s", 8: "u"}


def shown(text: str) -> list[str]:
    """Each block with its kind's sign, and styled runs in braces."""
    return [
        SIGNS[block.kind]
        + "".join(
            f"{{{LETTERS[run.style]} {run.text}}}" if run.style else run.text for run in block.runs
        )
        for block in parse(text, markdown=True).blocks
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Soft\nline\nbreaks.", ["Soft line breaks."]),
        ("Hard  \nline\\\nbreaks.", ["Hard\nline\nbreaks."]),
        ("Ends in two  \n\nspaces.\\", ["Ends in two", "spaces.\\"]),
        ("    Indented, not code.\n\n\tAs is *this*.", ["Indented, not code.", "As is {i this}."]),
        ("1986. That was the year.", ["1986. That was the year."]),
        ("She came.\n1986. That was it.", ["She came.", "1986. That was it."]),
        ("- Go, he said.\n- No.", ["- Go, he said.", "- No."]),
        ("* * *\n\n---\n\n~~~\n\nOne.", ["- * * *", "- ---", "- ~~~", "One."]),
        ("One.\n\n~~~\n\nTwo.\n", ["One.", "- ~~~", "Two."]),
        ("One.\n\n```\n\nTwo.\n", ["One.", "- ```", "Two."]),
        (
            "> Dear Ann,\n> it is *late*.\n>\n> Yours\n\nShe read.",
            ["Dear Ann, it is {i late}.", "Yours", "She read."],
        ),
        ("One\n> two\nthree", ["One", "two three"]),
        ("> # Not a chapter\n\nOne.", ["Not a chapter", "One."]),
        (">:( she typed.\n\n<3\n\nOne.\n\n>>>\n\nTwo.",
         [">:( she typed.", "<3", "One.", "- >>>", "Two."]),
        ("[Anna]: hi\n[Ben]: hello", ["[Anna]: hi [Ben]: hello"]),
        ("One [two][a].\n\n[a]: https://example.org 'x'\n\nThree.", ["One two.", "Three."]),
        ("![][image1]\n\nOne.\n\n[image1]: <data:image/png;base64,iVBORw0KGgo=>\n", ["", "One."]),
        ("<!-- mend this\n\nand this -->\n\nOne.", ["One."]),
        ("One.<!-- mend --> Two.\n\n<!-- open\n\nThree.", ["One. Two.", "<!-- open", "Three."]),
        ("One.\n\n&nbsp;\n\nTwo &amp; three &mdash; four.", ["One.", "Two & three — four."]),
        ("Use `*this*` and <https://e.org>.", ["Use *this* and https://e.org."]),
        ("[The *sea*](http://e_f_g), it said.", ["The {i sea}, it said."]),
        ("One<br>two, <sigh> and <i>so</i>.", ["One\ntwo, <sigh> and {i so}."]),
        ("_So_ and __so__ and snake_case_word.", ["{i So} and {b so} and snake_case_word."]),
        ("他*走*了。“*No!*”—**“Oh.”**she", ["他{i 走}了。“{i No!}”—**“Oh.”**she"]),
        ("**Bold *both***, ~~gone~~", ["{b Bold }{ib both}, {s gone}"]),
        ("*It was\nlate* now.", ["{i It was late} now."]),
        ("# One\n# Two #\n\nThree.", ["# One", "# Two", "Three."]),
        ("#1 fan.\n\n    # Two\nThree.", ["#1 fan.", "# Two", "Three."]),
        ("Part One\n---\n\nOne.\n\nHe left\nit.\n---\nTwo.",
         ["# Part One", "One.", "He left it.", "- ---", "Two."]),
        ("a\x0cb\u2028c", ["a b c"]),
        ("so\xadft\n\n\xad\n\nas *so*&shy;ft", ["soft", "as {i so}ft"]),
        ("One\n\xa0\ntwo\n\n> three\n> \xa0\n> four", ["One", "two", "three", "four"]),
    ],
)  # fmt: skip
def test_what_writers_mean(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_an_empty_line_of_a_quote_is_no_scene_break() -> None:
    assert shown("> One.\n> \n> Two.\n>\n> Three.") == ["One.", "Two.", "Three."]


@given(
    TEXTS
    | st.lists(
        st.sampled_from(
            [
                *("> ", ">", "[a]: /u", "[a]:", "<!--", "-->", "&nbsp;", "```", "~~~", "# ", "#"),
                *("- ", "1. ", "    ", "\t", "[a][b]", "![", "](", "`", "<i>", "</i>", "<br>"),
                *("*", "_", "~~", "\\", "\n", "\n", "\n\n", "  \n", "\r", "\x0c", "\x85", "word"),
            ]
        ),
        max_size=60,
    ).map("".join)
)
def test_the_sources_are_the_file(text: str) -> None:
    manuscript = parse(text, markdown=True)
    assume(manuscript.blocks)
    assert "".join(block.source for block in manuscript.blocks) == text


@given(st.text("ab 1.,é走", min_size=1))
def test_text_without_marks_stays_as_it_is(text: str) -> None:
    assume(text.strip() and not text.strip().isnumeric())
    (block,) = parse(f"{text}x", markdown=True).blocks
    assert block.text == f"{text}x".strip()
    assert {run.style for run in block.runs} == {Style.PLAIN}


@pytest.mark.parametrize(
    "piece", ["[", "*a ", "_a*", "> ", "> a\n", "<!-- a\n", "[a](", "![", "x*y", "a\n---\n", "<i>"]
)
def test_marks_without_end_take_no_time(piece: str) -> None:
    started = time.process_time()
    parse(piece * 5000, markdown=True)
    assert time.process_time() - started < 2
