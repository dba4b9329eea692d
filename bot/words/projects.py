"""A writer's projects. Everyone has one from the start, and one is always the default."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from bot import ids
from bot.db.metadata import upsert
from bot.errors import BadInput, Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words import starting_counts
from bot.words.amounts import MOST, Unit
from bot.words.tables import entries, goals, projects, writers
from bot.words.tables import starting_counts as starts

FIRST_TITLE = "My writing"
MOST_PROJECTS = 100
LONGEST_TITLE, LONGEST_GENRE, LONGEST_LINK = 80, 40, 300
NOTHING = "none"  # typed to take a genre or a link away
NOT_HERE = "That project is not here any more. `/project list` shows yours."
ONLY_ONE = (
    "That is the only project you have that isn't archived. Make another with `/project create`, "
    "then archive this one."
)
IS_DEFAULT = "That is your usual project. First make another one so with `/project switch`."


class Status(StrEnum):
    ACTIVE = "active"
    FINISHED = "finished"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Project:
    """`target` in words."""

    id: int
    title: str
    genre: str | None
    status: Status
    target: int | None
    link: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A project in its writer's list, with the words logged for it in all. `start`: the words that
    there were before."""

    project: Project
    words: int
    default: bool
    start: int = 0

    @property
    def total(self) -> int:
        return self.start + self.words


def default(conn: Connection, person_id: int, now: int) -> int:
    """The id of the project that words go to unless another is named; made if there is none."""
    found = _default(conn, person_id)
    if found is not None:
        return found
    conn.execute(
        upsert(projects)
        .values(person_id=person_id, title=FIRST_TITLE, folded=fold(FIRST_TITLE), created_at=now)
        .on_conflict_do_nothing(index_elements=["person_id", "folded"])
    )
    first = conn.scalars(
        select(projects.c.id).where(
            projects.c.person_id == person_id, projects.c.folded == fold(FIRST_TITLE)
        )
    ).one()
    _make_default(conn, person_id, first, unless_there_is_one=True)
    settled = _default(conn, person_id)
    assert settled is not None
    return settled


def get(conn: Connection, person_id: int, project_id: int, *, lock: bool = False) -> Project:
    """Raises NotFound, also for another's. Locked, it stays until the transaction ends, and
    nothing else is added to it (SQLite has one writer anyway and leaves this out)."""
    query = select(projects).where(projects.c.person_id == person_id, projects.c.id == project_id)
    row = conn.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _project(row)


def find(conn: Connection, member: Member, said: str) -> Project:
    """The member's project by what was typed: its title, or `#id` as the suggestions have it.
    Raises NotFound."""
    number = ids.parse(said)
    named = projects.c.folded == fold(said) if number is None else projects.c.id == number
    mine = projects.c.person_id == people.find(conn, member.discord_id)
    row = conn.execute(select(projects).where(mine, named)).mappings().one_or_none()
    if row is None:
        raise NotFound(
            "You have no project of that name. Pick one of the suggestions, or make it with "
            "`/project create`."
        )
    return _project(row)


def usual(conn: Connection, member: Member) -> Project:
    """The member's default project. Raises NotFound where there is none yet."""
    person_id = _person(conn, member)
    return get(conn, person_id, _default(conn, person_id) or 0)


def mine(conn: Connection, member: Member) -> list[Listed]:
    """The member's projects: the default one first, then the newest; archived ones last."""
    person_id = people.find(conn, member.discord_id)
    return [] if person_id is None else _listed(conn, person_id)


def create(
    conn: Connection,
    member: Member,
    title: str,
    *,
    genre: str | None = None,
    target: int | None = None,
    link: str | None = None,
    start: int = 0,
    now: int,
    interaction_id: int,
) -> Listed:
    """Begin a project, of which `start` words exist already. The first that a writer makes is where
    their words go. Raises BadInput, Conflict."""
    person_id = people.person_id(conn, member, now)
    said = _checked(title=title, genre=genre, target=target, link=link)
    _check_start(start)
    if len(_listed(conn, person_id)) >= MOST_PROJECTS:
        raise Conflict(f"{MOST_PROJECTS} projects are the most. `/project delete` makes room.")
    conn.execute(
        upsert(projects)
        .values(person_id=person_id, created_at=now, interaction_id=interaction_id, **said)
        .on_conflict_do_nothing()
    )
    project_id = conn.scalar(
        select(projects.c.id).where(projects.c.interaction_id == interaction_id)
    )
    if project_id is None:
        raise _taken(title)
    starting_counts.put(conn, person_id, project_id, Unit.WORDS, start)
    _make_default(conn, person_id, project_id, unless_there_is_one=True)
    return _listed(conn, person_id, project_id)[0]


