"""What may be shown to a reader. Pure."""

from bot.stories.model import Position

START = Position(0, 0)


def horizon(
    said: Position | None,
    published: Position | None,
    following: bool,
    ahead: Position | None = None,
) -> Position:
    """Everything before this position may be shown: as far as the reader has come, and never
    past what is published, or what its author lets readers read `ahead` of that. Who follows the
    channel has seen all that is published."""
    if published is None:
        return START
    come = min(said or START, max(published, ahead or START))
    return max(come, published) if following else come
