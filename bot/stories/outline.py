"""What a story's chapters are called."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from bot.stories import naming
from bot.stories.naming import ChapterName, PlaceName
from bot.stories.tables import chapters, stories

_OUTLINE = (
    select(stories.c.complete, chapters.c.id, chapters.c.number, chapters.c.title)
    .join(chapters, chapters.c.story_id == stories.c.id)
    .where(stories.c.id == bindparam("story"))
    .order_by(chapters.c.number)
)


@dataclass(frozen=True, slots=True)
class Outline:
    """A story's chapters in order, by their ids: their numbers and what they are called."""

    complete: bool
    chapters: dict[int, tuple[int, ChapterName]]

    def place(self, chapter_id: int, part: int, parts: int) -> PlaceName:
        _, name = self.chapters[chapter_id]
        return naming.place_name(name, part, parts, complete=self.complete)


def of_story(conn: Connection, story_id: int) -> Outline:
    rows = conn.execute(_OUTLINE, {"story": story_id}).all()
    names = naming.chapter_names([row.title for row in rows])
    return Outline(
        bool(rows and rows[0].complete),
        {row.id: (row.number, name) for row, name in zip(rows, names, strict=True)},
    )
