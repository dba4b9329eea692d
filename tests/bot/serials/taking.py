"""New versions of a story, as its author hands them in."""

from sqlalchemy import Connection, select

from bot.serials import pages, posting, revising, updating
from bot.serials.imports import Draft, prepare
from bot.serials.records import Serial
from bot.serials.revising import Change
from bot.serials.tables import excerpts as excerpt_rows
from tests.bot.serials.making import AUTHOR, GUILD, NOW
from tests.journeys.stage import prose


def file(*themes: str, words: int = 520) -> str:
    """The text that `making.draft` makes a draft of."""
    chapters = [
        f"## Chapter {n}: The {theme.title()}\n\n{prose(theme, words)}\n\n"
        for n, theme in enumerate(themes or ("oil", "wick"), start=1)
    ]
    return f"# The Lantern\n\nBy Mara\n\n{''.join(chapters)}"


def read(text: str) -> Draft:
    return prepare("lantern.md", text.encode())


def keep(conn: Connection, serial: Serial, new: str | Draft, interaction_id: int = 7) -> int:
    given = read(new) if isinstance(new, str) else new
    return updating.keep(conn, AUTHOR, GUILD, serial.id, given, NOW, interaction_id).id


def change(conn: Connection, version: int, *, correcting: bool = False) -> Change:
    _, standing, manuscript = updating.texts(conn, AUTHOR, GUILD, version)
    return revising.prepare(standing, manuscript, correcting=correcting)


def texts(conn: Connection, serial: Serial) -> list[str]:
    """What each part says, page by page."""
    found = []
    for number in range(1, posting.counts(conn, serial.id).total + 1):
        part = pages.numbered(conn, serial.id, number)
        assert part is not None
        found.append("\n\n".join(pages.page(conn, part, n).text for n in range(len(part.pages))))
    return found


def ids(conn: Connection, serial: Serial) -> list[int]:
    found = select(excerpt_rows.c.id).where(excerpt_rows.c.serial_id == serial.id)
    return list(conn.scalars(found.order_by(excerpt_rows.c.number)))
