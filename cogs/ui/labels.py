"""Labels that can be told apart, however alike things are called. Pure."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import count

from bot.stories import markup

CHOICE, BUTTON, OPTION = 100, 80, 100  # characters: Discord's limits
NAMELESS = "…"


def distinct(things: Sequence[Sequence[str]], limit: int, taken: Collection[str] = ()) -> list[str]:
    """A label of at most `limit` characters for each thing, no two of which read the same.

    A thing is its name and then details, the most telling first. A label has only those details
    that tell it from other labels and names, and from what is `taken`; things that are the same in
    everything are numbered.
    """
    names = [_label(name, (), "", limit) for name, *_ in things]
    details: list[list[str]] = [[] for _ in things]
    labels = names
    for rank in range(1, max(map(len, things), default=0)):
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for index in _alike(labels, names, taken):
            groups[read(labels[index])].append(index)
        for group in groups.values():
            said = [things[index][rank] if rank < len(things[index]) else "" for index in group]
            if len(group) == 1 or len(set(map(read, said))) > 1:
                for index, detail in zip(group, said, strict=True):
                    details[index] += [detail] if read(detail) else []
        labels = [
            _label(name, more, "", limit) for (name, *_), more in zip(things, details, strict=True)
        ]
    used = {*map(read, labels), *map(read, names), *taken}
    numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(1))
    found = list(labels)
    for index in _alike(labels, names, taken):
        for number in numbers[read(labels[index])]:
            found[index] = _label(things[index][0], details[index], f" ({number})", limit)
            if read(found[index]) not in used:
                break
        used.add(read(found[index]))
    return found


def read(label: str) -> str:
    """What is the same for labels that read the same: without case, spacing and what isn't seen."""
    if label.isascii() and label.isprintable():
        return " ".join(label.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).casefold())
    return " ".join("".join(letter for letter in folded if _is_seen(letter)).split())


def _alike(labels: Sequence[str], names: Sequence[str], taken: Collection[str]) -> list[int]:
    """The numbers of labels that read like another's label or name, or like what is taken."""
    shown, called = Counter(map(read, labels)), Counter(map(read, names))
    return [
        index
        for index, (label, name) in enumerate(zip(map(read, labels), names, strict=True))
        if shown[label] > 1 or called[label] > (label == read(name)) or label in taken
    ]


def _label(name: str, details: Sequence[str], number: str, limit: int) -> str:
    """All of it on one line; where it is too long, as much as there is room for of the name."""
    said = "".join(f" · {' '.join(detail.split())}" for detail in details)
    tail = _cut(said, limit * 2 // 3) + number
    line = " ".join(name.split())
    return _cut(line if read(line) else NAMELESS, limit - markup.length(tail)) + tail


def _cut(text: str, room: int) -> str:
    if markup.length(text) <= room:
        return text
    text = text[:room]
    while markup.length(text) >= room:
        text = text[:-1]
    return text.rstrip() + "…"


def _is_seen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter)[0] != "C"
