"""How the page reads Discord's Markdown: its module is run in node, where there is one."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.stories.markup import markdown
from bot.stories.model import Run, Style
from playground import page

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not on this machine")

SCRIPT = """
const { parse } = await import(process.argv[1]);
const texts = JSON.parse((await import("node:fs")).readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map(parse)));
"""
NAMES = {"strong": "b", "em": "i", "underline": "u", "strike": "s", "spoiler": "spoiler"}


def parse(texts: list[str]) -> list[list[dict[str, Any]]]:
    assert NODE is not None
    module = (Path(page.STATIC) / "markdown.js").as_uri()
    run = subprocess.run(
        [NODE, "--input-type=module", "--eval", SCRIPT, module],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    trees: list[list[dict[str, Any]]] = json.loads(run.stdout)
    return trees


def shown(tree: list[dict[str, Any]]) -> str:
    """A tree as tagged text: b(bold), and what only the page can name as {type}."""
    return "".join(_shown(node) for node in tree)


def _shown(node: dict[str, Any]) -> str:
    kind = node["type"]
    if kind == "text":
        return str(node["text"])
    if kind == "list":
        mark = "ul" if node["start"] is None else f"ol{node['start']}"
        return f"{mark}({'|'.join(shown(item) for item in node['items'])})"
    if kind == "link":
        return f"a[{node['url']}]({shown(node['content'])})"
    if "content" in node:
        return f"{NAMES.get(kind, kind)}{node.get('level', '')}({shown(node['content'])})"
    told = node.get("text") or node.get("id") or node.get("name") or (node["at"], node["style"])
    return f"{kind}({told})"


CASES = {
    "plain": "plain",
    "**a** *b* _c_ __d__ ~~e~~": "b(a) i(b) i(c) u(d) s(e)",
    "***both***": "b(i(both))",
    "*a **b** c*": "i(a b(b) c)",
    "**a _b_**": "b(a i(b))",
    "2 * 3 * 4 and 5 ** 6": "2 * 3 * 4 and 5 ** 6",
    "snake_case_name _it_": "snake_case_name i(it)",
    r"\*no\* \_no\_ \`no\` \|\|no\|\| \\ \# \a": r"*no* _no_ `no` ||no|| \ # \a",
    "`**code**`": "code(**code**)",
    "``a ` b``": "code(a ` b)",
    "```py\n# x\n> y\n```after": "codeBlock(# x\n> y)after",
    "# One\n## Two\n### Three\n#### four\n#five": (
        "heading1(One)heading2(Two)heading3(Three)#### four\n#five"
    ),
    "-# small *print*\nbig": "subtext(small i(print))big",
    "> a\n> b\nc": "quote(a\nb)c",
    ">>> a\n\n# b": "quote(a\n\nheading1(b))",
    "a > b": "a > b",
    "- a\n- b\n  - c\n- d": "ul(a|b\nul(c)|d)",
    "3. a\n4. b": "ol3(a|b)",
    "-not a list": "-not a list",
    "||he *dies*||": "spoiler(he i(dies))",
    "||one\n\ntwo||": "spoiler(one\n\ntwo)",
    "see https://a.example/x_(y)_z.": "see a[https://a.example/x_(y)_z](https://a.example/x_(y)_z).",
    "<https://a.example>": "a[https://a.example](https://a.example)",
    "[**t**](https://a.example/x_(y))": "a[https://a.example/x_(y)](b(t))",
    "[t](javascript:alert)": "[t](javascript:alert)",
    "<@1> <@!2> <@&3> <#4> </story read:5>": (
        "user(1) user(2) role(3) channel(4) command(story read)"
    ),
    "<:ink:1> @here a@b": ":ink: mention(@here) a@b",
    "<t:60:R> <t:60>": "time((60000, 'R')) time((60000, 'f'))",
    "<t:x:R> <b>": "<t:x:R> <b>",
    "unclosed **bold and ||spoiler": "unclosed **bold and ||spoiler",
}


def test_markdown() -> None:
    got = [shown(tree) for tree in parse(list(CASES))]
    assert dict(zip(CASES, got, strict=True)) == CASES


@settings(max_examples=8)
@given(
    st.lists(st.text(st.sampled_from("ab1 \n*_~|`#>-.[](){}<>@:/\\"), max_size=60), max_size=100)
)
def test_any_text_is_read(texts: list[str]) -> None:
    assert len(parse(texts)) == len(texts)


WORDS = st.text(st.sampled_from("ab1 '\n*_~|`#>-.[]()<>:/\\+é…"), min_size=1, max_size=40)


@settings(max_examples=8)
@given(st.lists(WORDS.filter(lambda text: text == text.strip()), max_size=100))
def test_what_the_bot_escapes_reads_as_it_was_written(texts: list[str]) -> None:
    escaped = [markdown([Run(text, Style.PLAIN)]) for text in texts]
    assert [shown(tree) for tree in parse(escaped)] == texts
