"""The largest texts and files that Discord lets through, made up by hypothesis. Each test is a
journey, so the watchdog sees to it that none of them holds up the bot."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.companion import card_files
from bot.stories.formats import MAX_BYTES
from bot.words import transfer
from playground.inputs import File, OptionValue
from playground.people import Answer, Person
from tests.conftest import NewDatabase
from tests.journeys.conftest import running
from tests.journeys.stage import Json, Stage, labels, other_story, story
from tests.journeys.steps import CHANNEL, INTEGER, ROLE, STRING, USER, leaves
from tests.journeys.test_unspoiled import filled, quiet

LONGEST_OPTION = 6000  # characters that Discord lets through
ATTACHMENT = 11  # a type of option
BUTTON = 2  # a type of component
ADD = "serial add"
numbers = count()
FILES: dict[str, Callable[[], File]] = {
    ADD: lambda: (f"{next(numbers)}.md", other_story(f"tar {next(numbers)}", "rope")),
    "serial update": lambda: ("lantern.md", story(f"Chapter 1: Flame {next(numbers)}")),
    "character import": lambda: ("c.yaml", b"- name: Sentence\n"),
}
STORY = 60_000  # bytes: what takes no longer here takes no longer in a file of any length
ENDS = ("Remove", "Discard", "Delete", "Erase", "Cancel")  # buttons after which nothing is left

# What has brought a pattern, a search or a library to its knees somewhere.
HOSTILE = (
    "a", "a ", " ", "\n", "\n\n", "9", "9,", "1.", ".", "…", "Mr. ", "Mr ", "Mara ", "the ",
    "The Owl ", "-", "- ", "--", "*", "**a** ", "_a_ ", "~~", "`", "|", "||a||", "<", "<@1>", ":a",
    "://", "[", "](", "#", "# ", "> ", "\\", "“", "”", "“a” ", '"', "'", "’s ", "e\u0301",
    "\u0300\u0316", "\u0316", "\u200b", "字", "ｶﾞ", "🏮", "👩‍👩‍👧", "ﷺ", "İ", "&amp;", "=", "'=",
    "+9 ", "9k", "a:", "chapter:1 ", '"a" ', "-a ", "Zed’s a. ", "mon ", "9:00 ", "9 pm and ",
    "A B. ", "x@y.z ", "2024-11-01",
)  # fmt: skip
UNITS = st.sampled_from(HOSTILE)
UNITS |= st.lists(UNITS, min_size=2, max_size=4).map("".join)
LONG = st.builds(lambda unit, end: (unit, end), UNITS, st.just("") | UNITS)

Filling = tuple[str, str]


def long(filling: Filling, length: int) -> str:
    """So many characters, or bytes in UTF-8, of the same again and again, and another end."""
    unit, end = filling
    text = unit * (length // len(unit) + 1)
    return (text[: max(length - len(end), 0)] + end)[:length]


def of_bytes(filling: Filling, length: int) -> str:
    unit, end = filling
    return unit * ((length - len(end.encode())) // len(unit.encode())) + end


@contextmanager
def a_stage(url: str) -> Iterator[tuple[Stage, Callable[[Awaitable[None]], None]]]:
    """With a story on it, and a way to run something there."""
    with asyncio.Runner() as runner:
        hall = running(url)
        stage = runner.run(hall.__aenter__())

        async def done(awaitable: Awaitable[None]) -> None:
            await awaitable

        try:
            runner.run(done(furnish(stage)))
            yield stage, lambda awaitable: runner.run(done(awaitable))
        finally:
            runner.run(hall.__aexit__(None, None, None))


async def furnish(stage: Stage) -> None:
    stage.world.discord.answer_within = 20.0  # seconds: a busy machine proves nothing
    await stage.publish()
    await stage.mara.slash(stage.stories, "character add", name="Sentence")
    await stage.mara.slash(stage.stories, "wrote", amount="350", note="A note.")


def usual(test: Callable[..., None], examples: int) -> Callable[..., None]:
    """To make what fails smaller takes minutes."""
    return settings(
        deadline=None,
        max_examples=examples,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )(test)


def texts(stage: Stage) -> list[tuple[str, Json, Json]]:
    """Each option of a command that takes text, with the command's name and the command."""
    return [
        (name, leaf, option)
        for name, leaf in leaves(stage.world.commands(stage.odalys.id, stage.stories))
        for option in leaf.get("options") or []
        if option["type"] == STRING and not option.get("choices")
    ]


def test_no_text_of_a_command_or_a_form_holds_up_the_bot(new_sqlite: NewDatabase) -> None:
    """Each option once, with something else; then some of them with anything."""
    with a_stage(new_sqlite()) as (stage, run):
        fields = texts(stage)
        assert len(fields) > 60
        assert {"title", "author"} <= {field["name"] for name, _, field in fields if name == ADD}
        writers = {name for name, _ in leaves(stage.world.commands(stage.mara.id, stage.stories))}

        def hold(
            field: tuple[str, Json, Json], filling: Filling, by_moderator: bool, backwards: bool
        ) -> None:
            writes = field[0] in writers and not by_moderator
            run(_type(stage, stage.mara if writes else stage.odalys, *field, filling, backwards))

        # With a second story much of what is said names none, and is asked back.
        adding, others = [[f for f in fields if (f[0] == ADD) is adds] for adds in (True, False)]
        for some, examples in ((others, 100), (adding, 10)):
            for number, field in enumerate(some):
                hold(field, (HOSTILE[number % len(HOSTILE)], ""), False, number % 2 == 1)
            drawn = given(st.sampled_from(some), LONG, st.booleans(), st.booleans())
            usual(drawn(hold), examples)()