def edit(
    conn: Connection,
    member: Member,
    project_id: int,
    *,
    title: str | None = None,
    genre: str | None = None,
    status: Status | None = None,
    target: int | None = None,
    link: str | None = None,
    start: int | None = None,
) -> Listed:
    """What is not said stays; a target or start of 0, and “none”, take one away. Where the default
    project is archived, another takes its place. Raises BadInput, Conflict, NotFound."""
    person_id = _person(conn, member)
    get(conn, person_id, project_id)
    said = _checked(title=title, genre=genre, target=target, link=link)
    if status is not None:
        said["status"] = status
    if said:
        try:
            with conn.begin_nested():
                conn.execute(update(projects).where(projects.c.id == project_id).values(said))
        except IntegrityError:
            raise _taken(title or "") from None
    if start is not None:
        _check_start(start)
        starting_counts.put(conn, person_id, project_id, Unit.WORDS, start)
    if status is Status.ARCHIVED and _default(conn, person_id) == project_id:
        _replace_default(conn, person_id, project_id)
    return _listed(conn, person_id, project_id)[0]


def _replace_default(conn: Connection, person_id: int, archived_id: int) -> None:
    """Have words go to the newest project that isn't archived, or to *My writing*. Raises Conflict
    where that is what has been archived."""
    newest = conn.scalar(
        select(projects.c.id)
        .where(projects.c.person_id == person_id, projects.c.status != Status.ARCHIVED)
        .order_by(projects.c.status != Status.ACTIVE, projects.c.id.desc())
        .limit(1)
    )
    if newest is None:
        old = conn.execute(select(projects).where(projects.c.id == archived_id)).one()
        if old.folded == fold(FIRST_TITLE):
            raise Conflict(ONLY_ONE)
        newest = conn.scalars(
            upsert(projects)
            .values(
                person_id=person_id, title=FIRST_TITLE, folded=fold(FIRST_TITLE),
                created_at=old.created_at,
            )
            .on_conflict_do_update(
                index_elements=["person_id", "folded"], set_={"status": Status.ACTIVE}
            )
            .returning(projects.c.id)
        ).one()  # fmt: skip
    _make_default(conn, person_id, newest)


def switch(conn: Connection, member: Member, project_id: int) -> Listed:
    """Have words go to this project from now on, which is no longer archived then. Raises
    NotFound."""
    person_id = _person(conn, member)
    get(conn, person_id, project_id, lock=True)
    conn.execute(
        update(projects)
        .where(projects.c.id == project_id, projects.c.status == Status.ARCHIVED)
        .values(status=Status.ACTIVE)
    )
    _make_default(conn, person_id, project_id)
    return _listed(conn, person_id, project_id)[0]


def removable(conn: Connection, member: Member, said: str) -> Listed:
    """The project by what was typed, if it can be deleted. Raises Conflict, NotFound."""
    found = find(conn, member, said)
    listed = next(one for one in mine(conn, member) if one.project.id == found.id)
    if listed.default:
        raise Conflict(IS_DEFAULT)
    return listed


def remove(conn: Connection, member: Member, project_id: int) -> Listed:
    """Delete the project; its words and its goals go to the default one, which is returned. Raises
    Conflict, NotFound."""
    person_id = _person(conn, member)
    get(conn, person_id, project_id, lock=True)
    default_id = _default(conn, person_id)
    if default_id in (None, project_id):
        raise Conflict(IS_DEFAULT)
    for table in (entries, goals):
        conn.execute(
            update(table).where(table.c.project_id == project_id).values(project_id=default_id)
        )
    conn.execute(delete(projects).where(projects.c.id == project_id))
    return _listed(conn, person_id, default_id)[0]


def to_take_over(conn: Connection, member: Member, project_id: int) -> Listed | None:
    """*My writing*, if words were logged for it before its writer made their first project, which
    this one is."""
    person_id = _person(conn, member)
    made = conn.scalars(
        select(projects.c.id).where(
            projects.c.person_id == person_id, projects.c.interaction_id.is_not(None)
        )
    ).all()
    if list(made) != [project_id]:
        return None
    logged = exists().where(entries.c.project_id == projects.c.id, entries.c.void == 0)
    first = conn.scalar(
        select(projects.c.id).where(
            projects.c.person_id == person_id,
            projects.c.folded == fold(FIRST_TITLE),
            logged,
        )
    )
    found = None if first is None else _listed(conn, person_id, first)[0]
    return found if found is not None and found.default else None


