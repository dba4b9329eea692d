"""Public answers to commands, noted with the people they name, so that erasing one reaches them."""

from collections.abc import Collection

from sqlalchemy import Connection, or_, select

from bot.delivery import public_answers
from bot.delivery.public_answers import Posted
from bot.people import service
from bot.people.tables import persons


def is_noted(conn: Connection, asker: int, message_id: int) -> bool:
    """Whether this message still names the asker, who has not been erased since."""
    person_id = service.find(conn, asker)
    return person_id is not None and public_answers.names(conn, person_id, message_id)


def note(
    conn: Connection,
    posted: Posted,
    asker: int,
    person_ids: Collection[int] = (),
    story_id: int | None = None,
) -> None:
    """It names the asker (by their Discord id) and these persons, and may quote a story. If one of
    them has been erased since it was written, it is taken down at once."""
    named = or_(persons.c.discord_id == asker, persons.c.id.in_(person_ids))
    rows = conn.execute(
        select(persons.c.id, persons.c.discord_id)
        .where(named)
        .with_for_update(read=True, key_share=True)
    ).all()
    here = {row.id for row in rows}
    if asker in {row.discord_id for row in rows} and here.issuperset(person_ids):
        public_answers.note(conn, posted, here, story_id)
    else:
        public_answers.take_down(conn, [posted])
