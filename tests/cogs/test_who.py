from bot.companion.characters import Who
from bot.stories.markup import length
from cogs.story.who import card

FULL = Who(
    name="*" * 60,
    aliases=("_" * 60,) * 8,
    facts=("|" * 300,) * 16,
    first=None,
    last=None,
    chapters=tuple(("*" * 60, 1000) for _ in range(1, 200)),
    together=("~" * 60,) * 10,
    lines=("`" * 180,) * 3,
    upto=None,
)


def test_the_fullest_card_fits_a_message_and_says_how_far_it_goes() -> None:
    text = card(FULL)
    assert length(text) <= 2000
    assert text.splitlines()[-1].endswith("Looked up to the start.")
