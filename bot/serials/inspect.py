"""What the bot makes of a file, for its author to look at."""

from typing import TypedDict

from bot.serials import excerpts
from bot.stories.model import Kind, Manuscript


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


def inspect(manuscript: Manuscript, words: int = excerpts.DEFAULT_WORDS) -> Inspection:
    chapters: list[ChapterView] = []
    parts: list[ExcerptView] = []
    for number, chapter in enumerate(manuscript.chapters, start=1):
        found = excerpts.cut(chapter.blocks, words)
        chapters.append(ChapterView(title=chapter.title, words=chapter.words, excerpts=len(found)))
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
        words=manuscript.words,
        front_matter=[block.text for block in manuscript.blocks if block.kind is Kind.NOTE],
        chapters=chapters,
        excerpts=parts,
        warnings=list(manuscript.warnings),
    )
