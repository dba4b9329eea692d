"""A serial as one Markdown file: its story, and where its parts end."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, select

from bot.errors import Conflict
from bot.serials.records import Actor, owned
from bot.serials.tables import excerpts
from bot.stories import markup
from bot.stories import service as stories
from bot.stories.formats import front_matter, headings, paragraphs, scenes
from bot.stories.model import Block, Kind, Run, Style
from bot.stories.service import Story

ZIPPED_FROM = 8_000_000  # bytes
MOST_BYTES = 10_000_000  # Discord's limit for a file

_MARKS = {
    Style.ITALIC: "*",
    Style.BOLD: "**",
    Style.BOLD | Style.ITALIC: "***",
    Style.STRIKE: "~~",
}
_TAGS = {Style.UNDERLINE: "u", Style.STRIKE: "s", Style.BOLD: "b", Style.ITALIC: "i"}
_SPECIAL = re.compile(r"[\\`*_~<&\[]|^(?:[#>])", re.MULTILINE)
_OPENING, _CLOSING = "“‘«(\"'", ".,;:!?…”’»)\"'"


@dataclass(frozen=True, slots=True)
class Export:
    """`blocks` with their ordinals and chapters, None for front matter; `chapters` are their ids
    and numbers; `ends`: at which offsets of a block which parts end."""

    story: Story
    chapters: dict[int, int]
    blocks: Sequence[tuple[int, int | None, Block]]
    ends: dict[int, list[tuple[int, int]]]


def export(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Export:
    """Raises NotFound, NotAllowed."""
    story = owned(conn, actor, guild_id, serial_id).story
    ends: dict[int, list[tuple[int, int]]] = {}
    for row in conn.execute(
        select(excerpts.c.number, excerpts.c.end_ordinal, excerpts.c.end_offset)
        .where(excerpts.c.serial_id == serial_id)
        .order_by(excerpts.c.number)
    ):
        ends.setdefault(row.end_ordinal, []).append((row.end_offset, row.number))
    contents = stories.contents(conn, story.id)
    first = {chapter.id: chapter.first for chapter in contents}

    def under_its_heading(placed: tuple[int, int | None, Block]) -> float:
        """A note that stood above an added chapter's would be read as the one before's."""
        ordinal, chapter_id, _ = placed
        heading = first.get(chapter_id, 0) if chapter_id is not None else 0
        return ordinal if ordinal >= heading else heading + 0.5

    blocks = sorted(stories.placed(conn, story.id), key=under_its_heading)
    return Export(story, {chapter.id: chapter.number for chapter in contents}, blocks, ends)


def file(export: Export) -> tuple[str, bytes]:
    """The file's name and content, zipped where it is large. Slow for long stories. Raises
    Conflict."""
    name = re.sub(r"[^a-z0-9]+", "-", export.story.title.lower()).strip("-")[:60] or "story"
    data = markdown(export).encode()
    if len(data) <= ZIPPED_FROM:
        return f"{name}.md", data
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.md", data)
    if packed.tell() > MOST_BYTES:
        raise Conflict("The story is more than Discord lets me send. Ask whoever runs me for it.")
    return f"{name}.zip", packed.getvalue()


def markdown(export: Export) -> str:
    """What, added again, makes the same chapters of the same words."""
    story = export.story
    found = [f"---\ntitle: {story.title}\nauthor: {story.author}\n---"]
    last: int | None = None  # the chapter that is being written
    in_prose = False
    for ordinal, chapter, block in export.blocks:
        if chapter is not None and chapter != last:
            last, in_prose = chapter, False
            if block.kind is not Kind.HEADING and export.chapters[chapter] > 1:
                found.append(f"## Chapter {export.chapters[chapter]}")
        ends = export.ends.get(ordinal, [])
        in_prose = in_prose or block.kind is Kind.PROSE
        if chapter is None and not block.kind.is_note:
            continue  # the title
        if block.text.strip():
            found.append(_block(block, ends, in_prose))
        found += [_ended(number) for offset, number in ends if offset >= len(block.text)]
    return "\n\n".join(found) + "\n"


def _block(block: Block, ends: Sequence[tuple[int, int]], in_prose: bool) -> str:
    match block.kind:
        case Kind.HEADING:
            return f"## {_inline(block.runs)}".replace("\n", " ")
        case Kind.BREAK:
            return block.text if scenes.is_break(block.text) else "* * *"
        case Kind.NOTE | Kind.WARNING | Kind.LABEL:
            known = front_matter.is_note if in_prose else front_matter.is_label
            label = "" if known(block.text) else "Note: "
            return f"> {label}{_inline(block.runs)}".replace("\n", "\\\n> ")
    inner = [(offset, number) for offset, number in ends if offset < len(block.text)]
    borders = [0, *(offset for offset, _ in inner), len(block.text)]
    pieces = [_inline(runs) for runs in markup.split_runs(block.runs, pairwise(borders))]
    text = pieces[0]
    for piece, (_, number) in zip(pieces[1:], inner, strict=True):
        end = text.rstrip()
        text = f"{end}{_ended(number)}{text[len(end) :]}{piece}"
    return "\\\n".join(map(_as_prose, text.strip().split("\n")))


def _ended(number: int) -> str:
    return f"<!-- part {number} ends -->"


def _as_prose(line: str) -> str:
    """Nothing that would be read as a heading or a separator: its first letter is written by its
    number."""
    line = line.strip()
    if not line or (
        paragraphs.kind_of(line, frozenset()) is Kind.PROSE
        and headings.underline(line, markdown=True) is None
    ):
        return line
    return f"&#{ord(line[0])};{line[1:]}"


def _inline(runs: Sequence[Run]) -> str:
    whole = "".join(run.text for run in runs)
    parts: list[str] = []
    start = 0
    for run in runs:
        end = start + len(run.text)
        core = run.text.strip()
        if not core or not run.style:
            parts.append(_escape(run.text))
        else:
            lead, _, trail = run.text.partition(core)
            before, after = whole[start - 1 : start] + lead, trail + whole[end : end + 1]
            parts += [lead, _marked(core, run.style, before[-1:], after[:1]), trail]
        start = end
    return "".join(parts)


def _marked(text: str, style: Style, before: str, after: str) -> str:
    """With marks where they stand free, else with tags, which may stand anywhere."""
    opens = not before.strip() or (before in _OPENING and text[0].isalnum())
    closes = not after.strip() or (after in _CLOSING and text[-1].isalnum())
    marks = _MARKS.get(style)
    if marks and opens and closes:
        return f"{marks}{_escape(text)}{marks}"
    tags = [tag for one, tag in _TAGS.items() if one in style]
    opened = "".join(f"<{tag}>" for tag in tags)
    closed = "".join(f"</{tag}>" for tag in reversed(tags))
    return f"{opened}{_escape(text)}{closed}"


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)
