"""What is held on a reader and on an author's characters, and a reader's going."""

from sqlalchemy import Connection, delete, select, update

from bot.companion import reminding
from bot.companion import subscriptions as sending
from bot.companion.shares import take_down
from bot.companion.tables import (
    character_facts,
    character_names,
    characters,
    places,
    quotes,
    reads,
    subscriptions,
    uncounted,
)
from bot.db.held import Held, rows
from bot.delivery import public_answers
from bot.stories import privacy as stories


def held(conn: Connection, person_id: int) -> Held:
    theirs = select(characters.c.id).where(characters.c.story_id.in_(stories.of(conn, person_id)))
    names, facts = character_names, character_facts
    return {
        "places": rows(conn, select(places).where(places.c.person_id == person_id)),
        "quotes": rows(conn, select(quotes).where(quotes.c.person_id == person_id)),
        "reads": rows(conn, select(reads).where(reads.c.person_id == person_id)),
        "uncounted": rows(conn, select(uncounted).where(uncounted.c.person_id == person_id)),
        "subscriptions": rows(
            conn, select(subscriptions).where(subscriptions.c.person_id == person_id)
        ),
        "reminders_to_read_on": reminding.held(conn, person_id),
        "character_names": rows(conn, select(names).where(names.c.character_id.in_(theirs))),
        "character_facts": rows(conn, select(facts).where(facts.c.character_id.in_(theirs))),
    }


def erase(conn: Connection, person_id: int) -> None:
    """What they saved stays, as a reader's; what was shared of their own stories goes, and their
    cards go with these."""
    theirs = stories.of(conn, person_id)
    take_down(conn, theirs)
    public_answers.erase_stories(conn, theirs)
    conn.execute(update(quotes).where(quotes.c.person_id == person_id).values(person_id=None))
    sending.erase(conn, person_id)
    reminding.erase(conn, person_id)
    for table in (places, reads, uncounted):
        conn.execute(delete(table).where(table.c.person_id == person_id))
