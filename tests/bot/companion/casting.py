"""A story with characters, and what is told of them."""

from dataclasses import replace
from functools import cache

from sqlalchemy import Connection

from bot.companion import cards, characters, keeping, mentions
from bot.companion import service as companion
from bot.companion.binding import UNBOUND, Text
from bot.companion.characters import Who
from bot.companion.keeping import Draft
from bot.companion.known import Card
from bot.serials import pages
from bot.serials.excerpts import cut
from bot.serials.imports import prepare
from bot.serials.records import Serial
from bot.stories import service as stories
from tests.bot.memory import in_memory, kept
from tests.bot.serials.making import AUTHOR, GUILD, READER, published

STORY = """\
# The Lantern

By Mara

## Chapter 1: Oil

The rain came down. “I never sleep,” said the Owl to nobody in particular that night.

Edda lit the lamp. Tobias watched Edda do it, and Tobias’s dog watched Tobias.

* * *

Tobias Quill went home alone. “So this is how it ends,” said Tobias to the dog.

## Chapter 2: Wick

In the morning the Owl was gone. Tobias looked for the Owl.

* * *

“You are the Owl,” Tobias said to Edda. “I have always known that it was you.”

## Chapter 3: Flame

Nobody had ever told Edda that. The Owl laughed, and Ines, her sister, laughed with her.

Ines went home with Edda.
"""


def lantern(conn: Connection, parts: int = 6) -> Serial:
    """A serial of six parts, of which so many are out: Edda is lit upon in part 2, Tobias goes home
    in part 3, the Owl is gone in part 4 and told in part 5; chapter 3 is part 6."""
    draft = prepare("lantern.md", STORY.encode())
    found = replace(
        draft, cuts=tuple(tuple(cut(one.blocks, 15)) for one in draft.manuscript.chapters)
    )
    serial = published(conn, parts, found)
    assert pages.contents(conn, serial.id, serial.story.id)[2].first_part == 6
    return serial


def text(conn: Connection, serial: Serial) -> Text:
    return cards.text(conn, AUTHOR, GUILD, serial.id)


def keep(conn: Connection, serial: Serial, *drafts: Draft) -> list[Card]:
    return keeping.keep(conn, AUTHOR, GUILD, serial.id, drafts)


def cast(conn: Connection, serial: Serial) -> None:
    bound = text(conn, serial).bound
    keep(
        conn,
        serial,
        Draft(
            "Edda",
            aliases=(("the Owl", bound("You are the Owl")),),
            facts=(
                ("Lights the lamp.", bound("Edda lit the lamp")),
                ("Has a sister.", bound("her sister")),
                ("Dies.", UNBOUND),
            ),
        ),
        Draft("Tobias", aliases=(("Tobias Quill", bound("Quill went home")),)),
        Draft("Ines"),
        Draft("the narrator", bound("start")),
        Draft("Zebulon"),
    )


def look(conn: Connection, serial: Serial) -> None:
    """As characters.look_for_names does, in one transaction."""
    border = companion.published(conn, serial.id)
    assert border is not None
    names = cards.unsearched(conn, serial, border.ordinal)
    texts = [
        (one.ordinal, one.text) for one in stories.prose(conn, serial.story.id, last=border.ordinal)
    ]
    found = mentions.find([name.text for name in names], texts)
    new = [
        [one for one in stood if one.ordinal > name.searched]
        for name, stood in zip(names, found, strict=True)
    ]
    cards.note_searched(conn, names, new, border.ordinal)


def who(conn: Connection, serial: Serial, name: str) -> Who:
    look(conn, serial)
    found = characters.who(conn, READER, serial, name)
    assert found is not None
    return found


def known(conn: Connection, serial: Serial, typed: str = "") -> list[str]:
    look(conn, serial)
    return characters.suggest(conn, READER, serial, typed)


@cache
def whole() -> tuple[bytes, Serial]:
    with in_memory() as conn:
        serial = lantern(conn)
        return kept(conn), serial
