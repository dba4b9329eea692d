import asyncio
from typing import TypedDict

import pytest
from sqlalchemy import Connection, event

from bot.db.engine import Database
from bot.errors import BadInput, Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words import ledger, projects, starting_counts
from bot.words.amounts import Unit
from bot.words.ledger import Place
from bot.words.projects import Listed, Project, Status
from bot.words.tables import goals
from tests.bot.words.test_ledger import GUILD, MARA, NOW, TOBIAS, TODAY, writer


class Said(TypedDict, total=False):
    title: str
    genre: str
    target: int
    link: str


def create(conn: Connection, title: str, number: int = 1, member: Member = MARA) -> int:
    made = projects.create(conn, member, title, now=NOW, interaction_id=number)
    return made.project.id


def write(conn: Connection, project_id: int, amount: int, unit: Unit = Unit.WORDS) -> None:
    mara = people.person_id(conn, MARA, NOW)
    place = Place(project_id, unit, TODAY, GUILD)
    key = f"{project_id} {amount} {unit}"
    ledger.add(conn, mara, place, amount, now=NOW, source="wrote", key=key)


def titles(conn: Connection, member: Member = MARA) -> list[str]:
    return [one.project.title for one in projects.mine(conn, member)]


async def test_everyone_has_a_project_from_the_start(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert projects.mine(conn, MARA) == []
        mara, first = writer(conn)
        assert projects.default(conn, mara, NOW) == first
        plain = Project(first, "My writing", None, Status.ACTIVE, None, None)
        assert projects.mine(conn, MARA) == [Listed(plain, 0, True)]
        assert projects.mine(conn, TOBIAS) == []

    await database.write(use_case)


async def test_two_first_words_at_once_make_one_default(database: Database) -> None:
    found = await asyncio.gather(*(database.write(writer) for _ in range(8)))
    assert len(set(found)) == 1


async def test_the_first_that_one_makes_is_where_words_go(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel = projects.create(
            conn, MARA, "  The   Lantern ", genre="Gothic", target=80_000,
            link="https://example.org/l?x=1", now=NOW, interaction_id=1,
        )  # fmt: skip
        assert novel == Listed(
            Project(
                novel.project.id, "The Lantern", "Gothic", Status.ACTIVE, 80_000,
                "https://example.org/l?x=1",
            ),
            0,
            True,
        )  # fmt: skip
        assert writer(conn)[1] == novel.project.id
        assert not projects.create(conn, MARA, "Poems", now=NOW, interaction_id=2).default
        assert writer(conn)[1] == novel.project.id

    await database.write(use_case)


async def test_a_creation_delivered_twice_is_one(database: Database) -> None:
    made = await asyncio.gather(*(database.write(create, "Poems", 7) for _ in range(4)))
    assert len(set(made)) == 1
    assert await database.read(titles) == ["Poems"]


@pytest.mark.parametrize("alike", ["the lantern", "THE  LANTERN", "Thé Lantern", "Ｔｈｅ Lantern"])
async def test_two_titles_that_look_alike_are_one(database: Database, alike: str) -> None:
    def use_case(conn: Connection) -> None:
        lantern, poems = create(conn, "The Lantern", 1), create(conn, "Poems", 2)
        with pytest.raises(Conflict, match="already"):
            create(conn, alike, 3)
        with pytest.raises(Conflict, match="already"):
            projects.edit(conn, MARA, poems, title=alike, genre="Gothic")
        assert titles(conn) == ["The Lantern", "Poems"]
        assert projects.mine(conn, MARA)[1].project.genre is None
        assert projects.edit(conn, MARA, lantern, title=alike).project.title == " ".join(
            alike.split()
        )
        create(conn, alike, 4, TOBIAS)
        assert projects.find(conn, MARA, "the lantern").id == lantern

    await database.write(use_case)


async def test_titles_that_differ_by_more_are_two(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        for number, title in enumerate(["か", "が", "Lantern", "Lantern 2", "!", "#1"]):
            create(conn, title, number)
        assert len(titles(conn)) == 6

    await database.write(use_case)


async def test_the_list_has_the_default_first_and_the_archived_last(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        ids = [create(conn, title, n) for n, title in enumerate(["A", "B", "C", "D"])]
        projects.switch(conn, MARA, ids[1])
        projects.edit(conn, MARA, ids[3], status=Status.ARCHIVED)
        projects.edit(conn, MARA, ids[2], status=Status.FINISHED)
        write(conn, ids[1], 350)
        write(conn, ids[1], -50)
        write(conn, ids[1], 5, Unit.PAGES)
        write(conn, ids[2], 7)
        found = projects.mine(conn, MARA)
        assert [(one.project.title, one.words, one.default) for one in found] == [
            ("B", 300, True), ("C", 7, False), ("A", 0, False), ("D", 0, False)
        ]  # fmt: skip
        projects.edit(conn, MARA, ids[1], status=Status.ARCHIVED)
        assert titles(conn) == ["A", "C", "D", "B"]  # words go to the active one now

    await database.write(use_case)


async def test_the_list_is_one_query_however_long_it_is(database: Database) -> None:
    asked: list[str] = []

    def use_case(conn: Connection) -> None:
        for number in range(projects.MOST_PROJECTS):
            write(conn, create(conn, f"Novel {number}", number), 10)
        event.listen(conn, "before_cursor_execute", lambda *about: asked.append(about[2]))
        assert len(projects.mine(conn, MARA)) == projects.MOST_PROJECTS

    await database.write(use_case)
    assert len(asked) == 2  # who it is, and the list


async def test_there_is_an_end_to_them(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        ids = [create(conn, f"Novel {n}", n) for n in range(projects.MOST_PROJECTS)]
        with pytest.raises(Conflict, match="100 projects"):
            create(conn, "One more", 1000)
        create(conn, "One more", 1001, TOBIAS)
        projects.remove(conn, MARA, ids[-1])
        create(conn, "One more", 1002)

    await database.write(use_case)


async def test_editing_changes_what_was_said_and_nothing_else(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel, other = create(conn, "Novel", 1), create(conn, "Other", 2)
        steps: list[tuple[Said, Project]] = [
            ({}, Project(novel, "Novel", None, Status.ACTIVE, None, None)),
            ({"genre": " Sci  fi "}, Project(novel, "Novel", "Sci fi", Status.ACTIVE, None, None)),
            ({"target": 50_000}, Project(novel, "Novel", "Sci fi", Status.ACTIVE, 50_000, None)),
            (
                {"link": "HTTP://a.b", "title": "Nov"},
                Project(novel, "Nov", "Sci fi", Status.ACTIVE, 50_000, "HTTP://a.b"),
            ),
            (
                {"link": "None", "genre": "none", "target": 0},
                Project(novel, "Nov", None, Status.ACTIVE, None, None),
            ),
        ]
        for said, expected in steps:
            edited = projects.edit(conn, MARA, novel, **said)
            assert edited.project == expected
        finished = projects.edit(conn, MARA, novel, status=Status.FINISHED)
        assert (finished.project.status, finished.default) == (Status.FINISHED, True)
        assert projects.find(conn, MARA, "other") == Project(
            other, "Other", None, Status.ACTIVE, None, None
        )

    await database.write(use_case)


BAD: list[Said] = [
    {"title": ""},
    {"title": " \n "},
    {"title": "\u0301"},
    {"title": "x" * 81},
    {"genre": "x" * 41},
    {"target": -1},
    {"target": 10_000_001},
    {"link": "example.org"},
    {"link": "javascript:alert(1)"},
    {"link": "https://"},
    {"link": "https://a b"},
    {"link": "https://a>b"},
    {"link": "https://" + "x" * 300},
]


@pytest.mark.parametrize("said", BAD)
async def test_what_cannot_be_used_changes_nothing(database: Database, said: Said) -> None:
    def use_case(conn: Connection) -> None:
        novel = create(conn, "Novel")
        before = projects.mine(conn, MARA)
        new: Said = {"title": "New", **said}
        with pytest.raises(BadInput):
            projects.edit(conn, MARA, novel, **said)
        with pytest.raises(BadInput):
            projects.create(conn, MARA, **new, now=NOW, interaction_id=9)
        assert projects.mine(conn, MARA) == before

    await database.write(use_case)


async def test_a_project_is_found_by_title_or_number_by_its_writer_alone(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        novel = create(conn, "The Lantern")
        for said in ("The Lantern", " the  LANTERN ", f"#{novel}", f" #{novel} "):
            assert projects.find(conn, MARA, said).id == novel
        for said in ("Lantern", "", "#", f"#{novel + 1}", "#" + "9" * 30, f"{novel}"):
            with pytest.raises(NotFound):
                projects.find(conn, MARA, said)
        people.person_id(conn, TOBIAS, NOW)
        for stranger in (TOBIAS, Member(3, "Ines", GUILD)):
            for said in ("The Lantern", f"#{novel}"):
                with pytest.raises(NotFound):
                    projects.find(conn, stranger, said)
            with pytest.raises(NotFound):
                projects.edit(conn, stranger, novel, title="Mine")
            with pytest.raises(NotFound):
                projects.switch(conn, stranger, novel)
            with pytest.raises(NotFound):
                projects.remove(conn, stranger, novel)
        assert titles(conn) == ["The Lantern"]

    await database.write(use_case)


async def test_words_and_goals_outlive_their_project(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, first = writer(conn)
        novel = create(conn, "Novel")
        write(conn, first, 100)
        write(conn, novel, 350)
        taken_back = ledger.latest(conn, mara, 1)[0]
        ledger.undo(conn, mara, taken_back.id, NOW, "undo")
        write(conn, novel, 20)
        write(conn, novel, 3, Unit.SCENES)
        conn.execute(
            goals.insert().values(
                person_id=mara, project_id=novel, unit="words", amount=500, first_day="2026-11-01",
                period="day",
            )
        )  # fmt: skip
        left = projects.remove(conn, MARA, novel)
        assert (left.project.id, left.words, left.default) == (first, 120, True)
        assert titles(conn) == ["My writing"]
        assert ledger.total(conn, mara, first, Unit.SCENES) == 3
        assert {entry.project for entry in ledger.latest(conn, mara, 9)} == {"My writing"}
        assert conn.scalars(goals.select().with_only_columns(goals.c.project_id)).all() == [first]
        with pytest.raises(NotFound):
            projects.remove(conn, MARA, novel)

    await database.write(use_case)


async def test_the_default_cannot_be_deleted_until_another_is(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel, poems = create(conn, "Novel", 1), create(conn, "Poems", 2)
        with pytest.raises(Conflict, match="/project switch"):
            projects.remove(conn, MARA, novel)
        with pytest.raises(Conflict, match="/project switch"):
            projects.removable(conn, MARA, "Novel")
        assert projects.removable(conn, MARA, "poems").project.id == poems
        assert projects.switch(conn, MARA, poems).default
        assert projects.remove(conn, MARA, novel).project.id == poems
        assert titles(conn) == ["Poems"]

    await database.write(use_case)


async def test_an_archived_project_is_no_longer_the_default(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        ids = [create(conn, title, number) for number, title in enumerate("ABC")]
        mara = people.person_id(conn, MARA, NOW)
        projects.edit(conn, MARA, ids[2], status=Status.FINISHED)
        assert projects.edit(conn, MARA, ids[0], status=Status.ARCHIVED).default is False
        assert projects.default(conn, mara, NOW) == ids[1]  # active ones before finished ones
        projects.edit(conn, MARA, ids[1], status=Status.ARCHIVED)
        assert projects.default(conn, mara, NOW) == ids[2]
        projects.edit(conn, MARA, ids[2], status=Status.ARCHIVED)
        assert projects.usual(conn, MARA).title == projects.FIRST_TITLE
        projects.switch(conn, MARA, ids[0])
        assert projects.usual(conn, MARA).status is Status.ACTIVE
        first = projects.find(conn, MARA, projects.FIRST_TITLE).id
        projects.edit(conn, MARA, first, status=Status.ARCHIVED)
        projects.edit(conn, MARA, ids[0], status=Status.ARCHIVED)
        assert projects.default(conn, mara, NOW) == first  # brought back
        assert projects.usual(conn, MARA).status is Status.ACTIVE
        with pytest.raises(Conflict, match="only project"):
            projects.edit(conn, MARA, first, status=Status.ARCHIVED)

    await database.write(use_case)


async def test_the_first_project_made_may_take_over_what_there_is(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, first = writer(conn)
        lantern = create(conn, "The Lantern", 1)
        assert projects.to_take_over(conn, MARA, lantern) is None  # nothing is logged yet
        write(conn, first, 350)
        write(conn, first, 20, Unit.PAGES)
        starting_counts.put(conn, mara, first, Unit.WORDS, 40_000)
        starting_counts.put(conn, mara, first, Unit.PAGES, 100)
        starting_counts.put(conn, mara, lantern, Unit.PAGES, 7)
        old = projects.to_take_over(conn, MARA, lantern)
        assert old is not None
        assert (old.project.id, old.words) == (first, 350)
        taken = projects.take_over(conn, MARA, lantern, first)
        assert (taken.project.id, taken.total, taken.default) == (lantern, 40_350, True)
        assert starting_counts.total(conn, mara, lantern, Unit.PAGES) == 27
        assert titles(conn) == ["The Lantern"]
        with pytest.raises(NotFound):
            projects.take_over(conn, MARA, lantern, first)
        poems = create(conn, "Poems", 2)
        assert projects.to_take_over(conn, MARA, poems) is None

    await database.write(use_case)