async def _type(
    stage: Stage,
    person: Person,
    name: str,
    leaf: Json,
    option: Json,
    filling: Filling,
    backwards: bool,
) -> None:
    text = long(filling, option.get("max_length", LONGEST_OPTION))
    needed = {
        one["name"]: FILES[name]() if one["type"] == ATTACHMENT else needed_value(stage, one)
        for one in leaf["options"]
        if one.get("required") and one is not option
    }
    if option.get("autocomplete"):
        await person.autocomplete(stage.stories, name, option["name"], text, **needed)
    answer = await person.slash(stage.stories, name, **needed, **{option["name"]: text})
    if name in FILES:
        await stage.until_read(answer)
    await _look(answer)
    await _press_all(person, answer, filling, backwards)


def needed_value(stage: Stage, option: Json) -> OptionValue:
    if option.get("choices"):
        value: OptionValue = option["choices"][0]["value"]
        return value
    kinds: dict[int, OptionValue] = {
        STRING: "Sentence",
        INTEGER: max(1, option.get("min_value", 1)),
        USER: stage.tobias.id,
        CHANNEL: stage.stories,
        ROLE: stage.guild,
    }
    return kinds.get(option["type"], True)


async def _press_all(
    person: Person, answer: Answer, filling: Filling, backwards: bool, depth: int = 3
) -> None:
    """Press all that is under the answer, as long as it is there, from one end or the other, write
    as much as fits into the forms that it opens, and do the same with what comes of it."""
    for custom_id in list(live(answer))[:: -1 if backwards else 1]:
        part = live(answer).get(custom_id)
        if part is None or part.get("label", "").startswith(ENDS):
            continue
        if part["type"] == BUTTON:
            pressed = await person.click(answer.message or {}, custom_id=custom_id)
        else:
            values = [one["value"] for one in part["options"][-part.get("min_values", 1) :]]
            pressed = await person.choose(answer.message or {}, values, custom_id=custom_id)
        await _look(pressed)
        if pressed.modal:
            pressed = await person.submit(pressed, filled(pressed.modal, long(filling, 4000)))
            await _look(pressed)
        if depth > 1:
            await _press_all(person, pressed, filling, backwards, depth - 1)


def live(answer: Answer) -> dict[str, Json]:
    """The components that can be pressed, by their custom ids."""
    return {
        part["custom_id"]: part
        for line in (answer.message or {}).get("components", ())
        for part in line["components"]
        if "custom_id" in part and not part.get("disabled")
    }


async def _look(answer: Answer) -> None:
    await quiet()
    assert not answer.failed
    assert len(answer.content) <= 2000


def paragraph(filling: Filling, size: int) -> str:
    return f"## One\n\nIt began.\n\n{of_bytes(filling, size)}\n\nIt ended."


def heading(filling: Filling, size: int) -> str:
    return f"## One\n\nIt began.\n\n## {of_bytes(filling, size)}\n\nIt ended."


def summary(filling: Filling, size: int) -> str:
    return f"## One\n\nSummary: {of_bytes(filling, size)}\n\nIt began.\n\n## Two\n\nIt ended."


def front(filling: Filling, size: int) -> str:
    return f"# T\n\nSummary: {of_bytes(filling, size)}\n\n## One\n\nIt began."


