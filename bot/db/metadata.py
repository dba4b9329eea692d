"""The metadata that every room's tables hang on, and the column types they share."""

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite speaks the same ON CONFLICT

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself only where the primary key is declared INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")


def is_ours(name: str | None, type_: str, _parents: object) -> bool:
    """Whether a table of the database is to be found in the metadata: the index of what stories say
    is not, nor what SQLite keeps it in, as it is another thing on each database."""
    return type_ != "table" or not (name or "").startswith("search_index")


__all__ = ["Key", "is_ours", "metadata", "upsert"]
