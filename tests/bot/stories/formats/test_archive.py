import io
import struct
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadFile
from bot.stories.formats import archive
from bot.stories.formats.archive import Archive
from tests.bot.stories.formats.making import zipped

CENTRAL, END = b"PK\x01\x02", b"PK\x05\x06"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def overlapping(times: int) -> bytes:
    """A megabyte that is said to be there so many times."""
    data = zipped({"one.xhtml": bytes(archive.SMALL)})
    central, end = data.index(CENTRAL), data.index(END)
    entries = data[central:end] * times
    ending = struct.pack("<4sHHHHIIH", END, 0, 0, times, times, len(entries), central, 0)
    return data[:central] + entries + ending


def test_members_are_found_and_read() -> None:
    name = "OEBPS/Text/One Two.xhtml"
    found = Archive(zipped({name: "<p>é</p>", "mimetype": "x"}))
    assert found.names == [name, "mimetype"]
    for path in (name, "OEBPS/Text/One%20Two.xhtml", "oebps/text/one%20two.XHTML"):
        assert found.find(path) == name
    assert found.find("OEBPS/Text/Two.xhtml") is None
    assert found.like(r"^oebps/.*\.xhtml$") == name
    assert found.like("word/") is None
    assert found.text(name) == "<p>é</p>"


@pytest.mark.parametrize(
    "name",
    ["../one.xhtml", "a/../../one.xhtml", "/etc/passwd", "a\\..\\b", "C:/one.xhtml", "a/.."],
)
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(BadFile, match="leads out"):
        Archive(zipped({"one.xhtml": "<p>", name: "<p>"}))


def test_names_with_dots_are_fine() -> None:
    assert Archive(zipped({"a/..one...xhtml": "<p>"})).names == ["a/..one...xhtml"]


@pytest.mark.parametrize(
    "sizes",
    [[10_000_000] * 40, [archive.SMALL] * 101, [archive.MAX_MEMBER + 1]],
    ids=["400 MB out of 0.4", "many small ones", "a large one"],
)
def test_a_bomb_is_refused(sizes: list[int]) -> None:
    bomb = zipped({f"{number}.xhtml": bytes(size) for number, size in enumerate(sizes)})
    assert len(bomb) < 500_000
    with pytest.raises(BadFile, match="unpacks to far more"):
        Archive(bomb)


def test_members_that_share_their_bytes_are_refused() -> None:
    assert Archive(overlapping(1)).read("one.xhtml") == bytes(archive.SMALL)
    with pytest.raises(BadFile, match="is damaged"):
        Archive(overlapping(90))


def test_a_header_that_lies_is_caught_before_the_memory_is_full() -> None:
    real = 50_000_000
    data = zipped({"one.xhtml": bytes(real)}).replace(
        struct.pack("<I", real), struct.pack("<I", 1000)
    )
    tracemalloc.start()
    with pytest.raises(BadFile, match="is damaged"):
        Archive(data).read("one.xhtml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_too_many_members_are_refused() -> None:
    members = {str(number): b"" for number in range(archive.MAX_MEMBERS + 1)}
    with pytest.raises(BadFile, match="more than 10,000 files"):
        Archive(zipped(members))


def test_a_password_is_told_of() -> None:
    data = bytearray(zipped({"one.xhtml": "<p>"}))
    data[data.index(CENTRAL) + 8] |= 1
    with pytest.raises(BadFile, match="with a password"):
        Archive(bytes(data))


def test_what_can_only_be_unpacked_whole_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as made:
        made.writestr("one.xhtml", bytes(1000))
    with pytest.raises(BadFile, match="is damaged"):
        Archive(file.getvalue())


@pytest.mark.parametrize(
    "xml",
    [
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>',
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l9;"/>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/"> %b;]><a/>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        "<a>" * 300 + "</a>" * 300,
        "<a>",
        "",
        "a",
    ],
    ids=["laughs", "in an attribute", "a file", "a site", "a DTD", "deep", "cut", "empty", "text"],
)
def test_xml_that_is_a_trap_or_broken_is_refused(xml: str) -> None:
    with pytest.raises(BadFile, match=r"entities|damaged"):
        Archive(zipped({"a.xml": xml})).xml("a.xml")


def test_xml_in_another_encoding_is_no_way_round() -> None:
    xml = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(BadFile, match="entities"):
        Archive(zipped({"a.xml": xml.encode("utf-16")})).xml("a.xml")
    with pytest.raises(BadFile, match="entities"):
        Archive(zipped({"a.xml": xml.encode("utf-16")})).text("a.xml")


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_an_archive_or_refused(data: bytes, signed: bool) -> None:
    with suppress(BadFile):
        found = Archive(b"PK\x03\x04" * signed + data)
        for name in found.names:
            found.read(name)
