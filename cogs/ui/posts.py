"""A page of a story as a message: what is posted, previewed and read is the same."""

from bisect import bisect_right
from collections.abc import Sequence

from bot.delivery.rules import Row
from bot.serials import ratings
from bot.serials.pages import Page
from bot.serials.records import Serial
from bot.stories import markup
from bot.stories.model import Run
from bot.stories.naming import ChapterName, PlaceName
from cogs.ui.asking import NEEDED
from cogs.ui.formats import RATINGS

# A page leaves 220 of a message's 2,000 characters; these keep the header within them.
CHAPTER_LENGTH, TITLE_LENGTH, AUTHOR_LENGTH = 50, 40, 30
MESSAGE = 2000  # characters: Discord's limit
RECALLED = 200  # characters at most of the part before
LEAST_RECALLED = 40

_BEFORE = "-# Before: "


def text(page: Page, role_id: int | None = None) -> str:
    """The page in Discord's Markdown, under a header where it begins its part, which pings the
    role."""
    if page.number:
        return page.text
    header = f"{_header(page)}\n<@&{role_id}>" if role_id else _header(page)
    whole = f"{header}\n\n{page.text}"
    recalled = _recalled(page.recalled, min(RECALLED, MESSAGE - markup.length(whole)))
    return f"{header}\n{recalled}\n\n{page.text}" if recalled else whole


def _recalled(sentences: Sequence[str], room: int) -> str:
    """As many of the last as there is room for."""
    room -= markup.length(_BEFORE) + 1
    found = _last_that_fit(sentences, room)
    if not found and sentences and room >= LEAST_RECALLED:
        words = _last_that_fit(sentences[-1][-2 * room :].split(), room - len("… "))
        found = ["…", *words] if words else []
    return _BEFORE + " ".join(found).replace("\n", " ") if found else ""


def _last_that_fit(pieces: Sequence[str], room: int) -> list[str]:
    """As many of the last as there is room for, with a space between each two."""
    found: list[str] = []
    for piece in reversed(pieces):
        room -= markup.length(piece) + bool(found)
        if room < 0:
            break
        found.append(piece)
    return found[::-1]


def place_name(place: PlaceName, *, in_sentence: bool = True) -> str:
    """ "Chapter One: Mind the Cone, part 3 of 6". For readers who may not have reached the chapter,
    or may not see its text, give it the `untitled` place."""
    chapter = place.chapter.in_sentence if in_sentence else str(place.chapter)
    return f"{escape(chapter, CHAPTER_LENGTH)}, {place.in_chapter}"


def chapter_name(name: ChapterName) -> str:
    return escape(str(name), CHAPTER_LENGTH)


def escape(title: str, length: int) -> str:
    """A title so that Discord shows it to the letter, cut to `length` characters once escaped."""
    shown = _escaped(title[: length + 1])
    if len(title) <= length and markup.length(shown) <= length:
        return shown

    def cut(kept: int) -> str:
        return _escaped(title[:kept].removesuffix("…").rstrip() + "…")

    # The more is kept the longer it is.
    lengths = range(1, min(len(title), length) + 1)
    kept = bisect_right(lengths, length, key=lambda kept: markup.length(cut(kept)))
    return cut(kept)


def _escaped(title: str) -> str:
    return markup.markdown((Run(title),))


def _header(page: Page) -> str:
    part, author = page.part, escape(page.story.author, AUTHOR_LENGTH)
    of_story = f" ({part.number} of {part.total} in all)" if page.story.complete else ""
    return (
        f"**{chapter_name(part.place.chapter)}**\n"
        f"-# *{escape(page.story.title, TITLE_LENGTH)}* by {author} · "
        f"{part.place.in_chapter}{of_story} · {part.minutes} min read"
    )


def title(serial: Serial) -> str:
    return story_title(serial.story.title)


def story_title(name: str, length: int = TITLE_LENGTH) -> str:
    return f"*{escape(name, length)}*"


def link(row: Row) -> str:
    """To a message that is up in a server."""
    return f"https://discord.com/channels/{row.guild_id}/{row.channel_id}/{row.message_id}"


def trouble(serial: Serial) -> str | None:
    """Why nothing of it is posted, and what mends that."""
    match serial.trouble:
        case "blocked":
            return (
                f"I may not post in <#{serial.channel_id}>: I need {NEEDED} there, and go on once "
                "I have them."
            )
        case ratings.UNRESTRICTED:
            return (
                f"It {RATINGS[serial.story.rating]}, and <#{serial.channel_id}> is not "
                "age-restricted. Make it so, then `/serial resume`; or `/serial schedule` in one "
                "that is."
            )
        case "refused":
            return "Discord refused the next part as it is. `/serial resume` tries again."
        case "gone":
            return "Its channel is gone. `/serial schedule` in another goes on."
    return None
