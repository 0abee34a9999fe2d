"""What all tables share: the metadata with its naming convention, and the column types."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Index, Integer, LargeBinary, MetaData, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
#: Seconds since 1970 and row numbers; STRICT tables know no BIGINT, and PostgreSQL's INTEGER ends in 2038.
Number = BigInteger().with_variant(Integer(), "sqlite")
Small = Integer()
Words = Text()
Bytes = LargeBinary()
#: Where no clock runs, so that a queue can be ordered by one index (about the year 10,000).
NEVER = 253_402_300_799


def partial_index(name: str, *columns: Column[Any], where: ColumnElement[bool]) -> Index:
    """Give an index over the rows for which `where` holds; it serves only a query that repeats that condition.

    The migrations create it so on both engines; here the condition is named for one of them, since an option of the
    other's would load all that SQLAlchemy knows of it at each start (a tenth of `hark doctor`).
    """
    return Index(name, *columns, sqlite_where=where)
