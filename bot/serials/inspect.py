"""What the bot makes of a file, for its author to look at."""

from typing import TypedDict

from bot.serials import excerpts
from bot.serials.imports import Draft
from bot.stories import naming
from bot.stories.naming import ChapterName, PlaceName


class ChapterView(TypedDict):
    title: str | None
    words: int
    excerpts: int


class ExcerptView(TypedDict):
    """`n` counts through the story, `chapter` from 1; `text` is Discord Markdown."""

    n: int
    chapter: int
    chars: int
    words: int
    text: str


class Inspection(TypedDict):
    title: str | None
    author: str | None
    words: int
    front_matter: list[str]
    chapters: list[ChapterView]
    excerpts: list[ExcerptView]
    warnings: list[str]


def chapter_names(draft: Draft) -> list[ChapterName]:
    return naming.chapter_names([chapter.title for chapter in draft.manuscript.chapters])


def places(draft: Draft) -> list[PlaceName]:
    """What readers call where each excerpt is."""
    return [
        PlaceName(name, part)
        for name, cut in zip(chapter_names(draft), draft.cuts, strict=True)
        for part, _ in enumerate(cut, start=1)
    ]


def inspect(draft: Draft) -> Inspection:
    manuscript = draft.manuscript
    chapters: list[ChapterView] = []
    parts: list[ExcerptView] = []
    cut = zip(manuscript.chapters, draft.cuts, draft.words, strict=True)
    for number, (chapter, found, words) in enumerate(cut, start=1):
        chapters.append(ChapterView(title=chapter.title, words=words, excerpts=len(found)))
        for excerpt in found:
            text = excerpts.text(chapter.blocks, excerpt.start, excerpt.end)
            parts.append(
                ExcerptView(
                    n=len(parts) + 1,
                    chapter=number,
                    chars=len(text),
                    words=excerpt.words,
                    text=text,
                )
            )
    return Inspection(
        title=manuscript.title,
        author=manuscript.author,
        words=sum(draft.words),
        front_matter=draft.notes,
        chapters=chapters,
        excerpts=parts,
        warnings=list(manuscript.warnings),
    )
