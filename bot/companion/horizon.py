"""What may be shown to a reader. Pure."""

from bot.stories.model import Position

START = Position(0, 0)


def horizon(said: Position | None, published: Position | None, following: bool) -> Position:
    """Everything before this position may be shown: as far as the reader has come, and never
    past what is published. Who follows the channel has seen all of that."""
    if published is None:
        return START
    if following:
        return published
    return min(said or START, published)
