import re

import pytest

from bot.errors import BadFile
from bot.stories.formats import read
from bot.stories.formats.archive import Archive
from bot.stories.formats.docx import parse
from bot.stories.markup import markdown
from bot.stories.model import Block, Kind, Manuscript
from tests.bot.stories.formats.making import PAGE_BREAK, docx, paragraph, run, zipped

LINE = "The tide had gone out further than anyone in the village could remember. "
SCENE = LINE * 9  # enough words for a chapter
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
DEL = '<w:del w:id="1"><w:r><w:delText>{}</w:delText></w:r></w:del>'
INS = '<w:ins w:id="2"><w:r><w:t>{}</w:t></w:r></w:ins>'


def story(*body: str, styles: str | None = None, dtd: str = "") -> Manuscript:
    data = docx(*body, dtd=dtd) if styles is None else docx(*body, dtd=dtd, styles=styles)
    return parse(Archive(data))


def shown(*runs: str, style: str = "", properties: str = "") -> str:
    """A paragraph as Discord is sent it."""
    manuscript = story(paragraph(*runs, style=style, properties=properties), "He left.")
    first, second = manuscript.blocks
    assert second.text == "He left."
    return markdown(first.runs)


def prose(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if block.kind is Kind.PROSE]


def test_titles_and_headings_by_whatever_name() -> None:
    manuscript = story(
        paragraph("The Lantern", style="Titel"),
        "By Mara Quill",
        paragraph("Oil ..... 1", style="TOC1"),
        paragraph("Oil", style="berschrift1"),
        "It burned.",
        paragraph("Wick", style="ChapterHead"),
        "It did not.",
        paragraph("Glass", properties='<w:outlineLvl w:val="0"/>'),
        paragraph("It broke.", properties='<w:outlineLvl w:val="9"/>'),
    )
    assert (manuscript.title, manuscript.author) == ("The Lantern", "Mara Quill")
    found = [(chapter.title, prose(chapter.blocks)) for chapter in manuscript.chapters]
    assert found == [("Oil", ["It burned."]), ("Wick", ["It did not."]), ("Glass", ["It broke."])]
    assert manuscript.warnings == ()


def test_headings_that_no_style_defines() -> None:
    manuscript = story(
        paragraph("Oil", style="Heading1"), "It burned.", paragraph("Wick", style="Heading1"),
        "It did not.", styles="",
    )  # fmt: skip
    assert [chapter.title for chapter in manuscript.chapters] == ["Oil", "Wick"]


def test_fake_headings_give_chapters() -> None:
    """Bold short paragraphs, numbered or not."""
    for first, second in (("Chapter One", "Chapter Two"), ("The Ferry", "Salt")):
        manuscript = story(
            paragraph(run(first, "<w:b/>")), SCENE, SCENE, paragraph(run(second, "<w:b/>")), SCENE
        )
        assert [chapter.title for chapter in manuscript.chapters] == [first, second]
        assert [len(prose(chapter.blocks)) for chapter in manuscript.chapters] == [2, 1]


@pytest.mark.parametrize(
    ("properties", "markers"),
    [
        ("<w:i/>", "*"),
        ("<w:b/>", "**"),
        ('<w:u w:val="single"/>', "__"),
        ("<w:strike/>", "~~"),
        ('<w:rStyle w:val="Emphasis"/>', "*"),
        ('<w:i w:val="0"/>', ""),
        ('<w:u w:val="none"/>', ""),
        ('<w:rStyle w:val="Emphasis"/><w:i w:val="false"/>', ""),
        ('<w:rStyle w:val="Unknown"/>', ""),
    ],
)
def test_emphasis_survives(properties: str, markers: str) -> None:
    expected = f"He {markers}ran{markers[::-1]} away."
    assert shown("He ", run("ran", properties), " away.") == expected


def test_a_paragraphs_style_slants_it_and_emphasis_within_stands_upright() -> None:
    emphasis = run("now", '<w:rStyle w:val="Emphasis"/>')
    upright = run("here", '<w:i w:val="0"/>')
    assert (
        shown("Come ", emphasis, " or ", upright, "!", style="Letter") == "*Come* now *or* here*!*"
    )


def test_a_word_of_many_runs_is_one() -> None:
    """Word parts them wherever someone stopped to type, or a spelling was checked."""
    pieces = [run("Night", "<w:i/>"), '<w:proofErr w:type="spellStart"/>', run("fall", "<w:i/>")]
    manuscript = story(paragraph(*pieces, " came."), "It was late.")
    assert [run.text for run in manuscript.blocks[0].runs] == ["Nightfall", " came."]


def test_hidden_text_stays_hidden() -> None:
    assert shown("Seen", run(" and unseen", "<w:vanish/>"), ".") == "Seen."


def test_of_tracked_changes_the_final_text() -> None:
    assert shown("She ", DEL.format("walked"), INS.format("ran"), " home.") == "She ran home."


def test_links_pictures_and_comments_go_their_text_stays() -> None:
    link = '<w:hyperlink r:id="rId9"><w:r><w:t>the map</w:t></w:r></w:hyperlink>'
    comment = '<w:commentRangeStart w:id="0"/>{}<w:r><w:commentReference w:id="0"/></w:r>'
    picture = f'<w:r><w:drawing><a:blip xmlns:a="{DRAWING}" r:embed="rId1"/></w:drawing></w:r>'
    assert shown("See ", link, comment.format(run("!")), picture) == "See the map!"


def test_footnotes_are_left_out_and_it_is_said() -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    manuscript = story(
        paragraph("He lied.", note), paragraph("Twice.", note.replace("foot", "end"))
    )
    assert prose(manuscript.blocks) == ["He lied.", "Twice."]
    assert manuscript.warnings == ("I left out the footnotes and endnotes, 2 in all.",)


