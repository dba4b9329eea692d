import time
from contextlib import suppress
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadFile
from bot.stories.formats import read
from bot.stories.formats.html import parse_html
from bot.stories.formats.rich import RichBlock, blocks_of, manuscript_of
from bot.stories.formats.text import parse
from bot.stories.model import Block, Kind, Manuscript, Run

FIXTURES = Path(__file__).parents[1] / "fixtures"
SIGNS = {Kind.HEADING: "# ", Kind.PROSE: "", Kind.BREAK: "- ", Kind.NOTE: "n "}
LETTERS = {1: "i", 2: "b", 3: "ib", 4: "s", 8: "u", 14: "bsu"}
WORDS = "She walked along the quay and watched the boats come in with the tide, and said so. " * 8
PROSE = f"<p>{WORDS}</p>"


def fixture(name: str) -> Manuscript:
    return parse_html((FIXTURES / name).read_text(encoding="utf-8"))


def block(found: Block) -> str:
    """With its kind's sign, and styled runs in braces."""
    return SIGNS[found.kind] + "".join(
        f"{{{LETTERS[run.style]} {run.text}}}" if run.style else run.text for run in found.runs
    )


def shown(html: str) -> list[str]:
    return [block(one) for one in parse_html(html).blocks]


def chapters(manuscript: Manuscript) -> dict[str | None, list[str]]:
    return {one.title: [block(found) for found in one.blocks[1:]] for one in manuscript.chapters}


def test_a_google_docs_export() -> None:
    manuscript = fixture("google_docs.html")
    assert (manuscript.title, manuscript.author) == ("The Weather Clerk", "Wren Hollow")
    assert [block(one) for one in manuscript.front] == ["# The Weather Clerk", "n by Wren Hollow"]
    assert chapters(manuscript) == {
        "Chapter One": [
            "Every morning at six the clerk opened the {i Register of Winds} and wrote down what "
            "it ought to have said.",
            "“You {b can’t},” said his sister, “{ib do} that.”",
            "- ~",
            "But the rain came at {s noon} one, as it was {u written}, and she\xa0said no more.",
        ],
        "Chapter Two": [
            "On Sundays he wrote nothing.\nOn Sundays it was merely weather.",
            "• Wind: some.",
            "• Rain: none.",
        ],
    }
    assert manuscript.warnings == ()


def test_a_saved_page() -> None:
    manuscript = fixture("saved_page.html")
    assert (manuscript.title, manuscript.author) == ("The Ferryman’s Daughter", "Sedge")
    assert chapters(manuscript) == {
        "Crossing": [
            "The river was wide that year and the rope was old. {i She counted }forty{i  strands}, "
            "and then {i thirty-nine}.",
            "“Papa,” she said.\nHe did not look up.",
            "“{b Papa.}”",
            "The {u bell} on the far bank exploded into song. “Coming”, he told it.",
            "- oOo",
            "It took an hour.",
            "It had never taken an hour.",
            "To the ferryman:",
            "You are late.",
        ],
        "Landing": [
            "There was nobody on the far bank, and the bell had no rope at all, and she {bsu ran}."
        ],
    }
    assert manuscript.warnings == ("I left out 1 picture: I post text alone.",)


