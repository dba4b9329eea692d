"""Texts that hypothesis makes up: any characters, and the shapes that stories have."""

from hypothesis import strategies as st

LINES = st.sampled_from(
    [
        "Chapter 1",
        "# Title",
        "## Part Two: The Sea",
        "Prologue",
        "by Jane Doe",
        "=====",
        "---",
        "* * *",
        "oOo",
        "A/N: Thanks for your reviews!",
        "Author's Note",
        "Disclaimer: not mine.",
        "Title: The Sea",
        "“Go!” he said. “Now. I mean it,” Mary added; then, “go!”",
        "\t“Well... I don't know, Mr. Smith.”",
        "He ran. *She* _did not_ **run**. ~~No~~ 2 * 3 * 4.",
        "He said,",
        "and went away",
        "他说：「走吧！」我不知道。",
        "word " * 40,
        "A sentence that is, all in all, of middling length. " * 8,
        "x" * 150,
        "*a*_b_**c**[d](http://e_f)" * 12,
    ]
)
TEXTS = st.text() | st.lists(
    LINES | st.text('ab *_~#-.,!?"“”:\t\xa0\u200b字🎉', max_size=40) | st.just(""), max_size=40
).flatmap(lambda lines: st.sampled_from(["\n", "\r\n", "\n\n"]).map(lambda end: end.join(lines)))
