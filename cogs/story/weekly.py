"""The author's note on Sundays."""

from collections import Counter

from bot.client import Bot
from bot.companion import weekly
from bot.companion.weekly import Week
from bot.delivery.discord_sender import Content
from bot.delivery.rules import Row
from bot.stories.naming import PlaceName
from cogs.ui import posts, reactions
from cogs.ui.formats import fitting, plural, timestamp

MOST_LOVED = 3


class Weekly:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def render(self, row: Row) -> Content | None:
        week = await self._bot.services.database.read(weekly.week, row.subject, row.part * 1000)
        if week is None:
            return None
        ids = {message_id: one.part.id for one in week.parts for message_id in one.message_ids}
        loved = await reactions.count(self._bot, week.serial.channel_id, ids)
        return Content(_told(week, loved))


def _told(week: Week, loved: Counter[int]) -> str:
    serial = week.serial
    # A chapter's title is text, and that of a story for adults stays out of private messages.
    titled = not serial.story.rating.for_adults
    lines = [f"Your week with {posts.title(serial)}:"]
    lines += [
        f"- {_name(one.part.place, titled, in_sentence=False)}: {plural(one.readers, 'reader')}"
        for one in week.parts
    ]
    most = sorted(
        ((count, one) for one in week.parts if (count := loved[one.part.id])),
        key=lambda pair: (-pair[0], pair[1].part.number),
    )[:MOST_LOVED]
    if most:
        told = (
            f"{_name(one.part.place, titled)} ({plural(count, 'reaction')})" for count, one in most
        )
        lines.append(f"Most loved: {' · '.join(told)}.")
    if week.stops:
        told = (f"{_name(one.part.place, titled)} ({one.here:,})" for one in week.stops)
        lines.append(f"Where readers stand who are not caught up: {' · '.join(told)}.")
    if week.left and week.next:
        lines.append(f"{plural(week.left, 'part')} left; the next comes {timestamp(week.next)}.")
    elif week.left:
        lines.append(f"{plural(week.left, 'part')} left; it is not running just now.")
    elif not serial.story.complete:
        lines.append("No parts left: `/serial add` brings the next chapter.")
    return fitting(lines)


def _name(place: PlaceName, titled: bool, *, in_sentence: bool = True) -> str:
    return posts.place_name(place if titled else place.untitled, in_sentence=in_sentence)
