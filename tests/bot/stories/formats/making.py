"""Files as word processors and sites make them."""

import io
import zipfile
from collections.abc import Mapping
from html import escape

from tests.bot.stories.fixtures import ao3

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

STYLES = """
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/>
  <w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="ChapterHead"><w:name w:val="Chapter Head"/>
  <w:basedOn w:val="berschrift1"/></w:style>
<w:style w:type="paragraph" w:styleId="Letter"><w:name w:val="Letter"/>
  <w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Middle"><w:name w:val="Middle"/>
  <w:pPr><w:jc w:val="center"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="Emphasis"><w:name w:val="Emphasis"/>
  <w:rPr><w:i/></w:rPr></w:style>
"""


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def run(text: str, properties: str = "") -> str:
    """`properties` like `<w:i/>`."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "", properties: str = "") -> str:
    """A run may be a plain text."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{inner}</w:p>"


PAGE_BREAK = '<w:r><w:br w:type="page"/></w:r>'


def docx(*body: str, main: str = "word/document.xml", styles: str = STYLES, dtd: str = "") -> bytes:
    """Of paragraphs' XML; a plain text is a paragraph of it."""
    inner = "".join(one if one.startswith("<") else paragraph(one) for one in body)
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a"'
            f' Type="{_OFFICE}/officeDocument" Target="/{main}"/></Relationships>',
            main: f'<?xml version="1.0" encoding="UTF-8"?>{dtd}<w:document xmlns:w="{_W}"'
            f' xmlns:r="{_OFFICE}"><w:body>{inner}<w:sectPr/></w:body></w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        }
    )


_CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="{}" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)


def xhtml(body: str, head: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">\n'
        f"<head><title/>{head}</head>\n<body>\n{body}\n</body></html>"
    )


def epub(
    pages: Mapping[str, str],
    *,
    metadata: str = "<dc:title>The Lantern</dc:title><dc:creator>Mara Quill</dc:creator>",
    manifest: str = "",
    spine: str = "",
    guide: str = "",
    package: str = "OEBPS/content.opf",
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Of pages, or their bodies, by their path beside the package file; `spine` is their order,
    else it is as they come."""
    folder = package.rpartition("/")[0]
    items = "".join(f'<item id="{path}" href="{path}"/>' for path in pages)
    order = spine or "".join(f'<itemref idref="{path}"/>' for path in pages)
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER.format(package),
            package: '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"'
            f' xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata>'
            f"<manifest>{items}{manifest}</manifest><spine>{order}</spine>"
            f"<guide>{guide}</guide></package>",
            **{
                f"{folder}/{path}".lstrip("/"): page if page.startswith("<?xml") else xhtml(page)
                for path, page in pages.items()
            },
            **(more or {}),
        }
    )


def ao3_epub() -> bytes:
    """The work that `ao3.html()` is."""
    pages = {f"s_{number:03}.xhtml": page for number, page in enumerate(ao3.pages())}
    return epub(
        pages,
        manifest='<item id="css" href="stylesheet.css" media-type="text/css"/>',
        more={"OEBPS/stylesheet.css": ao3.CSS},
    )


FILES = {
    "story.txt": b"The Lantern\nBy Mara\n\nChapter 1: Oil\n\nA/N: hello!\n\nIt *burned*.\n\n***\n\n"
    b'"Late," she said.\n\nChapter 2\n\nIt did not.\n',
    "story.md": b"---\ntitle: The Lantern\n---\n\n# Oil\n\nIt **_burned_** `so` [far](http://a.b).\n\n"
    b"* * *\n\n> Late\n\n1. one\n\n# Wick\n\nIt ~~did~~ not.\\\nNo.\n",
    "story.html": xhtml(
        '<p class="title">The Lantern</p><h2>Oil</h2><p>It <i>burned</i><br/>so.</p><hr/>'
        "<ul><li>a</li></ul><table><tr><td>b</td></tr></table>"
        "<h2>Wick</h2><div>It did not.<span>!</span></div>",
        "<style>.title {text-align: center} span {font-weight: bold}</style>",
    ).encode(),
    "work.html": ao3.html().encode(),
    "work.epub": ao3_epub(),
    "story.epub": epub(
        {"a.xhtml": "<h2>Oil</h2><p>It <i>burned</i>.</p>", "b.xhtml": "<p>Wick</p><p>Not.</p>"},
        manifest='<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="css" href="main.css" media-type="text/css"/>',
        more={
            "OEBPS/toc.ncx": "<ncx><navMap><navPoint><navLabel><text>Wick</text></navLabel>"
            '<content src="b.xhtml"/></navPoint></navMap></ncx>',
            "OEBPS/main.css": "i {font-style: normal} p.a, .b {font-size: 2em}",
            "META-INF/encryption.xml": "<encryption/>",
        },
    ),
    "story.docx": docx(
        paragraph("The Lantern", style="Titel"),
        paragraph("Oil", style="ChapterHead"),
        paragraph("It ", run("burned", '<w:i/><w:u w:val="single"/>'), run(" so", "<w:vanish/>")),
        paragraph(PAGE_BREAK),
        paragraph(run("Wick", "<w:b/>"), style="Middle"),
        paragraph("Not.", '<w:r><w:br/><w:footnoteReference w:id="1"/><w:tab/></w:r>'),
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>",
        paragraph("One", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
    ),
}
