"""How times and numbers are written."""


def timestamp(milliseconds: int, style: str = "f") -> str:
    """Discord's own mark-up for an instant, which everyone sees in their own time zone."""
    return f"<t:{milliseconds // 1000}:{style}>"


def plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shorten(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
