"""Notes that are posted with a part: on pages before its text, or after it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from sqlalchemy import Connection, Row, bindparam, func, select, update

from bot.errors import NotFound
from bot.serials import borders, posting
from bot.serials import excerpts as cut
from bot.serials.excerpts import PAGE_LENGTH, Place
from bot.serials.records import Actor, Serial, owned
from bot.serials.tables import excerpts
from bot.stories import markup
from bot.stories import service as stories
from bot.stories.formats import front_matter
from bot.stories.model import Block, Kind, Position, Shown
from bot.stories.service import Note

Part = Row[tuple[object, ...]]  # an excerpt's
_Notes = Sequence[Note]

_NEXT = {Shown.POST: Shown.KEEP, Shown.KEEP: Shown.DROP, Shown.DROP: Shown.POST}
_APART = 2  # "\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """What an author decides on: a note of the front matter, known by its `ordinal`, or all of a
    kind that stand with chapters (`ordinal` is None), of which `text` is the first."""

    kind: Kind
    ordinal: int | None
    text: str
    count: int
    shown: Shown

    @property
    def next(self) -> Shown:
        """What it is turned to. Only what is said of the whole story is kept to be looked up."""
        if self.ordinal is None:
            return Shown.DROP if self.shown is Shown.POST else Shown.POST
        return _NEXT[self.shown]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What stays on one page, and at most how much of it that takes."""

    start: Position
    size: int
    is_text: bool


def pieces(conn: Connection, serial: Serial) -> list[Piece]:
    """Front matter first, then what stands with chapters; not what title or rating tells anyway."""
    notes = stories.notes(conn, serial.story.id)
    found = [note for note in notes if not front_matter.is_told(note.block.text)]
    front = [
        Piece(note.block.kind, note.ordinal, note.block.text, 1, note.shown)
        for note in found
        if note.chapter_id is None
    ]
    with_chapters = sorted(
        (note for note in found if note.chapter_id is not None), key=lambda note: note.block.kind
    )
    for kind, group in groupby(with_chapters, lambda note: note.block.kind):
        first, *others = group
        front.append(Piece(kind, None, first.block.text, 1 + len(others), first.shown))
    return front


def show(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, piece: int | Kind, shown: Shown
) -> Serial:
    """What is done from now on with a note of the front matter, by its ordinal, or with all of a
    kind that stand with chapters. What has been posted stays. Raises NotFound, NotAllowed."""
    serial = owned(conn, actor, guild_id, serial_id)
    posted = conn.scalar(
        select(func.max(excerpts.c.end_ordinal)).where(
            excerpts.c.serial_id == serial_id,
            excerpts.c.state.in_([posting.PROMISED, posting.PUBLISHED]),
        )
    )
    ordinals = [
        note.ordinal
        for note in stories.notes(conn, serial.story.id)
        if note.ordinal > (-1 if posted is None else posted)
        and piece == (note.ordinal if note.chapter_id is None else note.block.kind)
    ]
    if not ordinals:
        raise NotFound("That note has been posted, or is not here any more.")
    stories.show_notes(conn, serial.story.id, ordinals, shown)
    arrange(conn, serial.id, serial.story.id)
    return serial


def arrange(conn: Connection, serial_id: int, story_id: int) -> None:
    """Give each part to come the pages for the notes that are posted with it. Notes above a chapter
    go with its first part, those at its end with its last."""
    notes = stories.notes(conn, story_id)
    if not notes:
        return
    rows = conn.execute(
        select(excerpts).where(excerpts.c.serial_id == serial_id).order_by(excerpts.c.number)
    ).all()
    found = _with_notes(rows, notes)
    planned = [row for row, _, _ in found]
    if not planned:
        return
    first = min(row.start_ordinal for row in planned)
    blocks = stories.blocks(conn, story_id, first, max(row.end_ordinal for row in planned))
    conn.execute(
        update(excerpts).where(excerpts.c.id == bindparam("part")),
        [
            {"part": row.id, **_arranged(row, before, after, blocks, first)}
            for row, before, after in found
        ],
    )


