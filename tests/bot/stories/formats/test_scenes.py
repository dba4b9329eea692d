import pytest

from bot.stories.formats import scenes


@pytest.mark.parametrize(
    "line",
    [
        *("***", "* * *", "---", "—", "~", "~*~", "oOo", "-x-", "#", "⁂", "___", "=====", "o0o0o"),
        *("* ~ *", "xXx", "<>", "•", "-oOo-", "~~~~~~~~", "☆", "[Scene Break]", "-- page break --"),
    ],
)
def test_break(line: str) -> None:
    assert scenes.is_break(f"  {line}\n")


@pytest.mark.parametrize(
    "line", ["...", "…", "?!", "“—”", "“...”", "No", "1", "👍", "A", "-a-", "", "- item"]
)
def test_no_break(line: str) -> None:
    assert not scenes.is_break(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("~EC~", True),
        ("-tw-", True),
        ("hphphp", True),
        ("👍", True),
        ("No", False),
        ("Yes!", False),
        ("“No”", False),
        ("~Torchwood~", False),
        ("", False),
    ],
)
def test_what_recurs_without_a_word_in_it(line: str, expected: bool) -> None:
    assert (line in scenes.recurring([line, "Prose.", line + "\n"])) is expected
    assert line not in scenes.recurring([line, "Prose."])
