"""What is left in the database's files of a return address that was taken back, once the broom went through."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text

from storage.database.schema.notices import return_addresses
from tests.postgres import shared_server


async def files(school: Any) -> bytes:
    """Every byte of the database's files: those of SQLite, or the tables (not the log) of the server."""
    if school.engine == "sqlite":
        return b"".join(path.read_bytes() for path in school.folder.glob("hark.db*"))
    server = await shared_server()
    await server.execute("CHECKPOINT")
    async with school.store._core.read() as connection:
        table = (await connection.execute(text("SELECT pg_relation_filepath('return_addresses')"))).scalar_one()
    return (server.folder / "data" / table).read_bytes()


async def test_the_only_address_that_was_taken_back_is_in_no_file_after_the_next_sweep(school: Any) -> None:
    ada = await school.join("Ada Byron")
    sent = await school.send((ada,))
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    async with school.store._core.read() as connection:
        sealed = (await connection.execute(select(return_addresses.c.sealed))).scalar_one()
    assert sealed in await files(school)
    await school.store.talks.notice(school.arrival(1), sent.talk, on=False)
    await school.store.watch.sweep()
    assert sealed not in await files(school)