def test_word_saved_as_html_with_headings_that_are_only_bold() -> None:
    manuscript = fixture("word.html")
    assert (manuscript.title, manuscript.author) == ("Nine Kinds of Snow", None)
    assert [chapter.title for chapter in manuscript.chapters] == ["The Wet Kind", "The Dry Kind"]
    assert "{b Listen.}" in block(manuscript.chapters[1].blocks[1])


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("One", ["One"]),
        ("<p>One\n  two<p>three", ["One two", "three"]),
        ("<div>One<div>two</div>three</div>", ["One", "two", "three"]),
        ("One<br>two<br/>\n<br>three<br>", ["One\ntwo", "three"]),
        ("<p>One<br>***<br>two</p>", ["One", "- ***", "two"]),
        ("<pre>One\n two\n\nthree</pre>", ["One\ntwo", "three"]),
        ("<p>One</p><hr><p>two</p>", ["One", "- * * *", "two"]),
        ("<p><i>One</p><p>two</i> three</p>", ["{i One}", "{i two} three"]),
        ("<cite>a</cite><em>b</em><strong>c</strong><ins>d</ins><del>e</del>",
         ["{i ab}{b c}{u d}{s e}"]),
        ('<i>a<span style="font-style: normal">b</span></i>', ["{i a}b"]),
        ('<b style="font-weight: normal">a<b>b</b></b>', ["a{b b}"]),
        ('<u>a<span style="text-decoration: none">b</span></u>', ["{u ab}"]),
        ('<u style="text-decoration: none">a</u>', ["a"]),
        ('<span style="FONT-STYLE: Oblique !important; font-weight: 599">a</span>', ["{i a}"]),
        ("<style>.a {font-style: italic} .a.b {font-style: normal}</style>"
         "<span class=a>a</span><span class='b a'>b</span>", ["{i a}b"]),
        ("<style>#a {font-weight: 400} p.a {font-weight: 700} p {font-weight: 400}</style>"
         "<p class=a>a</p><p class=a id=a>b</p>", ["{b a}", "b"]),
        ("<style><!-- /* } */ .a {font-style: italic} @media print {.a {font-style: normal}}"
         " div .a, .a:hover {font-weight: bold} --></style><i class=x>a</i><p class=a>b</p>",
         ["{i a}", "{i b}"]),
        ("<p hidden>a</p><p style='display:none'>b</p><nav>c</nav><!-- d --><script>e</script>"
         "<form>f</form>g", ["g"]),
        ("<table><tr><th>A<td>b<tr><td>c</table>", ["A", "b", "c"]),
        ("<ul><li><p>a</p><li>b</ul><ol start=3><li>c<li>d</ol>", ["• a", "• b", "3. c", "4. d"]),
        ("<p>a<img alt='* * *'></p><p><img alt='* * *'></p>b", ["a* * *", "- * * *", "b"]),
        ("a&nbsp;&mdash;&#8203;b&shy;c\ufeff", ["a\xa0—\u200bbc"]),
        ("<p>&nbsp;&nbsp;a&#8203;</p><p>\u200b</p>", ["a"]),
        ('<title/><script src="a"/><p>a<a id="b"/>c<i/>d</p>', ["acd"]),
        ("<h2>Chapter 1<br>Rain</h2><p>a</p><h3>***</h3>b",
         ["# Chapter 1 Rain", "a", "- ***", "b"]),
        ("<h2><b>One</b></h2>a", ["# One", "a"]),
        ("<p><b>Chapter 1</b></p><p>a</p>", ["# Chapter 1", "a"]),
        ("<p>-x-</p>a<p>~TW~</p>b<p>~TW~</p>c", ["- -x-", "a", "- ~TW~", "b", "- ~TW~", "c"]),
        ("<b>Title:</b> The Sea<br><b>By:</b> Ann<br><br>a",
         ["n {b Title:} The Sea", "n {b By:} Ann", "a"]),
        ("<p><span style='display: block'>a</span>b</p>", ["a", "b"]),
        ("", []),
        ("<frameset><frame></frameset>", []),
    ],
)  # fmt: skip
def test_what_a_page_shows(html: str, expected: list[str]) -> None:
    assert shown(html) == expected


def test_paragraphs_that_only_line_breaks_part() -> None:
    assert shown("<br>".join([WORDS] * 3)) == [WORDS.strip()] * 3
    verse = "Roses are red,<br>violets blue,<br>sugar is sweet"
    assert shown(verse) == [verse.replace("<br>", "\n")]


