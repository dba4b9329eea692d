"""Questions about when parts come are no questions about the story."""

import pytest

from bot.companion.questions import about_the_posts

SCHEDULE, MISSED = "/story about", "/story catch-up"


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("When is the next part?", SCHEDULE),
        ("when does the next chapter come out", SCHEDULE),
        ("What time is the next post?", SCHEDULE),
        ("how long until the next part?", SCHEDULE),
        ("What did I miss?", MISSED),
        ("what have I missed", MISSED),
        ("What’ve I missed?", MISSED),
        ("Catch me up", MISSED),
        ("When did Dilys light the next lamp?", None),
        ("What did Ansel miss at the ferry?", None),
        ("Who missed the boat?", None),
        ("What happened next?", None),
    ],
)
def test_where_to_look_instead(typed: str, command: str | None) -> None:
    said = about_the_posts(typed)
    assert said is None if command is None else command in (said or "")
