"""What a reader may do, made up by hypothesis out of the commands that the bot has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.journeys.stage import Json, Stage
from tests.journeys.twins import COMMON, ONLY_AFTER, PLACES, words

# What knows nothing of stories, or reads a file of one's own. All else is asked, also what is new.
NOT_ASKED = (
    "sprint", "wrote", "words", "goal", "project", "stats", "leaderboard",
    "serial add", "serial update", "character import", "me import",
)  # fmt: skip
ON_MESSAGE = 3  # a type of command
SUBCOMMANDS, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE = (1, 2), 3, 4, 5, 6, 7, 8  # of options

TYPED = st.sampled_from((
    "lamp", "lamps", "key", "Edda", "edda", "Ansel", "the Owl", "owl", "harbour", "the keeper",
    "old Ansel", "Zephyrine", "the Admiral", "Bartholomew", "Countess", "lamp Edda", "Edda Owl",
))  # fmt: skip
TYPED |= st.lists(
    st.sampled_from(sorted(words(*COMMON, *ONLY_AFTER[0], *ONLY_AFTER[1]))), min_size=1, max_size=3
).map(" ".join)
TYPED |= st.sampled_from((
    "Why did Edda light the lamp?", "Who is the Admiral?", "Where is the key?", "chapter 2",
    "edda -key", '"old Ansel"', "lamp chapter:2", "caught up", "start", "0", "1", "2", "3", "5000",
    "9 pm", "daily", "`*~|", "🏮",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pick:
    """One of what is suggested for what is typed; that itself where nothing is."""

    typed: str
    which: int


Value = str | int | float | bool
Press = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Step:
    """A command, with options or on a post; or without a name a press of what is under the post.
    Then follow so many presses of what the answer shows: by a number which, by another what is
    chosen, and what is typed into a form."""

    name: str
    options: Mapping[str, Value | Pick]
    post: int
    presses: Sequence[Press]

    @property
    def typed(self) -> set[str]:
        texts = [one.typed if isinstance(one, Pick) else str(one) for one in self.options.values()]
        return words(*texts, *(typed for _, _, typed in self.presses))


def steps(stage: Stage) -> st.SearchStrategy[Step]:
    """Those of Tobias's, most of them of `/story`."""
    people = [stage.mara.id, stage.odalys.id, stage.tobias.id]
    presses = st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), TYPED), min_size=1, max_size=3
    )
    nothing: st.SearchStrategy[dict[str, Value | Pick]] = st.just({})
    no_post, post = st.just(-1), st.sampled_from(range(PLACES))
    of_stories = [st.builds(Step, st.just(""), nothing, post, presses)]
    others: list[st.SearchStrategy[Step]] = []
    for name, leaf in leaves(stage.world.commands(stage.tobias.id, stage.stories)):
        if name.startswith(NOT_ASKED):
            continue
        if leaf["type"] == ON_MESSAGE:
            of_stories.append(st.builds(Step, st.just(name), nothing, post, presses))
            continue
        given = options(leaf.get("options") or [], people, stage.stories)
        step = st.builds(Step, st.just(name), given, no_post, presses)
        (of_stories if name.startswith("story ") else others).append(step)
    return st.sampled_from([of_stories] * 9 + [others]).flatmap(st.one_of)


def leaves(commands: Sequence[Json], above: str = "") -> Iterator[tuple[str, Json]]:
    """Each command by its full name."""
    for command in commands:
        name = f"{above} {command['name']}".strip()
        inner = command.get("options") or []
        if inner and inner[0]["type"] in SUBCOMMANDS:
            yield from leaves(inner, name)
        else:
            yield name, command


def options(
    declared: Sequence[Json], people: Sequence[int], channel: int
) -> st.SearchStrategy[dict[str, Value | Pick]]:
    """What is needed, and up to two more: with all of them nothing is ever found."""
    values = {one["name"]: value(one, people, channel) for one in declared if one["type"] != ROLE}
    needed = {one["name"]: values.pop(one["name"]) for one in declared if one.get("required")}
    more = st.lists(st.sampled_from(sorted(values) or [""]), max_size=2 if values else 0)

    def of(names: Sequence[str]) -> st.SearchStrategy[dict[str, Value | Pick]]:
        # Of quotes that are shared by chance no two are the same.
        alone = {"number": st.just(1)} if "share" in names and "number" in values else {}
        return st.fixed_dictionaries(needed | alone | {name: values[name] for name in names})

    return more.flatmap(of)


def value(
    option: Json, people: Sequence[int], channel: int
) -> st.SearchStrategy[Value] | st.SearchStrategy[Pick]:
    if option["name"] in ("story", "serial"):  # there is one alone
        return st.just(Pick("", 0))
    if option.get("autocomplete"):
        return st.builds(Pick, st.just("") | st.just("") | TYPED, st.integers(0, 5))
    if choices := option.get("choices"):
        return st.sampled_from([one["value"] for one in choices])
    least = option.get("min_value", 0)
    match option["type"]:
        case 3:
            return TYPED.map(lambda text: text[: option.get("max_length", 100)])
        case 4:
            return st.integers(least, least + 3)
        case 5:
            return st.booleans()
        case 6:
            return st.sampled_from(people)
        case 7:
            return st.just(channel)
    raise AssertionError(f"say what {option['name']} may be, or that its command is NOT_ASKED")