@pytest.mark.parametrize(
    ("between", "room"),
    [
        ("</p><p>", 2),
        ("</p><p></p><p>", 3),
        ("</p><p>&nbsp;</p><p><br></p><p>", 4),
        ("</p><br><p>", 3),
        ("<br></p><p>", 2),
        ("<br><br>", 2),
        ("<br><br><br>", 3),
        ("</p><div></div><div> </div><p>", 2),
        ("</p><hr class=page-break><p>", 3),
    ],
)
def test_the_room_that_the_author_left(between: str, room: int) -> None:
    first, second = parse_html(f"<p>One{between}two</p>").blocks
    assert (first.source, second.source) == ("One" + "\n" * room, "two\n\n")


def test_the_works_title() -> None:
    page = "<p class=title>The Sea</p><p>© 2020</p><h1>One</h1><p>a</p>"
    manuscript = parse_html(page)
    assert manuscript.title == "The Sea"
    assert [block(one) for one in manuscript.front] == ["# The Sea", "n © 2020"]
    assert manuscript.warnings == ("I took “© 2020” for a part of the title page.",)
    known = manuscript_of(blocks_of("<p>THE SEA</p><p>a</p>"), title="The Sea", author="Ann")
    assert (known.title, known.author, known.words) == ("The Sea", "Ann", 1)


def headed(line: str, *names: str) -> list[str | None]:
    text = "".join(line.format(name) + PROSE for name in names)
    return [chapter.title for chapter in parse_html(text).chapters]


@pytest.mark.parametrize(
    "line",
    [
        "<p><b>{}</b></p>",
        "<p><u>{}</u></p>",
        "<p style='text-align: center; font-size: 18pt'>{}</p>",
        "<center><span style='font-size: 150%'>{}</span></center>",
    ],
)
def test_lines_that_look_like_headings(line: str) -> None:
    assert headed(line, "Loomings", "The Carpet-Bag") == ["Loomings", "The Carpet-Bag"]
    assert headed(line, "Prologue", "Loomings") == ["Prologue", "Loomings"]
    assert headed(line, "Loomings") == [None]
    assert headed(line, "Ann", "Ben", "Ann") == [None], "who is speaking"
    assert headed(line, "Chapter 1", "Ann", "Ben") == ["Chapter 1"]
    assert headed(line, "No.", "Go on,") == [None]
    assert headed(f"<h2>A</h2>{PROSE}{line}", "Loomings") == ["A"]
    after = parse_html(PROSE + line.format("Ann") + PROSE + line.format("Ben") + PROSE)
    assert len(after.chapters) == 1


def test_lines_that_begin_a_page_are_headings() -> None:
    line = "<p style='page-break-before: always'>{}</p>"
    assert headed(line, "Loomings", "The Carpet-Bag") == ["Loomings", "The Carpet-Bag"]
    assert headed("<p>{}</p>", "Loomings", "The Carpet-Bag") == [None]


PLAIN = st.text("ab é走.,“”'&<>", min_size=1, max_size=8)
TAGS = [
    *("p", "div", "i", "b", "span", "blockquote", "h2", "em", "u", "center", "section", "a"),
    *("pre", "font", "o:p", "unknown"),
]
HIDDEN = [
    *("<script>{}</script>", "<nav>{}</nav>", "<p hidden>{}</p>"),
    "<i style='display:none'>{}</i>",
]


def tagged(inside: st.SearchStrategy[tuple[str, str]]) -> st.SearchStrategy[tuple[str, str]]:
    """HTML, and what is shown of it."""
    return st.tuples(st.sampled_from(TAGS), st.lists(inside, max_size=4)).map(
        lambda found: (
            f"<{found[0]}>{''.join(html for html, _ in found[1])}</{found[0]}>",
            "".join(text for _, text in found[1]),
        )
    )


PAGES = st.recursive(
    PLAIN.map(lambda text: (escape(text), text))
    | st.sampled_from(HIDDEN).map(lambda html: (html.format("gone"), ""))
    | st.sampled_from([("<br>", ""), ("<hr>", "***"), ("<p></p>", ""), ("&nbsp;", "")]),
    tagged,
)