def notes(filling: Filling, size: int) -> str:
    each = f"## A\n\nSummary: {long(filling, 200)}\n\nIt began, and went on for some time.\n\n"
    return each * (size // len(each.encode()))


def chapters(filling: Filling, size: int) -> str:
    each = f"## {long(filling, 8)}\n\nA.\n\n"
    return each * (size // len(each.encode()))


def lines(filling: Filling, size: int) -> str:
    each = f"{long(filling, 30)}\n\n"
    return "## One\n\nIt began.\n\n" + each * (size // len(each.encode()))


STORIES = st.sampled_from((paragraph, heading, summary, front, notes, chapters, lines))


def test_no_story_holds_up_the_bot(new_sqlite: NewDatabase) -> None:
    with a_stage(new_sqlite()) as (stage, run):

        def hold(shape: Callable[[Filling, int], str], filling: Filling) -> None:
            run(_add(stage, shape(filling, STORY).encode()))

        usual(given(STORIES, LONG)(hold), 8)()


def test_nor_does_the_largest_novel(new_sqlite: NewDatabase) -> None:
    with a_stage(new_sqlite()) as (stage, run):
        chapter = "## One more\n\n" + "Sentence said that the Owl went out at nine again.\n\n" * 200
        run(_add(stage, (chapter * (MAX_BYTES // len(chapter))).encode()))


async def _add(stage: Stage, data: bytes) -> None:
    """Add it, preview and post its first part, catch up on it, and offer it as a new version."""
    mara, tobias, here = stage.mara, stage.tobias, stage.stories
    draft = await _read(
        stage, await mara.slash(here, "serial add", file=("l.md", data), title="Long")
    )
    if draft.message is None or not draft.message["components"]:
        return  # refused, in a sentence
    if "A story of its own" in labels(draft.message):
        draft = await mara.click(draft.message, label="A story of its own")
    assert draft.message is not None
    await _look(await mara.click(draft.message, label="Confirm: I wrote it or have leave"))
    for command in ("serial preview", "serial status", "character add", "character edit"):
        await _look(await mara.slash(here, command, **_of(command, "Long")))
    await _look(await mara.click(draft.message, label="Post part 1 now, then daily"))
    await stage.settle()
    await tobias.slash(here, "story place", at="0", story="Long")
    for command in ("story about", "story chapters", "story catch-up", "story read"):
        answer = await tobias.slash(here, command, story="Long")
        await _look(answer)
        titles = [
            part["custom_id"]
            for line in (answer.message or {}).get("components", ())
            for part in line["components"]
            if part.get("label", "").startswith("Show titles")
        ]
        for custom_id in titles:
            await _look(await tobias.click(answer.message or {}, custom_id=custom_id))
    new = story().replace(b"\n\n", b"\n\n" + data[: 2 * len(data) // 3] + b"\n\n", 3)
    for file, serial in ((new, "The Lantern"), (data[7:], "Long")):
        answer = await mara.slash(here, "serial update", file=("l.md", file), serial=serial)
        await _read(stage, answer)
        if "Discard" in _labels(answer.message):
            await _look(await mara.click(answer.message or {}, label="Discard"))
    removal = await mara.slash(here, "serial remove", serial="Long")
    form = await mara.click(removal.message or {}, label="Remove…")
    removed = await mara.submit(form, filled(form.modal or {}, "Long"))
    assert "is removed" in removed.content
    await stage.settle()


def _of(command: str, title: str) -> dict[str, OptionValue]:
    return {"story" if command.startswith("character") else "serial": title}


def _labels(message: Json | None) -> list[str]:
    lines = message["components"] if message else []
    return [part.get("label", "") for line in lines for part in line["components"]]


async def _read(stage: Stage, answer: Answer) -> Answer:
    await _look(await stage.until_read(answer))
    return answer


CELLS = st.sampled_from(("date", "words", "unit", "project", "note"))


def test_no_list_of_words_holds_up_the_bot(new_sqlite: NewDatabase) -> None:
    with a_stage(new_sqlite()) as (stage, run):

        def hold(long_cell: str, filling: Filling, length: int) -> None:
            run(_import(stage, table(long_cell, filling, length)))

        lengths = st.sampled_from((100, 10_000, 130_000))
        usual(given(CELLS, LONG, lengths)(hold), 25)()


def table(long_cell: str, filling: Filling, length: int) -> bytes:
    """As many lines as may be, with one cell of each so long."""
    cells = {"date": "2024-11-02", "words": "5", "unit": "words", "project": "", "note": ""}
    text = long(filling, length).replace('"', '""')
    cells[long_cell] = f'"{text}"'
    first = "date,words,unit,project,note\n2024-11-01,5,words,,\n"
    line = ",".join(cells.values()) + "\n"
    count = min(transfer.MOST_BYTES // len(line.encode()), transfer.MOST_LINES // 4)
    return (first + line * count).encode()


async def _import(stage: Stage, data: bytes) -> None:
    answer = await stage.tobias.slash(stage.stories, "me import", file=("w.csv", data))
    await _look(answer)
    await _look(await stage.tobias.slash(stage.stories, "words history"))


def test_no_list_of_characters_holds_up_the_bot(new_sqlite: NewDatabase) -> None:
    with a_stage(new_sqlite()) as (stage, run):
        shapes = st.sampled_from((many_names, many_quotations, one_text))

        def hold(shape: Callable[[Filling], str], filling: Filling) -> None:
            data = shape(filling).encode()[: card_files.MAX_BYTES]
            run(_cast(stage, data))

        usual(given(shapes, LONG)(hold), 40)()


def many_names(filling: Filling) -> str:
    names = [f"{quoted(long(filling, 50))} N{n}" for n in range(100)]
    return "\n".join(f'- name: "{name}"\n  aliases: ["{name} a", "{name} b"]' for name in names)


def many_quotations(filling: Filling) -> str:
    fact = quoted(long(filling, 280))
    facts = "\n".join(f'    - text: "f{n}"\n      from: "{fact} {n}"' for n in range(16))
    return "\n".join(f"- name: N{n}\n  facts:\n{facts}" for n in range(9))


def one_text(filling: Filling) -> str:
    return of_bytes(filling, card_files.MAX_BYTES)


def quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


async def _cast(stage: Stage, data: bytes) -> None:
    answer = await stage.mara.slash(stage.stories, "character import", file=("c.yaml", data))
    await _look(answer)
    await _look(await stage.mara.slash(stage.stories, "character edit"))
