"""The way to a picture: drawn off the event loop, one at a time, and kept while it is asked for."""

import asyncio
import logging
from functools import lru_cache
from threading import Lock

from bot.charts.data import Bars, Calendar, Certificate, Cumulative, Data, QuoteCard, Thermometer

log = logging.getLogger(__name__)

KEPT = 64  # pictures, of some 100 KB each
MOST_WAITING = 8  # who would wait longer goes without: a picture takes a tenth of a second


class Pictures:
    def __init__(self) -> None:
        self._kept = lru_cache(KEPT)(_draw)
        self._drawing = Lock()  # Matplotlib is not made for several threads
        self._waiting = 0

    async def of(self, data: Data) -> bytes | None:
        """A PNG. None where it can't be drawn, or too many are waiting for theirs: what it shows
        stands in words too."""
        if self._waiting >= MOST_WAITING:
            return None
        self._waiting += 1
        try:
            return await asyncio.to_thread(self._look_up, data)
        except Exception:
            log.exception("The picture of a %s could not be drawn", type(data).__name__)
            return None
        finally:
            self._waiting -= 1

    def _look_up(self, data: Data) -> bytes:
        """Whoever asks for what is being drawn finds it kept."""
        with self._drawing:
            return self._kept(data)


def _draw(data: Data) -> bytes:
    # They load Matplotlib, which takes a second: not before the first picture.
    from bot.charts import bars, calendar, certificate, cumulative, quote_card, thermometer

    match data:
        case Bars():
            return bars.draw(data)
        case Calendar():
            return calendar.draw(data)
        case Certificate():
            return certificate.draw(data)
        case Cumulative():
            return cumulative.draw(data)
        case QuoteCard():
            return quote_card.draw(data)
        case Thermometer():
            return thermometer.draw(data)
