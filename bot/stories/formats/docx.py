"""Word's files. Mammoth makes HTML of them, and what it would overlook is spelled out in the XML
before: what a style slants or makes bold, headings by their level, what is centred or larger than
most, page breaks. Of tracked changes it takes the final text; comments, pictures and the table of
contents go.

Mammoth takes 40 times a file's size of memory, so what has no bearing on the text goes before."""

import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field, replace
from io import BytesIO
from posixpath import dirname, join

import mammoth
from lxml import etree

from bot.errors import BadFile
from bot.stories.formats.archive import Archive
from bot.stories.formats.rich import blocks_of, manuscript_of
from bot.stories.model import Manuscript

_STYLE_MAP = """
p.Title => h1.title:fresh
p.Centred => p.centred:fresh
p.Larger => p.larger:fresh
p.CentredLarger => p.centred.larger:fresh
p.PageBreak => hr.page-break:fresh
u => u
"""
_CSS = ".centred {text-align: center} .larger {font-size: 150%}"
_TOGGLES = ("b", "i", "strike", "vanish")
_SHOWN = {"b", "i", "strike", "u", "vertAlign"}
_NOTES = ("{*}footnoteReference", "{*}endnoteReference")
_IDLE = ("{*}proofErr", "{*}lastRenderedPageBreak", "{*}bookmarkStart", "{*}bookmarkEnd")
_IDLE_ATTRIBUTES = (
    *(f"{{*}}rsid{of}" for of in ("R", "RPr", "RDefault", "P")),
    "{*}paraId",
    "{*}textId",
    # A link's target or a picture's file.
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}*",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}*",
)
_LEVELS = {str(level): level + 1 for level in range(6)}  # "9" is body text
_NAMED_LEVELS = {f"heading {level}": level for level in range(1, 7)}
_NESTED = 20  # styles based on styles
_LARGER = 1.15  # times the size of most letters
_USUAL = 20  # half points, where nothing says a size


@dataclass(slots=True)
class _Style:
    """`level` is a heading's, from 1; `size` its letters', in half points, 0 if it does not say;
    `toggles` are those that it says are on or off."""

    name: str = ""  # in small letters
    level: int = 0
    centred: bool = False
    size: int = 0
    toggles: dict[str, bool] = field(default_factory=dict)


def parse(archive: Archive) -> Manuscript:
    """The story in a DOCX file. Raises BadFile."""
    main = _main_part(archive)
    document = archive.xml(main)
    styles, numbering = (
        archive.xml(path) if (path := archive.find(join(dirname(main), name))) else None
        for name in ("styles.xml", "numbering.xml")
    )
    notes = len(list(document.iter(*_NOTES)))
    etree.strip_elements(document, *_NOTES, *_IDLE)
    etree.strip_attributes(document, *_IDLE_ATTRIBUTES)
    _Speller(document, styles).spell_out()
    manuscript = manuscript_of(blocks_of(_html(document, numbering), _CSS))
    if not notes:
        return manuscript
    left_out = f"I left out the footnotes and endnotes, {notes} in all."
    return replace(manuscript, warnings=(*manuscript.warnings, left_out))


def _main_part(archive: Archive) -> str:
    if relations := archive.find("_rels/.rels"):
        for relation in archive.xml(relations).iter("{*}Relationship"):
            target = (relation.get("Target") or "").lstrip("/")
            if (relation.get("Type") or "").endswith("/officeDocument") and archive.find(target):
                return target
    return "word/document.xml"


