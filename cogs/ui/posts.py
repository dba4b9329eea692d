"""A page of a story as a message: what is posted, previewed and read is the same."""

from bot.serials.pages import Page, Part
from bot.serials.records import Serial
from bot.stories import markup
from bot.stories.model import Run
from cogs.ui.asking import NEEDED

# A page leaves 220 of a message's 2,000 characters; these keep the header within them.
CHAPTER_LENGTH, TITLE_LENGTH, AUTHOR_LENGTH = 60, 50, 30


def text(page: Page) -> str:
    """The page in Discord's Markdown, under a header where it begins its part."""
    return f"{_header(page)}\n\n{page.text}" if page.number == 0 else page.text


def chapter_name(part: Part) -> str:
    return part.chapter_title or f"Chapter {part.chapter}"


def place_name(part: Part) -> str:
    """ "Chapter One: Mind the Cone, part 3 of 6" """
    return f"{escape(chapter_name(part), CHAPTER_LENGTH)}, part {part.part} of {part.parts}"


def escape(title: str, length: int) -> str:
    """A title so that Discord shows it to the letter, cut to `length` characters once escaped."""
    shown = markup.markdown((Run(title),))
    while markup.length(shown) > length:
        title = title.removesuffix("…")[:-1].rstrip() + "…"
        shown = markup.markdown((Run(title),))
    return shown


def _header(page: Page) -> str:
    part = page.part
    of_story = f" ({part.number} of {part.total} in all)" if page.complete else ""
    return (
        f"**{escape(chapter_name(part), CHAPTER_LENGTH)}**\n"
        f"-# *{escape(page.story_title, TITLE_LENGTH)}* by {escape(page.author, AUTHOR_LENGTH)} · "
        f"part {part.part} of {part.parts}{of_story} · {part.minutes} min read"
    )


def title(serial: Serial) -> str:
    return story_title(serial.story.title)


def story_title(name: str) -> str:
    return f"*{escape(name, TITLE_LENGTH)}*"


def trouble(serial: Serial) -> str | None:
    """Why nothing of it is posted, and what mends that."""
    match serial.trouble:
        case "blocked":
            return (
                f"I may not post in <#{serial.channel_id}>: I need {NEEDED} there, and go on once "
                "I have them."
            )
        case "refused":
            return "Discord refused the next part as it is. `/serial resume` tries again."
        case "gone":
            return "Its channel is gone. `/serial schedule` in another goes on."
    return None