def test_scene_breaks() -> None:
    centred = '<w:jc w:val="center"/>'
    manuscript = story(
        "One.",
        paragraph("* * *", properties=centred),
        "Two.",
        paragraph("#", style="Middle"),
        "Three.",
    )
    kinds = [block.kind for block in manuscript.blocks]
    assert kinds == [Kind.PROSE, Kind.BREAK, Kind.PROSE, Kind.BREAK, Kind.PROSE]


def test_page_breaks_part_paragraphs_and_leave_nothing() -> None:
    manuscript = story(
        "One.",
        paragraph(PAGE_BREAK),
        paragraph(PAGE_BREAK, "Two."),
        paragraph("Three.", PAGE_BREAK),
        paragraph("Four.", properties="<w:pageBreakBefore/>"),
    )
    assert [block.text for block in manuscript.blocks] == ["One.", "Two.", "Three.", "Four."]


def test_a_line_break_stays_in_its_paragraph() -> None:
    assert shown("Roses", "<w:r><w:br/></w:r>", "are red.") == "Roses\nare red."


def test_empty_paragraphs_are_no_text() -> None:
    manuscript = story("One.", paragraph(), paragraph(" "), "Two.")
    assert [block.text for block in manuscript.blocks if block.kind is Kind.PROSE] == [
        "One.",
        "Two.",
    ]


def test_the_main_part_may_be_anywhere() -> None:
    assert parse(Archive(docx("It was late.", main="word/document2.xml"))).words == 3
    assert read("anything.bin", docx("It was late.")).words == 3


def test_word_in_strict_mode() -> None:
    def strict(xml: str) -> str:
        return re.sub(
            r"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
            xml,
        )

    archive = Archive(docx(paragraph("So ", run("late", "<w:i/>"), ".")))
    members = {name: strict(archive.read(name).decode()) for name in archive.names}
    (block,) = parse(Archive(zipped(members))).blocks
    assert markdown(block.runs) == "So *late*."


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/">',
    ],
)
def test_a_dtd_never_reaches_mammoth(dtd: str) -> None:
    with pytest.raises(BadFile, match="entities of its own"):
        story("It was late.", dtd=dtd)


@pytest.mark.parametrize(
    "body",
    [
        '<w:r><w:sym w:char="zz"/></w:r>',
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='x'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>",
        "<w:sdt>" * 120 + "<w:p/>" + "</w:sdt>" * 120,
    ],
    ids=["sign", "table", "deep"],
)
def test_what_mammoth_stumbles_over_is_a_bad_file(body: str) -> None:
    with pytest.raises(BadFile):
        read("a.docx", docx(body))


def test_styles_that_are_based_on_each_other() -> None:
    loop = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:name w:val="{one}"/>'
        f'<w:basedOn w:val="{other}"/></w:style>'
        for one, other in (("A", "B"), ("B", "A"))
    )
    assert prose(story(paragraph("It was late.", style="A"), styles=loop).blocks) == [
        "It was late."
    ]


BIG = '<w:sz w:val="32"/>'
BIG_STYLE = (
    '<w:style w:type="paragraph" w:styleId="Big"><w:name w:val="Big"/><w:rPr><w:sz w:val="36"/>'
    "</w:rPr></w:style>"
)
NORMAL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/>{}</w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="F"><w:name w:val="Font"/></w:style>'
)
DEFAULTS = "<w:docDefaults><w:rPrDefault><w:rPr>{}</w:rPr></w:rPrDefault></w:docDefaults>"


@pytest.mark.parametrize(
    ("first", "second", "styles"),
    [
        (paragraph(run("The Ferry", BIG)), paragraph(run("Salt", BIG)), ""),
        (paragraph("The Ferry", style="Big"), paragraph("Salt", style="Big"), BIG_STYLE),
        (
            paragraph(run("The Ferry", BIG), properties='<w:jc w:val="center"/>'),
            paragraph(run("Salt", BIG), properties='<w:jc w:val="center"/>'),
            NORMAL.format("<w:rPr><w:sz w:val='24'/></w:rPr>"),
        ),
    ],
    ids=["runs", "style", "centred"],
)
def test_headings_that_are_larger_and_nothing_else(first: str, second: str, styles: str) -> None:
    manuscript = story(first, SCENE, SCENE, second, SCENE, styles=styles)
    assert [chapter.title for chapter in manuscript.chapters] == ["The Ferry", "Salt"]


@pytest.mark.parametrize(
    ("title", "styles"),
    [
        (paragraph(run("The Ferry", '<w:sz w:val="22"/>')), ""),  # hardly larger
        (paragraph(run("The Ferry", BIG)), NORMAL.format("<w:rPr><w:sz w:val='32'/></w:rPr>")),
        (paragraph(run("The Ferry", BIG)), DEFAULTS.format("<w:sz w:val='30'/>")),
        (paragraph(run("T", BIG), "he ferry was late"), ""),
        (paragraph(run("The ferry was late.", BIG)), ""),
        (paragraph(run("The Ferry", '<w:sz w:val="large"/>')), ""),
    ],
    ids=["a little", "as Normal", "as all", "a drop cap", "a sentence", "no size"],
)
def test_larger_letters_that_make_no_heading(title: str, styles: str) -> None:
    other = title.replace("Ferry", "Boat").replace("ferry", "boat")
    manuscript = story(title, SCENE, SCENE, other, SCENE, styles=styles)
    assert [chapter.title for chapter in manuscript.chapters] == [None]
