"""Counting words as Archive of Our Own does."""

import regex

_JOINERS = "'’‘-"
_WORD = regex.compile(
    r"(?V1)[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"
    r"|[[:word:]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]]+"
)


def count(text: str) -> int:
    """`--` is a dash and separates; apostrophes and hyphens join; in scripts written without
    spaces (Han, Hiragana, Katakana, Thai) every character is a word."""
    text = text.replace("--", "—")
    for joiner in _JOINERS:  # much faster than str.translate
        text = text.replace(joiner, "")
    return len(_WORD.findall(text))
