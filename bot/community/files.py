"""An export as the files that its member is given. Pure, and for long stories slow."""

import io
import json
import zipfile
from datetime import UTC, datetime

from bot.community.service import Export
from bot.errors import Conflict
from bot.words import transfer

ZIPPED_FROM = 8_000_000  # bytes
MOST_BYTES = 10_000_000  # Discord's limit for a file
SAFE_IN_JSON = 1 << 53  # larger numbers, Discord's ids among them, lose digits in many programs


def files(export: Export) -> dict[str, bytes]:
    """The files by their names; one zip of them where they are large. Raises Conflict."""
    told = {
        table: [{name: _told(name, value) for name, value in row.items()} for row in held]
        for table, held in export.everything.items()
    }
    made = {
        "entries.csv": transfer.write(export.entries).encode("utf-8-sig"),
        "everything.json": json.dumps(told, ensure_ascii=False, indent=1).encode(),
    }
    if sum(map(len, made.values())) <= ZIPPED_FROM:
        return made
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in made.items():
            archive.writestr(name, data)
    if packed.tell() > MOST_BYTES:
        raise Conflict(
            "What I hold on you is more than Discord lets me send in one file. Ask whoever runs me "
            "for it."
        )
    return {"cliffhanger.zip": packed.getvalue()}


def _told(name: str, value: object) -> object:
    if not isinstance(value, int):
        return value
    if name.endswith("_at"):
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="seconds")
    return str(value) if abs(value) >= SAFE_IN_JSON else value
