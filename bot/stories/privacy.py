"""An author's stories: given out with their text, and their going."""

from collections import defaultdict

from sqlalchemy import Connection, delete, select

from bot.db.held import Held, rows
from bot.stories import index
from bot.stories.tables import paragraphs, stories


def of(conn: Connection, person_id: int) -> list[int]:
    return list(conn.scalars(select(stories.c.id).where(stories.c.owner_id == person_id)))


def held(conn: Connection, person_id: int) -> Held:
    texts: defaultdict[object, list[str]] = defaultdict(list)
    for story_id, source in conn.execute(
        select(paragraphs.c.story_id, paragraphs.c.source)
        .join(stories, stories.c.id == paragraphs.c.story_id)
        .where(stories.c.owner_id == person_id)
        .order_by(paragraphs.c.story_id, paragraphs.c.ordinal)
    ):
        texts[story_id].append(source)
    theirs = rows(conn, select(stories).where(stories.c.owner_id == person_id))
    return {"stories": [{**story, "text": "".join(texts[story["id"]])} for story in theirs]}


def erase(conn: Connection, person_id: int) -> None:
    """With their text, their serials and readers' places in them."""
    for story_id in of(conn, person_id):
        index.remove(conn, story_id)
    conn.execute(delete(stories).where(stories.c.owner_id == person_id))