def take_over(conn: Connection, member: Member, project_id: int, old_id: int) -> Listed:
    """Have all that belongs to the old default project belong to this one, which is the default
    from now on. Raises NotFound."""
    person_id = _person(conn, member)
    get(conn, person_id, old_id, lock=True)
    switch(conn, member, project_id)
    held = select(starts.c.unit).where(starts.c.project_id == project_id)
    conn.execute(
        update(starts)
        .where(starts.c.project_id == old_id, starts.c.unit.not_in(held))
        .values(project_id=project_id)
    )
    return remove(conn, member, old_id)


def fold(title: str) -> str:
    """The title as it is compared: without case, accents and doubled spaces."""
    plain = unicodedata.normalize("NFKD", title)
    return " ".join("".join(c for c in plain if not "\u0300" <= c <= "\u036f").casefold().split())


def _checked(
    *, title: str | None, genre: str | None, target: int | None, link: str | None
) -> dict[str, str | int | None]:
    """What was said of a project, as it is stored. Raises BadInput."""
    said: dict[str, str | int | None] = {}
    if title is not None:
        title = " ".join(title.split())
        if not fold(title) or len(title) > LONGEST_TITLE:
            raise BadInput(f"A title has 1 to {LONGEST_TITLE} characters.")
        said |= {"title": title, "folded": fold(title)}
    if genre is not None:
        genre = " ".join(genre.split())
        if len(genre) > LONGEST_GENRE:
            raise BadInput(f"A genre has {LONGEST_GENRE} characters at most.")
        said["genre"] = None if genre.lower() in ("", NOTHING) else genre
    if target is not None:
        if not 0 <= target <= MOST:
            raise BadInput(f"A target is between 1 and {MOST:,} words; 0 takes it away.")
        said["target"] = target or None
    if link is not None:
        link = link.strip()
        if link.lower() == NOTHING:
            said["link"] = None
        elif len(link) <= LONGEST_LINK and re.fullmatch(r"(?i:https?)://[^\s<>]+", link):
            said["link"] = link
        else:
            raise BadInput(
                f"A link begins with https:// and has {LONGEST_LINK} characters at most."
            )
    return said


def _check_start(start: int) -> None:
    """Raises BadInput."""
    if not 0 <= start <= MOST:
        raise BadInput(f"A project starts at between 0 and {MOST:,} words.")


def _taken(title: str) -> Conflict:
    return Conflict(f"You have a project called “{' '.join(title.split())}” already.")


def _person(conn: Connection, member: Member) -> int:
    """Raises NotFound."""
    person_id = people.find(conn, member.discord_id, lock=True)
    if person_id is None:
        raise NotFound(NOT_HERE)
    return person_id


def _default(conn: Connection, person_id: int) -> int | None:
    found: int | None = conn.scalar(
        select(writers.c.project_id).where(writers.c.person_id == person_id)
    )
    return found


def _make_default(
    conn: Connection, person_id: int, project_id: int, *, unless_there_is_one: bool = False
) -> None:
    chosen = upsert(writers).values(person_id=person_id, project_id=project_id)
    key = ["person_id"]
    if unless_there_is_one:
        conn.execute(chosen.on_conflict_do_nothing(index_elements=key))
    else:
        conn.execute(
            chosen.on_conflict_do_update(index_elements=key, set_={"project_id": project_id})
        )


def _listed(conn: Connection, person_id: int, project_id: int | None = None) -> list[Listed]:
    one = [] if project_id is None else [projects.c.id == project_id]
    words = (
        select(func.coalesce(func.sum(entries.c.amount), 0))
        .where(entries.c.project_id == projects.c.id, entries.c.unit == Unit.WORDS)
        .scalar_subquery()
    )
    start = (
        select(func.coalesce(func.sum(starts.c.amount), 0))
        .where(starts.c.project_id == projects.c.id, starts.c.unit == Unit.WORDS)
        .scalar_subquery()
    )
    is_default = projects.c.id == func.coalesce(writers.c.project_id, 0)
    rows = conn.execute(
        select(projects, words.label("words"), start.label("start"), is_default.label("is_default"))
        .join(writers, writers.c.person_id == projects.c.person_id, isouter=True)
        .where(projects.c.person_id == person_id, *one)
        .order_by(is_default.desc(), projects.c.status == Status.ARCHIVED, projects.c.id.desc())
    )
    return [
        Listed(_project(row), int(row["words"]), bool(row["is_default"]), int(row["start"]))
        for row in rows.mappings()
    ]


def _project(row: RowMapping) -> Project:
    return Project(
        row["id"], row["title"], row["genre"], Status(row["status"]), row["target"], row["link"]
    )
