"""As much of CSS as shows in prose: italics, weight, lines, size, what is centred or hidden."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.stories.model import Style

Declarations = Mapping[str, str]

_COMMENT = re.compile(r"/\*(?:.*?\*/|.*)|<!--|-->", re.DOTALL)
_BRACES = re.compile(r"([^{}]*)([{}])")
_SELECTOR = re.compile(r"(?P<tag>[a-z][\w:-]*)?(?P<rest>(?:[.#][\w-]+)*)", re.IGNORECASE)
_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(pt|px|em|rem|%)")
_POINTS = {"pt": 1.0, "px": 0.75, "rem": 12.0}
_SHOWS = frozenset(
    {
        *("font-style", "font-weight", "font-size", "text-decoration", "text-decoration-line"),
        *("text-align", "display", "visibility", "mso-hide", "mso-element"),
        *("page-break-before", "page-break-after", "break-before", "break-after"),
    }
)
_LINES = Style.UNDERLINE | Style.STRIKE
_BREAKS = {"always", "page", "left", "right", "recto", "verso"}


@dataclass(frozen=True, slots=True)
class Look:
    """How text stands in its elements."""

    style: Style = Style.PLAIN
    size: float = 12.0  # points
    centred: bool = False
    level: int = 0  # of the heading that it is in
    title: bool = False
    preformatted: bool = False

    def within(self, own: Style, css: Declarations) -> "Look":
        """`own` is what the element's tag means, if no sheet says otherwise."""
        style = self.style | own
        match css.get("font-style"):
            case "italic" | "oblique":
                style |= Style.ITALIC
            case "normal":
                style &= ~Style.ITALIC
        if (bold := _is_bold(css.get("font-weight", ""))) is not None:
            style = style | Style.BOLD if bold else style & ~Style.BOLD
        lines = css.get("text-decoration-line", css.get("text-decoration", ""))
        if "none" in lines:  # it takes away the element's own lines, not those it stands in
            style &= ~(own & _LINES & ~self.style)
        if "underline" in lines:
            style |= Style.UNDERLINE
        if "line-through" in lines:
            style |= Style.STRIKE
        centred = css["text-align"] == "center" if "text-align" in css else self.centred
        return replace(self, style=style, size=self._size(css), centred=centred)

    def _size(self, css: Declarations) -> float:
        match = _LENGTH.fullmatch(css.get("font-size", ""))
        if match is None:
            return self.size
        number, unit = float(match[1]), match[2]
        if unit in _POINTS:
            return number * _POINTS[unit]
        return self.size * number / (100 if unit == "%" else 1)


@dataclass(frozen=True, slots=True)
class _Rule:
    """`weight` says which of two rules wins."""

    weight: tuple[int, int, int, int]
    tag: str
    marks: frozenset[str]  # ".class" and "#id"
    css: Declarations


class Sheet:
    """Rules for elements by tag, class and id; what depends on other elements is left out."""

    def __init__(self, text: str) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        self._known: dict[tuple[str, str, str], Declarations] = {}
        for order, (selector, css) in enumerate(_rules(_COMMENT.sub(" ", text))):
            for one in selector.split(","):
                self._add(one.strip(), css, order)

    def of(self, tag: str, name: str, classes: str) -> Declarations:
        """What it says of an element with this id and these classes."""
        key = (tag, name if f"#{name}" in self._rules else "", classes)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _add(self, selector: str, css: Declarations, order: int) -> None:
        match = _SELECTOR.fullmatch(selector)
        if match is None or not selector:
            return
        tag = (match["tag"] or "").lower()
        marks = frozenset(re.findall(r"[.#][\w-]+", match["rest"]))
        ids = sum(mark[0] == "#" for mark in marks)
        weight = (ids, len(marks) - ids, bool(tag), order)
        self._rules.setdefault(min(marks, default=tag), []).append(_Rule(weight, tag, marks, css))

    def _find(self, tag: str, name: str, classes: str) -> Declarations:
        marks = {f".{one}" for one in classes.split()} | {f"#{name}"}
        rules = [
            rule
            for key in (tag, *marks)
            for rule in self._rules.get(key, ())
            if rule.marks <= marks and rule.tag in ("", tag)
        ]
        found: dict[str, str] = {}
        for rule in sorted(rules, key=lambda rule: rule.weight):
            found |= rule.css
        return found


def declarations(text: str) -> Declarations:
    """Those that show, of a rule or a `style` attribute."""
    found = {}
    for declaration in text.lower().split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in _SHOWS:
            found[name.strip()] = value.removesuffix("!important").strip()
    return found


def is_hidden(css: Declarations) -> bool:
    return (
        css.get("display") == "none"
        or css.get("visibility") == "hidden"
        or css.get("mso-hide") == "all"
        or css.get("mso-element", "").startswith("comment")
    )


def breaks_page(css: Declarations, side: str) -> bool:
    """Whether a page ends on its `side`, "before" or "after"."""
    return not _BREAKS.isdisjoint((css.get(f"page-break-{side}"), css.get(f"break-{side}")))


def _is_bold(weight: str) -> bool | None:
    if re.fullmatch(r"\d{3,4}", weight):
        return int(weight) >= 600
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(weight)


def _rules(text: str) -> Iterator[tuple[str, Declarations]]:
    """Selectors and what they set; what stands inside of @media and its like is left out."""
    opened: list[str] = []
    for before, brace in _BRACES.findall(text):
        if brace == "{":
            opened.append(before.rpartition(";")[2].strip())
        elif opened:
            selector = opened.pop()
            css = declarations(before)
            if css and not any(one.startswith("@") for one in (*opened, selector)):
                yield selector, css
