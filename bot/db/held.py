"""What is held on a person, by table. Each room gives out its own."""

from sqlalchemy import Connection, Select

Held = dict[str, list[dict[str, object]]]


def rows(conn: Connection, query: Select[*tuple[object, ...]]) -> list[dict[str, object]]:
    return [row._asdict() for row in conn.execute(query)]
