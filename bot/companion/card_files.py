"""A YAML file of characters. Pure; slow for what it is, as YAML is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from bot.companion.binding import UNBOUND, Bound, Text
from bot.companion.keeping import MOST_ALIASES, MOST_CARDS, MOST_FACTS, Draft, Said
from bot.errors import BadFile, BadInput

MAX_BYTES = 50_000
_DEEPEST = 8  # lists and mappings in each other

EXAMPLE = """\
- name: Edda
  aliases:
    - name: the Owl
      from: a quotation from the paragraph that tells it
  facts:
    - text: Keeps the lighthouse.
      from: start"""

_WRONG = f"""\
That is not a file of characters as I read them. Write it so (`from` may also be a part's number):
```yaml
{EXAMPLE}
```"""


_OPENS = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSES = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says; `unfound` are sentences on what it binds to nothing in the story."""

    drafts: list[Draft]
    unfound: list[str]


def read(data: bytes, text: Text) -> Read:
    """Raises BadFile. What says nothing of from where it may be known, or something that is not
    there, is unbound."""
    unfound: list[str] = []

    def bound(said: str) -> Bound:
        try:
            return text.bound(said)
        except BadInput as error:
            unfound.append(str(error))
            return UNBOUND

    return Read([_draft(one, bound) for one in _listed(_parsed(data), MOST_CARDS)], unfound)


def _parsed(data: bytes) -> object:
    """Lists, mappings and text: what BaseLoader makes of it stays as written, so that a character
    may be called No, and there is nothing that a stranger's file could call."""
    try:
        source = data.decode("utf-8-sig")
        _check_flat(source)
        return yaml.load(source, Loader=yaml.BaseLoader)
    except UnicodeDecodeError:
        raise BadFile("That file is not text in UTF-8: save it anew as a `.yaml` file.") from None
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise BadFile(f"That file is not YAML: {error.problem or 'it breaks off'}{line}.") from None
    except yaml.YAMLError:
        raise BadFile(_WRONG) from None


def _check_flat(source: str) -> None:
    """Refuse what grows when it is read (references), or takes PyYAML minutes (depth)."""
    depth = 0
    for token in yaml.scan(source):
        depth += isinstance(token, _OPENS) - isinstance(token, _CLOSES)
        if depth > _DEEPEST:
            raise BadFile(_WRONG)
        if isinstance(token, yaml.AliasToken):
            raise BadFile("That file has YAML references (`*name`): write each thing out.")


def _draft(said: object, bound: Callable[[str], Bound]) -> Draft:
    if isinstance(said, str):
        return Draft(said)
    known = _mapping(said, {"name", "from", "aliases", "facts"})
    return Draft(
        _text(known, "name"),
        bound(_text(known, "from", "")),
        tuple(_said(known.get("aliases"), "name", MOST_ALIASES, bound)),
        tuple(_said(known.get("facts"), "text", MOST_FACTS, bound)),
    )


def _said(found: object, key: str, most: int, bound: Callable[[str], Bound]) -> Iterator[Said]:
    for one in _listed(found or [], most):
        if isinstance(one, str):
            yield one, UNBOUND
        else:
            known = _mapping(one, {key, "from"})
            yield _text(known, key), bound(_text(known, "from", ""))


def _listed(found: object, most: int) -> list[object]:
    if not isinstance(found, list):
        raise BadFile(_WRONG)
    if len(found) > most:
        raise BadFile(
            f"There is room for {MOST_CARDS} characters in a story, and for "
            f"{MOST_ALIASES} aliases and {MOST_FACTS} facts on a card."
        )
    return found


def _mapping(found: object, keys: set[str]) -> dict[str, object]:
    if not isinstance(found, dict) or not found.keys() <= keys:
        raise BadFile(_WRONG)
    return found


def _text(known: dict[str, object], key: str, default: str | None = None) -> str:
    found = known.get(key, default)
    if not isinstance(found, str):
        raise BadFile(_WRONG)
    return found