def _html(document: etree._Element, numbering: etree._Element | None) -> str:
    """Mammoth parses anew, so it is given what has been parsed already: no DTD is in it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", etree.tostring(document))
        if numbering is not None:
            archive.writestr("word/numbering.xml", etree.tostring(numbering))
    try:
        html: str = mammoth.convert_to_html(
            file,
            style_map=_STYLE_MAP,
            include_embedded_style_map=False,
            ignore_empty_paragraphs=False,
        ).value
    except MemoryError:
        raise
    except Exception as error:  # mammoth says of nothing what it raises
        raise BadFile(
            "I can't make out that Word file: save it anew from your editor, or as plain text."
        ) from error
    return html


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


class _Speller:
    """What styles say of a document's paragraphs and runs, said in those themselves."""

    def __init__(self, document: etree._Element, styles: etree._Element | None) -> None:
        self._document = document
        self._w = f"{{{etree.QName(document).namespace}}}"
        defined = [] if styles is None else styles.findall(self._w + "style")
        self._defined = {style.get(self._w + "styleId"): style for style in reversed(defined)}
        self._shown = {self._w + name for name in _SHOWN}
        self._styles: dict[str | None, _Style] = {}
        self._usual = self._usual_size(styles)

    def spell_out(self) -> None:
        paragraphs = list(self._document.iter(self._w + "p"))
        letters = list(map(self._letters, paragraphs))
        total: Counter[int] = Counter()
        for sizes in letters:
            total.update(sizes)
        usual = max(total, key=total.__getitem__, default=0)
        for paragraph, sizes in zip(paragraphs, letters, strict=True):
            larger = min(sizes, default=0) > usual * _LARGER
            self._spell_paragraph(paragraph, larger=larger)
        for found in list(self._document.iter(self._w + "br")):
            if found.get(self._w + "type") == "page":
                self._move_out(found)

    def _usual_size(self, styles: etree._Element | None) -> int:
        """In half points, of letters of which neither run nor paragraph say a size."""
        if styles is None:
            return _USUAL
        w = self._w
        normal = styles.find(f"{w}style[@{w}type='paragraph'][@{w}default='1']")
        of_all = styles.find(f"{w}docDefaults/{w}rPrDefault/{w}rPr")
        said = 0 if normal is None else self._style(normal.get(w + "styleId")).size
        if not said and of_all is not None:
            said = self._size(of_all)
        return said or _USUAL

    def _letters(self, paragraph: etree._Element) -> Counter[int]:
        """How many it has of each size, in half points."""
        styled = self._style(self._value(self._child(paragraph, "pPr"), "pStyle")).size
        found: Counter[int] = Counter()
        for run in list(paragraph.iter(self._w + "r")):
            properties = self._child(run, "rPr")
            character = self._style(self._value(properties, "rStyle")).size
            size = self._size(properties) or character or styled or self._usual
            found[size] += sum(len((one.text or "").strip()) for one in run.iter(self._w + "t"))
        return +found

    def _spell_paragraph(self, paragraph: etree._Element, *, larger: bool) -> None:
        properties = self._child(paragraph, "pPr")
        style = self._with(self._style(self._value(properties, "pStyle")), properties)
        if style.name.startswith("toc "):
            _remove(paragraph)
            return
        if self._is_on(properties, "pageBreakBefore"):
            paragraph.addprevious(self._page_break())
        if style.name == "title" or style.level:
            self._rename(properties, "Title" if style.name == "title" else f"Heading{style.level}")
            style = _Style()  # a heading is bold as it is
        elif style.centred or larger:
            self._rename(properties, "Centred" * style.centred + "Larger" * larger)
        for run in list(paragraph.iter(self._w + "r")):
            self._spell_run(run, style)
        self._join_alike(paragraph)

    def _spell_run(self, run: etree._Element, paragraph: _Style) -> None:
        """Styles undo each other; what the run itself says holds."""
        properties = self._child(run, "rPr")
        own = self._toggles(properties)
        character = self._style(self._value(properties, "rStyle")).toggles
        for name in _TOGGLES:
            styled = character.get(name, False) != paragraph.toggles.get(name, False)
            if name == "vanish" and own.get(name, styled):
                _remove(run)
            elif styled and name not in own:
                etree.SubElement(properties, self._w + name)
        properties[:] = [one for one in properties if one.tag in self._shown]

    def _join_alike(self, paragraph: etree._Element) -> None:
        """Word begins a new run wherever someone has typed or checked a word."""
        kept, looks = paragraph, None
        for child in list(paragraph):
            own = self._looks(child) if child.tag == self._w + "r" else None
            if own is not None and own == looks:
                kept.extend(list(child)[1:])
                paragraph.remove(child)
            else:
                kept, looks = child, own

    def _looks(self, run: etree._Element) -> list[tuple[str, str | None]]:
        return [(one.tag, one.get(self._w + "val")) for one in run[0]]

    def _move_out(self, page_break: etree._Element) -> None:
        """To before its paragraph, or after it if text comes before the break."""
        paragraph = next(page_break.iterancestors(self._w + "p"), None)
        if paragraph is None:
            return
        text_or_break = paragraph.iter(self._w + "t", page_break.tag)
        if next(text_or_break) is page_break:
            paragraph.addprevious(self._page_break())
        else:
            paragraph.addnext(self._page_break())
        _remove(page_break)
        if next(paragraph.iter(self._w + "t", self._w + "br"), None) is None:
            _remove(paragraph)

    def _page_break(self) -> etree._Element:
        paragraph = etree.Element(self._w + "p")
        self._rename(self._child(paragraph, "pPr"), "PageBreak")
        return paragraph

    def _style(self, style_id: str | None, depth: int = 0) -> _Style:
        if style_id not in self._styles:
            defined = self._defined.get(style_id)
            if defined is None or depth > _NESTED:
                return _Style()
            based_on = self._style(self._value(defined, "basedOn"), depth + 1)
            name = (self._value(defined, "name") or "").lower()
            level = _NAMED_LEVELS.get(name, based_on.level)
            style = replace(based_on, name=name, level=level)
            style = self._with(style, self._child(defined, "pPr"))
            runs = self._child(defined, "rPr")
            toggles = style.toggles | self._toggles(runs)
            size = self._size(runs) or style.size
            self._styles[style_id] = replace(style, toggles=toggles, size=size)
        return self._styles[style_id]

    def _with(self, style: _Style, paragraph_properties: etree._Element) -> _Style:
        level = self._value(paragraph_properties, "outlineLvl")
        alignment = self._value(paragraph_properties, "jc")
        return replace(
            style,
            level=_LEVELS.get(level, 0) if level else style.level,
            centred=alignment == "center" if alignment else style.centred,
        )

    def _toggles(self, run_properties: etree._Element) -> dict[str, bool]:
        return {
            name: self._is_on(run_properties, name)
            for name in _TOGGLES
            if run_properties.find(self._w + name) is not None
        }

    def _size(self, run_properties: etree._Element) -> int:
        size = self._value(run_properties, "sz") or ""
        return int(size) if re.fullmatch(r"[0-9]{1,4}", size) else 0

    def _is_on(self, properties: etree._Element, name: str) -> bool:
        found = properties.find(self._w + name)
        return found is not None and found.get(self._w + "val") not in {"0", "false", "off"}

    def _value(self, element: etree._Element, name: str) -> str | None:
        found = element.find(self._w + name)
        return None if found is None else found.get(self._w + "val")

    def _rename(self, properties: etree._Element, style_id: str) -> None:
        self._child(properties, "pStyle").set(self._w + "val", style_id)

    def _child(self, element: etree._Element, name: str) -> etree._Element:
        """Its child of this name, made if it has none, and put first, where it belongs."""
        found = element.find(self._w + name)
        found = etree.Element(self._w + name) if found is None else found
        element.insert(0, found)
        return found
