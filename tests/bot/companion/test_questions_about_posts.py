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
        ("When's the next update?", SCHEDULE),
        ("When’s the next chapter?", SCHEDULE),
        ("when does it continue?", SCHEDULE),
        ("So when does the story go on?", SCHEDULE),
        ("When will it be back?", SCHEDULE),
        ("when will there be more?", SCHEDULE),
        ("Hey, when can I read the next part please?", SCHEDULE),
        ("How often is it updated?", SCHEDULE),
        ("Is there a new chapter this week?", SCHEDULE),
        ("Will there be more?", SCHEDULE),
        ("did I miss anything?", MISSED),
        ("Have I missed anything important?", MISSED),
        ("Did we miss much?", MISSED),
        ("What did I miss while I was away?", MISSED),
        ("what did I miss last week", MISSED),
        ("How many chapters have I missed?", MISSED),
        ("what happened so far?", MISSED),
        ("What's happened so far?", MISSED),
        ("What has happened in the story so far?", MISSED),
        ("What happened until now?", MISSED),
        ("What happened while I was gone?", MISSED),
        ("Can you catch me up, please?", MISSED),
        ("Give me a quick recap", MISSED),
        ("Please summarise the story", MISSED),
        ("What did Mara miss about home?", None),
        ("What did I miss about home?", None),
        ("Did Mara miss anything?", None),
        ("What is missing?", None),
        ("What was missed?", None),
        ("What happened?", None),
        ("What happened to Ansel so far?", None),
        ("What happened in chapter 2?", None),
        ("How far did they go?", None),
        ("Did the owl catch up?", None),
        ("Who asked for a summary?", None),
        ("When does the party continue?", None),
        ("When does she come back?", None),
        ("When did it continue?", None),
        ("When did Mara read the next chapter of the diary?", None),
        ("How long did she wait for the next post?", None),
        ("When is the next ferry?", None),
        ("Is there more oil?", None),
        ("What day is it?", None),
        ("Who wrote the next chapter?", None),
        ("🏮?", None),
        ("When did Dilys light the next lamp?", None),
        ("What did Ansel miss at the ferry?", None),
        ("Who missed the boat?", None),
        ("What happened next?", None),
    ],
)
def test_where_to_look_instead(typed: str, command: str | None) -> None:
    said = about_the_posts(typed)
    assert said is None if command is None else command in (said or "")
