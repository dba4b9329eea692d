"""A writer's entries as a file: a spreadsheet's, TrackBear's or our own. Reading and writing are
pure, and take their time over a long file, so they are run in a thread."""

import csv
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise

from bot.errors import BadInput
from bot.people.dates import EARLIEST
from bot.words.amounts import Sign, Unit
from bot.words.amounts import parse as parse_amount
from bot.words.ledger import Entry
from bot.words.projects import LONGEST_TITLE, fold
from bot.words.service import LONGEST_NOTE

MOST_BYTES = 2_000_000
MOST_LINES = 20_000
LONGEST_CELL = 2_000  # characters that are read of it
TOO_LARGE = f"That file is larger than {MOST_BYTES // 1_000_000} MB. Send it in pieces."
TOTALS = "totals"  # in a record whose amount is a running total by its heading
FEWEST_STEPS, SOME_STEPS = 2, 4  # from amount to amount, before running totals are suspected
A_LOT = 10_000  # words for a day, so that a few steps are enough
NAMED = 3  # lines that could not be read, one by one
QUOTED = 40  # characters of a cell that could not be

# What a column of running totals may be called.
RUNNING_TOTAL = (
    "total", "running total", "total words", "total word count", "cumulative", "cumulative words",
)  # fmt: skip

# What the columns may be called; and in a zip, the file.
COLUMNS = {
    "day": ("date", "day", "entry date", "session date", "writing date"),
    "amount": (
        "amount", "count", "words", "word count", "wordcount", "words written", "written",
        "minutes", "pages", "chapters", "scenes", "lines",
        *RUNNING_TOTAL,
    ),
    "unit": ("unit", "measure"),
    "project": ("project", "project title", "project name", "title", "work", "story", "novel"),
    "note": ("note", "notes", "comment", "comments", "description"),
}  # fmt: skip
IN_A_ZIP = ("all-tallies.csv", "entries.csv")
OURS = ("date", "amount", "unit", "project", "note", "source", "made at", "server id")

UNITS = {unit.removesuffix("s"): unit for unit in Unit} | {"time": Unit.MINUTES}

# A spreadsheet takes what begins so for a formula, unless an apostrophe stands before it.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[, ].*)?")


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of the file says. No `project`: the default one."""

    day: date
    amount: int
    unit: Unit
    project: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What could be read, and sentences on what could not. `totals`: the amounts look like running
    totals."""

    lines: tuple[Line, ...]
    skipped: tuple[str, ...]
    totals: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """Where a project stood before a file of running totals begins."""

    project: str | None
    unit: Unit
    amount: int


def read(data: bytes, today: date) -> Found:
    """Raises BadInput where there are no entries that can be read."""
    records = list(_records(_text(data)))
    if len(records) > MOST_LINES:
        raise BadInput(f"That file has more than {MOST_LINES:,} lines. Send it in pieces.")
    totals = bool(records) and all(record["amount"].startswith("=") for _, record in records)
    for _, record in records if totals else ():
        record["amount"] = record["amount"].removeprefix("=")
    day_first = _day_first(record["day"] for _, record in records)
    lines: list[Line] = []
    wrong: list[str] = []
    for number, record in records:
        try:
            lines.append(_line(record, day_first, today))
        except BadInput as error:
            wrong.append(f"Line {number} is left out: {error}")
    if len(wrong) > NAMED:
        wrong[NAMED:] = [f"{len(wrong) - NAMED:,} more are left out as well."]
    if not lines:
        raise BadInput(" ".join(wrong) or "That file has headings and nothing below them.")
    totals = totals or any(TOTALS in record for _, record in records)
    return Found(tuple(lines), tuple(wrong), totals or _look_like_totals(lines))


def written_between(totals: Sequence[Line]) -> tuple[list[Line], list[Start]]:
    """What was written from one running total of a project to the next. The first of them was
    written on its day, unless it is more than was ever written at once: then the project started
    there."""
    lines: list[Line] = []
    starts: list[Start] = []
    for those in _by_project(totals):
        rises = [after.amount - line.amount for line, after in pairwise(those)]
        first = those[0]
        if rises and first.amount > max(rises):
            starts.append(Start(first.project, first.unit, first.amount))
            written = [0, *rises]
        else:
            written = [first.amount, *rises]
        lines += [replace(line, amount=rise) for line, rise in zip(those, written, strict=True)]
    return lines, starts


def _look_like_totals(lines: Sequence[Line]) -> bool:
    """Whether the amounts of a project keep growing, as what is written in a day doesn't."""
    for those in _by_project(lines):
        amounts = [line.amount for line in those]
        steps = len(amounts) - 1
        if steps < FEWEST_STEPS or (steps < SOME_STEPS and amounts[0] < A_LOT):
            continue
        rises = sum(after > amount for amount, after in pairwise(amounts))
        falls = sum(after < amount for amount, after in pairwise(amounts))
        if min(amounts) >= 0 and 2 * rises >= steps and 10 * falls <= steps:
            return True
    return False


