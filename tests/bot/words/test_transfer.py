"""Entries from files and back."""

import csv
import io
import time
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.people.dates import EARLIEST
from bot.words.amounts import MOST, Unit
from bot.words.ledger import Entry, Place
from bot.words.projects import fold
from bot.words.service import LONGEST_NOTE
from bot.words.transfer import MOST_BYTES, MOST_LINES, Line, Start, read, write, written_between

TODAY = date(2026, 11, 20)
NOW = int(datetime(2026, 11, 20, 8, tzinfo=UTC).timestamp() * 1000)

TRACKBEAR = (
    "id,uuid,project_id,project_title,date,measure,count,note,tag_ids,tag_names,created_at,"
    "updated_at\n"
    '7,9d1f,3,"The Pier, again",2026-11-03,word,1667,first day,,,2026-11-03T20:00:00Z,'
    "2026-11-03T20:00:00Z\n"
    "8,9d20,3,The Pier,2026-11-04,time,45,,4;5,draft;cafe,2026-11-04T20:00:00Z,"
    "2026-11-04T20:00:00Z\n"
    "9,9d21,3,The Pier,2026-11-04,word,-200,cut a scene,,,2026-11-04T21:00:00Z,"
    "2026-11-04T21:00:00Z\n"
)


def line(
    day: date = date(2026, 11, 3),
    amount: int = 350,
    unit: Unit = Unit.WORDS,
    project: str | None = None,
    note: str | None = None,
) -> Line:
    return Line(day, amount, unit, project, note)


def packed(name: str, data: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("targets/nano_1.csv", "date,series,value\n2026-11-03,par,1667\n")
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [TRACKBEAR.encode(), packed("tallies/all-tallies.csv", TRACKBEAR)], ids=["csv", "zip"]
)
def test_trackbears_export(data: bytes) -> None:
    found = read(data, TODAY)
    assert found.skipped == ()
    assert found.lines == (
        line(amount=1667, project="The Pier, again", note="first day"),
        line(date(2026, 11, 4), 45, Unit.MINUTES, "The Pier"),
        line(date(2026, 11, 4), -200, project="The Pier", note="cut a scene"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date,words\n2026-11-03,350\n", line()),
        ("Date ; Word Count\n2026-11-03;350\n", line()),
        ("date\twords\r\n2026-11-03\t350\r\n", line()),
        ("words,date\n350,2026/11/3\n", line()),
        ("date,words\n3.11.2026,350\n", line()),
        ("date,words\n2026-11-03T20:15:00Z,350\n", line()),
        ("date,words\n2026-11-03 20:15,350\n", line()),
        ('date,words\n2026-11-03,"12,350"\n', line(amount=12_350)),
        ("date,words\n2026-11-03,350.0\n", line()),
        ("date,words\n2026-11-03,0\n", line(amount=0)),
        ("date,words\n2026-11-03,-40\n", line(amount=-40)),
        ("date,minutes\n2026-11-03,45\n", line(amount=45, unit=Unit.MINUTES)),
        ("date,amount,unit\n2026-11-03,2,Pages\n", line(amount=2, unit=Unit.PAGES)),
        ("date,amount,unit\n2026-11-03,350,\n", line()),
        ("date,amount,measure\n2026-11-03,1,scene\n", line(amount=1, unit=Unit.SCENES)),
        ("date,words,project\n2026-11-03,350,  The   Pier \n", line(project="The Pier")),
        ("date,words,project,note\n2026-11-03,350\n", line()),
        ('date,words,note\n2026-11-03,350,"two\nlines"\n', line(note="two lines")),
        (f"date,words,note\n2026-11-03,350,{'x' * 300}\n", line(note="x" * LONGEST_NOTE)),
        ("date,words\n\n2026-11-03,350\n , \n", line()),
    ],
)
def test_a_line(text: str, expected: Line) -> None:
    assert read(text.encode(), TODAY).lines == (expected,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(encoding: str) -> None:
    found = read("date,words,note\n2026-11-03,350,café\n".encode(encoding), TODAY)
    assert found.lines == (line(note="café"),)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("11/3/2026", "11/14/2026"), (date(2026, 11, 3), date(2026, 11, 14))),
        (("3/11/2026", "14/11/2026"), (date(2026, 11, 3), date(2026, 11, 14))),
    ],
)
def test_the_whole_file_tells_day_from_month(
    dates: tuple[str, ...], expected: tuple[date, ...]
) -> None:
    text = "date,words\n" + "".join(f"{said},350\n" for said in dates)
    assert tuple(found.day for found in read(text.encode(), TODAY).lines) == expected


