"""The index of what stories say: FTS5 on SQLite, a tsvector on PostgreSQL, of the same terms.

A paragraph's row is `story_id << 24 | ordinal`. So a story's rows, and those that a reader may see,
stand side by side, and other stories' cost nothing.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    String,
    Text,
    and_,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    not_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.stories.queries import Phrase, Query

_INDEX = table("search_index", column("rowid", BigInteger), column("terms", Text))
_ORDINALS = 24  # bits
# Asked for each of a question's words: building takes longer than asking.
_BETWEEN = (
    select(_INDEX.c.rowid)
    .where(_INDEX.c.rowid.between(bindparam("first"), bindparam("last")))
    .order_by(_INDEX.c.rowid)
)
_TERM: BindParameter[str] = bindparam("term", type_=String)
_HOLDING = _BETWEEN.where(literal_column("vector").op("@@")(cast(_TERM, TSQUERY)))
_HOLDING_ON_SQLITE = _BETWEEN.where(literal_column("search_index").op("MATCH")(_TERM))
MERGED_PAGES = 50  # at a time: some 20 ms
MOST = 1 << _ORDINALS  # paragraphs of a story
ALL = range(MOST)


def add(conn: Connection, story_id: int, paragraphs: Iterable[tuple[int, str]]) -> None:
    """Paragraphs by their ordinals, each as its terms with a space between each two."""
    rows = [
        {"rowid": _row(story_id, ordinal), "terms": terms} for ordinal, terms in paragraphs if terms
    ]
    if rows:
        conn.execute(insert(_INDEX), rows)


def remove(conn: Connection, story_id: int, ordinals: range = ALL) -> None:
    """What is known of these paragraphs of the story."""
    conn.execute(delete(_INDEX).where(_among(story_id, ordinals)))


def merge(conn: Connection) -> bool:
    """Take a step towards an index that holds nothing of what was removed; False once it does. FTS5
    notes a removal, terms and all, beside what it removes, and drops both when it has merged its
    segments into one."""
    if conn.dialect.name != "sqlite":
        return False
    before = conn.exec_driver_sql("SELECT total_changes()").scalar_one()
    conn.exec_driver_sql(
        "INSERT INTO search_index(search_index, rank) VALUES ('merge', ?)", (-MERGED_PAGES,)
    )
    after = conn.exec_driver_sql("SELECT total_changes()").scalar_one()
    return bool(after - before >= 2)  # as SQLite's manual says that there is more to merge


def replace(conn: Connection, story_id: int, paragraphs: Sequence[tuple[int, str]]) -> None:
    """Give paragraphs, by their ordinals, other terms."""
    rows = [{"row": _row(story_id, ordinal)} for ordinal, _ in paragraphs]
    if rows:
        conn.execute(delete(_INDEX).where(_INDEX.c.rowid == bindparam("row")), rows)
        add(conn, story_id, paragraphs)


def move(conn: Connection, story_id: int, to: int, grown: int) -> None:
    """The story's paragraphs become another's; their ordinals grow by so much."""
    moved = matches(conn, story_id, range(MOST))
    remove(conn, story_id)
    add(conn, to, [(ordinal + grown, terms) for ordinal, terms in moved])


def count(conn: Connection, story_id: int, ordinals: range, query: Query) -> int:
    """In how many of these paragraphs it is found."""
    found = select(func.count()).select_from(_INDEX)
    return conn.scalars(found.where(_among(story_id, ordinals), _holds(conn, query))).one()


def matches(
    conn: Connection,
    story_id: int,
    ordinals: range,
    query: Query | None = None,
    *,
    first: int = 0,
    most: int | None = None,
) -> list[tuple[int, str]]:
    """Those of these paragraphs in which it is found, in order, with their terms: `most` of them
    from the one numbered `first` on."""
    found = select(_INDEX).where(_among(story_id, ordinals)).order_by(_INDEX.c.rowid)
    if query is not None:
        found = found.where(_holds(conn, query))
    rows = conn.execute(found.offset(first).limit(most)).all()
    before = _row(story_id, 0)
    return [(rowid - before, terms) for rowid, terms in rows]


def holding(conn: Connection, story_id: int, ordinals: range, term: str) -> list[int]:
    """The ordinals of those of these paragraphs that have the term, in order."""
    sqlite = conn.dialect.name == "sqlite"
    before = _row(story_id, 0)
    values = {
        "first": before + ordinals.start,
        "last": before + ordinals.stop - 1,
        "term": f'"{term}"' if sqlite else f"'{term}'",
    }
    rows = conn.scalars(_HOLDING_ON_SQLITE if sqlite else _HOLDING, values)
    return [row - before for row in rows]


def _row(story_id: int, ordinal: int) -> int:
    return story_id << _ORDINALS | ordinal


def _among(story_id: int, ordinals: range) -> ColumnElement[bool]:
    return _INDEX.c.rowid.between(
        _row(story_id, ordinals.start), _row(story_id, 0) + ordinals.stop - 1
    )


def _holds(conn: Connection, query: Query) -> ColumnElement[bool]:
    if conn.dialect.name == "sqlite":
        return literal_column("search_index").op("MATCH", is_comparison=True)(_match(query))
    return and_(*map(_says, query.wanted), *(not_(_says(phrase)) for phrase in query.without))


def _match(query: Query) -> str:
    """In FTS5's language. A term has no quotation marks, as it has letters and digits alone."""

    def said(phrases: Iterable[Phrase], word: str) -> str:
        return word.join(
            f'"{" ".join(phrase.terms)}"' + " *" * phrase.is_open for phrase in phrases
        )

    match = f"({said(query.wanted, ' AND ')})"
    return f"{match} NOT ({said(query.without, ' OR ')})" if query.without else match


def _says(phrase: Phrase) -> ColumnElement[bool]:
    """In PostgreSQL's: all terms by its index, then their order, since the places that a tsvector
    keeps end at 16,383."""
    *before, last = (f"'{term}'" for term in phrase.terms)
    lexemes = " & ".join([*before, f"{last}:*" if phrase.is_open else last])
    says = literal_column("vector").op("@@", is_comparison=True)(
        cast(literal(lexemes, String), TSQUERY)
    )
    if not before:
        return says
    padded = literal(" ").concat(_INDEX.c.terms).concat(" ")
    return and_(says, func.strpos(padded, phrase.pattern) > 0)
