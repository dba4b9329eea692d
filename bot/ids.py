"""Ids as people type them: a suggestion is sent as `#` and the id of what it stands for."""

import re

_TYPED = re.compile(r"#(\d{1,18})")  # so many digits fit any database's ids


def parse(typed: str) -> int | None:
    """The id in "#12". None where it is something else, or no id that a database could hold."""
    found = _TYPED.fullmatch(typed.strip())
    return int(found[1]) if found else None