@given(st.lists(PAGES, max_size=8))
def test_the_blocks_are_what_the_page_shows(pieces: list[tuple[str, str]]) -> None:
    found = parse_html("".join(html for html, _ in pieces)).blocks
    expected = "".join(text for _, text in pieces)
    assert "".join("".join(one.text for one in found).split()) == "".join(expected.split())
    for one in found:
        assert one.source.rstrip("\n") == one.text == one.text.strip()
        assert one.source.endswith("\n\n")


MARKUP = [
    *("<p>", "</p>", "<i>", "</i>", "<b class='a' style='", "<br>", "<!--", "-->", "<style>", "}"),
    *(".a{font-style:italic", "</style>", "<table>", "<td>", "<li>", "<ol start=", "<title/>", '"'),
    *("&", "&#xD800;", "&#0;", "]]>", "<![CDATA[", "<?xml?>", "<svg>", "<math>", "<h1>", "***"),
    *("<template>", "<select>", "<plaintext>", "<hr class=page-break>", "font-size:9", "em;"),
    *("<div id=preface>", "<div id=chapters>", "<dl>", "<dt>", "<dd>", "<h2>", "<blockquote>"),
    *("<a id=cmnt1 href=#cmnt_ref1>", "Chapter 1", "A/N: hi", "word ", "\n", "\xa0", "<a/>"),
    "<img alt='*'>",
]  # fmt: skip


@given(st.lists(st.sampled_from(MARKUP) | st.text(max_size=5), max_size=40).map("".join))
def test_any_markup_is_a_story_or_said_not_to_be_one(html: str) -> None:
    parse_html(html)
    with suppress(BadFile):
        read("story.html", f"<html>{html}".encode())


@pytest.mark.parametrize(
    "piece",
    [
        *("<div>", "<span class=a>", "<b>", "<ul><li>", "<blockquote>", "<table><tr><td>"),
        *("</p>", "<a/"),
    ],
)
def test_deep_nesting(piece: str) -> None:
    started = time.process_time()
    assert parse_html(f"<p>{WORDS}</p>{piece * 10_000}x").words >= 120
    assert time.process_time() - started < 10


def test_a_novel_in_time_and_the_same_as_in_text() -> None:
    chapter = "\n\n".join([f"{WORDS.strip()} _So_ it was."] * 100)
    text = "\n\n".join(f"Chapter {number}\n\n{chapter}" for number in range(1, 10))
    html = text.replace("\n\n", "</span></p>\n<p><span class=a>")
    html = html.replace("_So_", "</span><span class='a b'>So</span><span class=a>")
    page = f"<style>.a {{font-style: normal}} .b {{font-style: italic}}</style><p><span>{html}"
    started = time.process_time()
    found = parse_html(page)
    assert time.process_time() - started < 2
    assert found.words > 115_000
    same = parse(text, markdown=False)
    assert [chapter.title for chapter in found.chapters] == [one.title for one in same.chapters]
    assert [(one.kind, one.runs) for one in found.blocks] == [
        (one.kind, one.runs) for one in same.blocks
    ]
    assert (found.front, found.warnings) == (same.front, same.warnings) == ((), ())


def test_blocks_say_how_they_look() -> None:
    page = (
        "<h1 class=title>A</h1><hr class=page-break><h2 class=c>B</h2><p></p><p><img></p><hr>"
        "<p class=c>c</p>"
    )
    assert blocks_of(page, ".c {text-align: center; font-size: 18pt}") == [
        RichBlock((Run("A"),), level=1, title=True),
        RichBlock((Run("B"),), level=2, centred=True, size=18.0, page_break=True),
        RichBlock(),
        RichBlock(picture=True),
        RichBlock(separator=True),
        RichBlock((Run("c"),), centred=True, size=18.0),
    ]
