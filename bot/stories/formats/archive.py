"""Zip archives from strangers, as EPUB and DOCX are: nothing is unpacked to the disk, and of no
member more than is allowed to the memory."""

import re
import zipfile
import zlib
from io import BytesIO
from urllib.parse import unquote

from lxml import etree

from bot.errors import BadFile
from bot.stories.decode import decode

MAX_MEMBERS = 10_000
MAX_MEMBER = 40_000_000  # bytes of one, unpacked
MAX_TOTAL = 100_000_000
MAX_RATIO = 200  # times a packed member's size; prose packs to a third, Word's XML to a twentieth
SMALL = 1_000_000  # bytes; a small member may be packed as tightly as it likes

_CENTRAL = b"PK\x01\x02"  # begins a member's entry in the archive's table
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the only ones that unpack in steps
_LEADS_OUT = re.compile(r"^/|^[a-z]:|\\|(?:^|/)\.\.(?:/|$)", re.IGNORECASE)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)


class Archive:
    """`names` are the members' paths. Everything raises BadFile."""

    def __init__(self, data: bytes) -> None:
        if data.count(_CENTRAL) > MAX_MEMBERS:
            raise BadFile(
                f"That file is made of more than {MAX_MEMBERS:,} files: "
                "save the story in fewer pieces, or as plain text."
            )
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _DAMAGED as error:
            raise _damaged() from error
        members = self._zip.infolist()
        if sum(member.compress_size for member in members) > len(data):
            raise _damaged()  # members that share their bytes: nobody's editor does that
        for member in members:
            _check(member)
        if sum(member.file_size for member in members) > MAX_TOTAL:
            raise _swollen()
        self.names = [member.filename for member in members]
        self._folded = {name.casefold(): name for name in self.names}

    def find(self, path: str) -> str | None:
        """The member at a path that may be %-encoded or have letters in the wrong case."""
        for wanted in (path, unquote(path)):
            if wanted in self._zip.NameToInfo:
                return wanted
        return self._folded.get(unquote(path).casefold())

    def like(self, pattern: str) -> str | None:
        """The first member whose path holds this, in whatever case."""
        return next((name for name in self.names if re.search(pattern, name, re.I)), None)

    def read(self, name: str) -> bytes:
        try:
            member = self._zip.getinfo(name)
            with self._zip.open(member) as file:
                content = file.read(member.file_size + 1)
        except (*_DAMAGED, KeyError) as error:
            raise _damaged() from error
        if len(content) != member.file_size:
            raise _damaged()
        return content

    def xml(self, name: str) -> etree._Element:
        """A member's root element. Neither format has use for a DTD, entity bombs do."""
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise _damaged() from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise _trapped()
        return root

    def text(self, name: str) -> str:
        """A page's or a style sheet's."""
        text, _ = decode(self.read(name))
        if "<!ENTITY" in text:
            raise _trapped()
        return text


def _check(member: zipfile.ZipInfo) -> None:
    if _LEADS_OUT.search(member.orig_filename):
        raise BadFile(
            "That file holds a path that leads out of it: "
            "save the story anew from your editor and send that."
        )
    if member.flag_bits & _ENCRYPTED:
        raise BadFile("That file is locked with a password: take it off and send the file anew.")
    if member.compress_type not in _METHODS:
        raise _damaged()
    if member.file_size > max(SMALL, min(MAX_MEMBER, MAX_RATIO * member.compress_size)):
        raise _swollen()


def _damaged() -> BadFile:
    return BadFile("That file is damaged: save the story anew from your editor and send that.")


def _trapped() -> BadFile:
    return BadFile(
        "That file declares entities of its own, which can be a trap: "
        "save the story anew from your editor, or as plain text."
    )


def _swollen() -> BadFile:
    return BadFile(
        "That file unpacks to far more than a story: save it without pictures, or as plain text."
    )
