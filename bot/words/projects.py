"""A writer's projects. Everyone has one from the start, and one is always the default."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from bot import ids
from bot.db.metadata import upsert
from bot.errors import BadInput, Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words.amounts import MOST, Unit
from bot.words.tables import entries, goals, projects, writers

FIRST_TITLE = "My writing"
MOST_PROJECTS = 100
LONGEST_TITLE, LONGEST_GENRE, LONGEST_LINK = 80, 40, 300
NOTHING = "none"  # typed to take a genre or a link away
NOT_HERE = "That project is not here any more. `/project list` shows yours."
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
    """A project in its writer's list, with the words written for it in all."""

    project: Project
    words: int
    default: bool


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
    now: int,
    interaction_id: int,
) -> Listed:
    """The first project that a writer makes is where their words go. Raises BadInput, Conflict."""
    person_id = people.person_id(conn, member, now)
    said = _checked(title=title, genre=genre, target=target, link=link)
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
) -> Listed:
    """What is not said stays; a target of 0, and “none”, take one away. Raises BadInput, Conflict,
    NotFound."""
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
    return _listed(conn, person_id, project_id)[0]


def switch(conn: Connection, member: Member, project_id: int) -> Listed:
    """Have words go to this project from now on. Raises NotFound."""
    person_id = _person(conn, member)
    get(conn, person_id, project_id, lock=True)
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
    is_default = projects.c.id == func.coalesce(writers.c.project_id, 0)
    rows = conn.execute(
        select(projects, words.label("words"), is_default.label("is_default"))
        .join(writers, writers.c.person_id == projects.c.person_id, isouter=True)
        .where(projects.c.person_id == person_id, *one)
        .order_by(is_default.desc(), projects.c.status == Status.ARCHIVED, projects.c.id.desc())
    )
    return [
        Listed(_project(row), int(row["words"]), bool(row["is_default"])) for row in rows.mappings()
    ]


def _project(row: RowMapping) -> Project:
    return Project(
        row["id"], row["title"], row["genre"], Status(row["status"]), row["target"], row["link"]
    )
