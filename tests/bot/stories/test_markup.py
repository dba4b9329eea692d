import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.markup import length, markdown, slice_runs
from bot.stories.model import Run, Style

PLAIN, ITALIC, BOLD, STRIKE, UNDERLINE = (
    Style.PLAIN,
    Style.ITALIC,
    Style.BOLD,
    Style.STRIKE,
    Style.UNDERLINE,
)

# A reading of Discord Markdown that shares nothing with what is tested. Where several rules match,
# the longest match wins, then italics.
RULES = (
    (
        ITALIC,
        re.compile(
            r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
            r"|_((?:__|\\[\s\S]|[^\\_])+?)_\b"
        ),
    ),
    (BOLD, re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")),
    (UNDERLINE, re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)")),
    (STRIKE, re.compile(r"~~((?:\\[\s\S]|[^\\])+?)~~(?!_)")),
)
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
# Lists, headings, subtext, quotes, spoilers, code, mentions, times, links, emoji.
OTHER_RULES = re.compile(
    r"^\s*(?:[-*+]|\d+[.)])\s|^\s*-?#{1,3}\s|^\s*>|\|\||`|<\S|https?://|\[[^\]]*\]\(|:[a-z]+:",
    re.MULTILINE,
)


def read(source: str, style: Style = PLAIN) -> list[tuple[str, Style]]:
    """Each character that is shown, with its style."""
    shown: list[tuple[str, Style]] = []
    at = 0
    while at < len(source):
        if escape := ESCAPE.match(source, at):
            shown.append((escape[1], style))
            at = escape.end()
            continue
        found = [(one, match) for one, rule in RULES if (match := rule.match(source, at))]
        if found:
            one, match = max(found, key=lambda pair: pair[1].end())
            shown += read(match[1] or match[match.lastindex or 1], style | one)
            at = match.end()
            continue
        shown.append((source[at], style))
        at += 1
    return [(character, style) for character, style in shown if character != "\u200b"]


RUNS = st.lists(
    st.builds(
        Run,
        st.text("ab c1.:é\n\\*_~`|<>#-+[]()/@“”!字🎉", max_size=6)
        | st.sampled_from(
            ["http://a_b.c", "<@1>", ":smile:", "[a](http://b)", "- a", "-# a", "1. b"]
        ),
        st.sampled_from([PLAIN, PLAIN, ITALIC, ITALIC, BOLD, ITALIC | BOLD, STRIKE, UNDERLINE]),
    ),
    max_size=6,
)


@given(RUNS)
def test_discord_shows_what_was_typed(runs: list[Run]) -> None:
    source = markdown(runs)
    typed = [(character, run.style) for run in runs for character in run.text]
    shown = read(source)
    assert [character for character, _ in shown] == [character for character, _ in typed]
    assert [pair for pair in shown if pair[0].strip()] == [p for p in typed if p[0].strip()]
    assert not OTHER_RULES.search(ESCAPE.sub("§", source))


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([Run("He said "), Run("no ", ITALIC), Run("twice.")], "He said *no* twice."),
        ([Run("I said ", ITALIC), Run("no", ITALIC | BOLD), Run("!", ITALIC)], "*I said **no**!*"),
        ([Run("all", ITALIC | BOLD)], "***all***"),
        ([Run("a", ITALIC), Run("b", ITALIC)], "*ab*"),
        ([Run("a ", ITALIC), Run("b", BOLD)], "*a* **b**"),
        ([Run("a", ITALIC), Run("b", BOLD)], "*a*\u200b**b**"),
        ([Run(" ", ITALIC)], " "),
        ([Run("old", STRIKE), Run(" "), Run("new", UNDERLINE)], "~~old~~ __new__"),
        ([Run("* * *")], r"\* \* \*"),
        ([Run("---")], "---"),
        ([Run("# one")], r"\# one"),
        ([Run("#one, #two")], "#one, #two"),
        ([Run("-# small")], r"\-# small"),
        ([Run("- item")], r"\- item"),
        ([Run("well-known")], "well-known"),
        ([Run("12. May")], r"12\. May"),
        ([Run("> said")], r"\> said"),
        ([Run("a_b_c")], r"a\_b\_c"),
        ([Run("||x|| `y`")], r"\|\|x\|\| \`y\`"),
        ([Run("<@1> <t:1:R> <#2>")], r"\<@1\> \<t\:1:R\> \<#2\>"),
        ([Run("[x](https://a.b/c_d)")], r"\[x](https\://a.b/c\_d)"),
        ([Run("¯\\_(ツ)_/¯")], r"¯\\\_(ツ)\_/¯"),
        ([Run("at 10:30, he said: :smile:")], r"at 10:30, he said: \:smile:"),
        ([Run("@everyone “…” — it's 5")], "@everyone “…” — it's 5"),
    ],
)
def test_markdown(runs: list[Run], expected: str) -> None:
    assert markdown(runs) == expected


@pytest.mark.parametrize(
    ("text", "units"), [("abc", 3), ("é", 1), ("🎉", 2), ("字", 1), ("\ud800", 1)]
)
def test_length(text: str, units: int) -> None:
    assert length(text) == units


@given(RUNS, st.data())
def test_slices_are_the_texts_own(runs: list[Run], data: st.DataObject) -> None:
    styled = [(character, run.style) for run in runs for character in run.text]
    start = data.draw(st.integers(0, len(styled)))
    end = data.draw(st.integers(start, len(styled)))
    piece = slice_runs(runs, start, end)
    assert [(character, run.style) for run in piece for character in run.text] == styled[start:end]