def _by_project(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each project and unit, by their days; those of a day as the file has them, which
    may begin with the latest."""
    latest_first = len(lines) > 1 and lines[0].day > lines[-1].day
    found: defaultdict[tuple[str, Unit], list[Line]] = defaultdict(list)
    for line in reversed(lines) if latest_first else lines:
        found[fold(line.project or ""), line.unit].append(line)
    return [sorted(those, key=lambda line: line.day) for those in found.values()]


def write(written: Iterable[Entry]) -> str:
    """Entries as a file that `read` takes, and that is safe to open in a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(OURS)
    for entry in written:
        made_at = datetime.fromtimestamp(entry.made_at / 1000, UTC).isoformat(timespec="seconds")
        place = entry.place
        table.writerow(
            (
                place.day, entry.amount, place.unit, _inert(entry.project),
                _inert(entry.note or ""), entry.source, made_at, place.guild_id,
            )
        )  # fmt: skip
    return out.getvalue()


def _text(data: bytes) -> str:
    if data.startswith(b"PK\3\4"):
        data = _unpacked(data)
    if len(data) > MOST_BYTES:
        raise BadInput(TOO_LARGE)
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            if "\0" not in text:
                return text
    raise BadInput("That file is no CSV: save the sheet as CSV (UTF-8) and send it anew.")


def _unpacked(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                if name.rpartition("/")[2] in IN_A_ZIP:
                    with packed.open(name) as file:
                        return file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        pass  # broken, packed in an unknown way, or locked
    raise BadInput(
        f"I can't find {' or '.join(IN_A_ZIP)} in that file. Send the CSV itself, or the sheet "
        "saved as CSV."
    )


def _records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that says something, with its number, as what its columns are to us."""
    heading = text.partition("\n")[0]
    table = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count), strict=True
    )
    try:
        names = [" ".join(re.findall(r"[^\W_]+", name.casefold())) for name in next(table, [])]
        at = {
            column: names.index(here[0])
            for column, called in COLUMNS.items()
            if (here := [name for name in called if name in names])
        }
        if not {"day", "amount"} <= at.keys():
            raise BadInput(
                "That file needs a first line of headings with a date and an amount (or words, or "
                "count)."
            )
        unit = UNITS.get(names[at["amount"]].removesuffix("s"), Unit.WORDS)
        marks = {TOTALS: ""} if names[at["amount"]] in RUNNING_TOTAL else {}
        for row in table:
            if any(cell.strip() for cell in row):
                row += [""] * len(names)
                said = {
                    column: _as_it_was(row[index].strip()[:LONGEST_CELL])
                    for column, index in at.items()
                }
                yield table.line_num, {"unit": unit, "project": "", "note": "", **said, **marks}
    except csv.Error:
        raise BadInput(
            f"I can't make out line {table.line_num} of that file: is it CSV, with every quotation "
            "mark closed?"
        ) from None


def _day_first(typed: Iterable[str]) -> bool | None:
    """Whether dates that end in the year begin with the day; None where all could be either."""
    found = [match for said in typed if (match := _YEAR_LAST.fullmatch(said))]
    if any(match[2] == "." or int(match[1]) > 12 for match in found):
        return True
    return False if any(int(match[3]) > 12 for match in found) else None


def _line(record: dict[str, str], day_first: bool | None, today: date) -> Line:
    """Raises BadInput."""
    unit = UNITS.get(record["unit"].casefold().removesuffix("s") or "word")
    if unit is None:
        raise BadInput(f"{_quoted(record['unit'])} is not a unit that I know.")
    amount = parse_amount(re.sub(r"\.0{1,2}$", "", record["amount"]), unit)
    if amount.sign is Sign.TOTAL:
        raise BadInput(f"{_quoted(record['amount'])} is a running total, not an amount.")
    project = " ".join(record["project"].split())[:LONGEST_TITLE].strip()
    return Line(
        _day(record["day"], day_first, today),
        -amount.number if amount.sign is Sign.LESS else amount.number,
        unit,
        project if fold(project) else None,
        " ".join(record["note"].split())[:LONGEST_NOTE].strip() or None,
    )


def _day(typed: str, day_first: bool | None, today: date) -> date:
    if found := _YEAR_FIRST.fullmatch(typed):
        year, month, day = found[1], found[2], found[3]
    elif found := _YEAR_LAST.fullmatch(typed):
        if day_first is None:
            raise BadInput(
                f"in {_quoted(typed)} I can't tell day from month. Write it like {today}."
            )
        year = found[4]
        day, month = (found[1], found[3]) if day_first else (found[3], found[1])
    else:
        raise BadInput(f"{_quoted(typed)} is not a date that I can read. Write it like {today}.")
    try:
        said = date(int(year), int(month), int(day))
    except ValueError:
        raise BadInput(f"there is no day {_quoted(typed)}.") from None
    if not EARLIEST <= said <= today:
        raise BadInput(f"{said} is not a day that one can have written on yet.")
    return said


def _quoted(cell: str) -> str:
    return f"“{cell if len(cell) <= QUOTED else cell[: QUOTED - 1] + '…'}”"


def _inert(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _as_it_was(text: str) -> str:
    return text.removeprefix("'") if _FORMULA.match(text) else text