def test_bad_lines_are_named_and_the_others_stay() -> None:
    text = (
        "date,words,unit\n2026-11-03,350,words\n3/11/2026,1,words\n2026-11-21,1,words\n"
        "2026-11-03,many,words\n2026-02-30,1,words\n2026-11-03,1,hours\n"
    )
    found = read(text.encode(), TODAY)
    assert found.lines == (line(),)
    assert found.skipped == (
        "Line 3 is left out: in “3/11/2026” I can't tell day from month. Write it like 2026-11-20.",
        "Line 4 is left out: 2026-11-21 is not a day that one can have written on yet.",
        "Line 5 is left out: “many” is not an amount. Write it like 350, +350, -40 or =12350 (a "
        "running total).",
        "2 more are left out as well.",
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "a first line of headings"),
        (b"date,mood\n2026-11-03,fine\n", "a first line of headings"),
        (b"date,series,value\n2026-11-03,par,1667\n", "a first line of headings"),
        (b"date,words\n", "nothing below them"),
        (b"date,words\nsoon,many\nlater,more\n", "Line 2 is left out"),
        (b"date,words\n2026-11-03,=350\n2026-11-04,soon\n", "a running total"),
        (b'date,words\n2026-11-03,350\n2026-11-04,"350\n', "line 3"),
        (b"\xff\xfed\0a\0t\0e\0", "no CSV"),
        (b"PK\3\4 and nothing else", "the CSV itself"),
        (packed("notes.txt", "x"), "the CSV itself"),
        (packed("entries.csv", "x" * (MOST_BYTES + 1)), "larger than 2 MB"),
        (b"date,words\n" + b"2026-11-03,1\n" * (MOST_LINES + 1), "more than 20,000"),
        (b"date,words," + b"x" * MOST_BYTES, "larger than 2 MB"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(data, TODAY)


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused_with_a_sentence(data: bytes) -> None:
    for text in (data, b"date,words,unit,note\n" + data, b"PK\3\4" + data):
        with suppress(BadInput):
            assert read(text, TODAY).lines


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(
    lambda text: " ".join(text.split())
)


@given(
    st.lists(
        st.builds(
            Line,
            st.dates(EARLIEST, TODAY),
            st.integers(-MOST, MOST),
            st.sampled_from(Unit),
            words.filter(lambda title: bool(fold(title))),
            words.map(lambda note: note or None)
            | st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''-2", "'tis"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_read_again_and_holds_no_formula(lines: list[Line]) -> None:
    entries = [
        Entry(n, Place(1, said.unit, said.day, 10**18), said.project or "", said.amount, NOW,
              "wrote", said.note, False)
        for n, said in enumerate(lines)
    ]  # fmt: skip
    text = write(entries)
    assert read(text.encode("utf-8-sig"), TODAY).lines == tuple(lines)
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row)
        assert not any(cell.startswith("-") and not cell[1:].isdigit() for cell in row)


def test_our_own_file_says_where_an_entry_came_from() -> None:
    entry = Entry(1, Place(1, Unit.WORDS, TODAY, 77), "The Pier", 350, NOW, "sprint", None, False)
    here, dm = entry, replace(entry, place=replace(entry.place, guild_id=None))
    assert write([here, dm]).splitlines() == [
        "date,amount,unit,project,note,source,made at,server id",
        "2026-11-20,350,words,The Pier,,sprint,2026-11-20T08:00:00+00:00,77",
        "2026-11-20,350,words,The Pier,,sprint,2026-11-20T08:00:00+00:00,",
    ]


@pytest.mark.parametrize("column", ["date", "words", "unit", "project", "note"])
@pytest.mark.parametrize("unit", ["x", "9", "9,", "'", "=", "\u0315\u0316", "1/1/", " "])
def test_a_cell_of_any_length_takes_a_moment_and_is_not_quoted_whole(
    column: str, unit: str
) -> None:
    cells = {"date": "2026-11-03", "words": "350", "unit": "words", "project": "", "note": ""}
    cells[column] = '"' + unit * (130_000 // len(unit)) + '"'
    text = f"{','.join(cells)}\n2026-11-03,350,words,,\n" + f"{','.join(cells.values())}\n" * 5
    began = time.thread_time()
    found = read(text.encode(), TODAY)
    assert time.thread_time() - began < 0.5
    assert all(len(sentence) < 250 for sentence in found.skipped)


def sheet(amounts: Iterable[int | str], heading: str = "words", first: str = "2026-01-01") -> bytes:
    """An amount a day."""
    days = (date.fromisoformat(first) + timedelta(days=n) for n in range(10_000))
    rows = (f"{day},{amount}" for day, amount in zip(days, amounts, strict=False))
    return "\n".join([f"date,{heading}", *rows]).encode()


@pytest.mark.parametrize(
    ("data", "totals"),
    [
        (sheet(1667 * n for n in range(1, 281)), True),
        (sheet([500, 900, 900, 1400, 2000, 2600]), True),  # and a day without
        (sheet([*range(100, 2_100, 100), 1_950, *range(2_000, 4_000, 100)]), True),  # and a cut
        (sheet([40_000, 40_350, 41_000]), True),
        (sheet([3, 5], "running total"), True),
        (sheet([3, 2], "Total words"), True),
        (sheet(["=40000", "=40100"]), True),
        (sheet([1667] * 30), False),
        (sheet([500, 0, 800, 350, 1200, 20, 700]), False),
        (sheet([100, 200, 300]), False),
        (sheet([1000, 2000, -300, 4000, 5000, 6000]), False),
        (sheet([350]), False),
    ],
)
def test_running_totals_are_recognised(data: bytes, totals: bool) -> None:
    assert read(data, TODAY).totals is totals


def test_running_totals_of_two_projects_in_one_file() -> None:
    rows = [f"2026-01-{n:02},{1000 * n},A\n2026-01-{n:02},{700 - n},B" for n in range(1, 10)]
    data = "\n".join(["date,words,project", *rows]).encode()
    assert read(data, TODAY).totals


def test_what_was_written_between_running_totals() -> None:
    days = [date(2026, 1, n) for n in range(1, 5)]
    totals = [1667, 3000, 2900, 5000]
    lines = [line(day, amount, note="x") for day, amount in zip(days, totals, strict=True)]
    written, starts = written_between(lines)
    assert [(one.day, one.amount, one.note) for one in written] == [
        (days[0], 1667, "x"), (days[1], 1333, "x"), (days[2], -100, "x"), (days[3], 2100, "x"),
    ]  # fmt: skip
    assert starts == []
    assert written_between(lines[::-1]) == (written, [])  # the latest first


def test_a_manuscript_that_existed_before_the_file() -> None:
    days = [date(2026, 1, n) for n in range(1, 4)]
    lines = [
        line(day, n, project="Old") for day, n in zip(days, (40_000, 40_350, 41_000), strict=True)
    ]
    lines.append(line(days[0], 30, Unit.PAGES, "Old"))
    written, starts = written_between(lines)
    assert [one.amount for one in written] == [0, 350, 650, 30]
    assert starts == [Start("Old", Unit.WORDS, 40_000)]


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=30))
def test_differences_and_the_start_add_up_to_the_last_total(totals: list[int]) -> None:
    lines = [line(date(2026, 1, 1) + timedelta(days=n), amount) for n, amount in enumerate(totals)]
    written, starts = written_between(lines)
    began = sum(start.amount for start in starts)
    assert began + sum(one.amount for one in written) == totals[-1]