def _with_notes(rows: Sequence[Part], notes: Sequence[Note]) -> list[tuple[Part, _Notes, _Notes]]:
    """The parts to come that have notes, and the notes before and after each."""
    ordinals = [note.ordinal for note in notes]
    by_chapter: dict[int | None, list[Note]] = {}
    for note in notes:
        by_chapter.setdefault(note.chapter_id, []).append(note)
    found = []
    done = -1  # the ordinal up to which notes are with a part
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        before = notes[bisect_right(ordinals, done) : bisect_left(ordinals, row.start_ordinal)]
        after: Sequence[Note] = ()
        if following is None or following.chapter_id != row.chapter_id:
            in_chapter = by_chapter.get(row.chapter_id, [])
            after = in_chapter[
                bisect_right(in_chapter, row.start_ordinal, key=lambda note: note.ordinal) :
            ]
        done = max(row.end_ordinal, *(note.ordinal for note in after), 0)
        if row.state == posting.PLANNED and (before or after):
            found.append((row, before, after))
    return found


def _arranged(
    row: Part, before: _Notes, after: _Notes, blocks: Sequence[Block], first: int
) -> dict[str, object]:
    """Where the part's pages begin and where it ends, with its notes. `blocks` begin with the
    ordinal `first`."""
    start = Position(row.start_ordinal, row.start_offset)
    pages = [Position(*page) for page in row.pages]
    pages = [
        start,
        *(page for page in pages if page > start and not blocks[page.ordinal - first].kind.is_note),
    ]
    end = Position(row.end_ordinal, row.end_offset)
    if blocks[end.ordinal - first].kind.is_note:
        while blocks[end.ordinal - first].kind is not Kind.PROSE:
            end = Position(end.ordinal - 1, len(blocks[end.ordinal - 1 - first].text))
    posted = [note for note in after if note.shown is Shown.POST]
    above = _stretches(note for note in before if note.shown is Shown.POST)
    arranged = _packed([*above, *_text(blocks, first, pages, end), *_stretches(posted)])
    if posted:
        end = Position(posted[-1].ordinal, len(posted[-1].block.text))
    return {
        "pages": [[page.ordinal, page.offset] for page in arranged],
        "end_ordinal": end.ordinal,
        "end_offset": end.offset,
    }


def _text(
    blocks: Sequence[Block], first: int, pages: Sequence[Position], end: Position
) -> Iterator[_Stretch]:
    """A part's pages of text. Notes may share its first and its last one, so of these the size
    counts."""
    spans = list(pairwise([*pages, end]))
    for number, (start, following) in enumerate(spans):
        size = 0
        if number in (0, len(spans) - 1):
            shown = cut.text(
                blocks,
                Place(start.ordinal - first, start.offset),
                Place(following.ordinal - first, following.offset),
            )
            size = markup.length(shown) + _APART
        yield _Stretch(start, size, is_text=True)


def _stretches(notes: Iterable[Note]) -> Iterator[_Stretch]:
    for note in notes:
        text = note.block.text
        spans = list(pairwise([0, *(offset for offset, _ in borders.within(text)), len(text)]))
        for (start, _), shown in zip(spans, cut.note_stretches(note.block, spans), strict=True):
            size = markup.length(shown) + _APART
            yield _Stretch(Position(note.ordinal, start), size, is_text=False)


def _packed(stretches: Iterable[_Stretch]) -> list[Position]:
    """Where pages begin: as few as hold it all, and no two pages of the text made one."""
    pages: list[Position] = []
    room, has_text = 0, False
    for stretch in stretches:
        if stretch.size > room or (stretch.is_text and has_text):
            pages.append(stretch.start)
            room, has_text = PAGE_LENGTH, False
        room -= stretch.size
        has_text = has_text or stretch.is_text
    return pages
