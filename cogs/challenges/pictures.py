"""What the pictures of a challenge show."""

from bot.challenges import standing
from bot.challenges.standing import Board, Mine
from bot.challenges.telling import Evening
from bot.charts.data import Certificate, Cumulative, Thermometer


def room(found: Board | Evening) -> Thermometer:
    return Thermometer(
        found.challenge.title,
        found.challenge.unit,
        found.total,
        found.target,
        found.par,
        found.day,
        found.days,
    )


def way(found: Mine) -> Cumulative | None:
    """None before it has begun for them."""
    if not found.amounts:
        return None
    return Cumulative(
        found.challenge.title,
        found.challenge.unit,
        found.progress.goal.amount,
        found.progress.first_day,
        found.amounts,
        found.pars,
    )


def certificate(found: standing.Certificate) -> Certificate:
    return Certificate(
        found.challenge.title,
        found.name or "a writer",
        found.challenge.unit,
        found.written,
        found.target,
        found.first,
        found.challenge.last,
        found.days,
    )
