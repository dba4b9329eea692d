"""How long each picture takes, after the first."""

import gc
from collections.abc import Callable
from datetime import date
from time import perf_counter

from benchmarks.measures import Samples
from bot.charts import bars, calendar, certificate, cumulative, quote_card, thermometer
from bot.charts.data import (
    MOST_BARS,
    Bars,
    Calendar,
    Certificate,
    Cumulative,
    QuoteCard,
    Thermometer,
)

TIMES = 20
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
QUOTE = "It went plank by plank, on Tuesdays, at low tide, for $5 and $6. " * 7
PARS = tuple(50_000 * day // 30 for day in range(1, 31))


def taken() -> Samples:
    """Milliseconds, of pictures as full as they get, none of which is like another."""
    drawing: dict[str, Callable[[int], bytes]] = {
        "a month": lambda n: calendar.draw(
            Calendar("Mara", "words", LAST, tuple(range(n, n + 3000, 100)))
        ),
        "a target": lambda n: cumulative.draw(
            Cumulative("50,000 words", "words", 50_000, FIRST, (1500 + n,) * 20, PARS)
        ),
        "a sprint's results": lambda n: bars.draw(
            Bars(
                "Night owls",
                "words",
                tuple(
                    (one, f"李明 さくら {one * n} 🎉", 900 - one) for one in range(MOST_BARS + 1)
                ),
            )
        ),
        "a room's total": lambda n: thermometer.draw(
            Thermometer("Writers", "words", 1_000_000 + n, 6_000_000, 3_000_000, 15, 30)
        ),
        "a certificate": lambda n: certificate.draw(
            Certificate("November", f"李明 {n}", "words", 50_000 + n, 50_000, FIRST, LAST, 28)
        ),
        "a quote": lambda n: quote_card.draw(
            QuoteCard((((f"{n} {QUOTE}", False),),), "Oil", "Mara · quote 1")
        ),
    }
    gc.freeze()  # what the benchmarks before left in memory is none of a picture's time
    samples: Samples = {}
    for name, draw in drawing.items():
        draw(0)
        samples[name] = []
        for number in range(1, TIMES + 1):
            began = perf_counter()
            draw(number)
            samples[name].append((perf_counter() - began) * 1000)
    return samples
