"""Plain text and Markdown, which authors mix: one way, with a few differences."""

from bot.stories.formats import front_matter, inline, paragraphs
from bot.stories.formats.assembly import Part, assemble
from bot.stories.formats.markdown import Markdown
from bot.stories.model import Block, Kind, Manuscript, Run


def parse(text: str, *, markdown: bool) -> Manuscript:
    """The story in a text. One without prose has no chapters."""
    yaml = front_matter.yaml(text)
    body = text[len(yaml) :]
    if markdown:
        document = Markdown(body)
        lines, runs = document.lines, document.runs
    else:
        lines, runs = paragraphs.lines_of(body), inline.runs
    parts = []
    for paragraph in paragraphs.grouped(lines, markdown=markdown):
        text = paragraph.text
        shown = (Run(text),) if paragraph.kind is Kind.BREAK else runs(text)
        parts.append(Part(Block(paragraph.kind, shown, paragraph.source), paragraph.level))
    metadata = [Block(Kind.NOTE, (Run(yaml.strip()),), yaml)] if yaml else []
    return assemble(parts, metadata)
