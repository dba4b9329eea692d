"""Reading an author's file."""

import re
from dataclasses import replace
from pathlib import PurePath

from bot.errors import BadFile
from bot.stories.decode import decode
from bot.stories.formats.text import parse
from bot.stories.model import Manuscript

MAX_BYTES = 10_000_000

_KINDS = "plain text (.txt) or Markdown (.md)"
_MARKDOWN = {".md", ".markdown"}
_ENDINGS = {"", ".txt", ".text"} | _MARKDOWN
# Files of other kinds that now and then arrive under a text file's name.
_SIGNATURES = {
    b"PK\x03\x04": "a zip archive (or a .docx or .epub, which are zip archives inside)",
    b"%PDF": "a PDF",
    b"{\\rtf": "a rich text document",
    b"\xd0\xcf\x11\xe0": "an old Word document",
}
_OLD_ENCODING = (
    "The file isn't UTF-8, so I read it as Windows-1252: look whether accents and quotes are right."
)


def read(name: str, data: bytes) -> Manuscript:
    """The story in a file of this name. Raises BadFile, which says what is wrong and what to do.
    Pure and busy: run it in a thread."""
    ending = PurePath(name).suffix.lower()
    if not re.fullmatch(r"\.[a-z]\w{0,9}", ending):
        ending = ""  # "Chapter 3. The storm" has no ending
    if ending not in _ENDINGS:
        raise BadFile(f"I can't read {ending} files yet: save the story as {_KINDS}.")
    if len(data) > MAX_BYTES:
        raise BadFile(
            f"That file is over {MAX_BYTES // 1_000_000} MB: split the story into smaller files."
        )
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise BadFile(f"That file is {kind}, not text: save the story as {_KINDS}.")

    content, encoding = decode(data)
    if not content.strip():
        raise BadFile("That file is empty: check that the story was saved in it and send it anew.")
    manuscript = parse(content, markdown=ending in _MARKDOWN)
    if not manuscript.words:
        raise BadFile(
            "I found no story in that file, only headings, notes or separators: "
            "send one with the story's text in it."
        )
    if encoding == "cp1252":
        manuscript = replace(manuscript, warnings=(*manuscript.warnings, _OLD_ENCODING))
    return manuscript
