"""What is left in the database's files of a return address that was taken back, once the broom went through."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from storage.cases.return_address import open_return_address
from storage.database.schema.notices import return_addresses
from storage.deeds.words import SendReply
from storage.sealing.keys.address_keys import HEADER
from storage.sealing.keys.private_files import read_key
from storage.sealing.primitives.box import Place, open_box, seal
from storage.sealing.primitives.errors import CannotOpen
from storage.values import Address
from storage.values.errors import Tampered
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


async def test_what_is_left_of_an_address_that_was_taken_back_opens_with_no_key_there_is(school: Any) -> None:
    """Whatever logs, replicas and backups keep of the row: decision 22."""
    ada = await school.join("Ada Byron")
    sent = await school.send((ada,))
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    core = school.store._core
    async with core.read() as connection:
        row = (await connection.execute(select(return_addresses))).one()
    kept = (core, row.id, row.case_id, row.sealed)
    assert open_return_address(*kept) == school.arrival(1).address
    [key] = (school.folder / "addresses").iterdir()
    secret = read_key(key, HEADER)
    for alone in (core.server_key.address_key(), secret):
        with pytest.raises(CannotOpen):
            open_box(alone, Place("return_addresses", row.case_id, row.id, "address", 0), row.sealed)
    await school.store.talks.notice(school.arrival(1), sent.talk, on=False)
    assert open_return_address(*kept) is None
    assert list((school.folder / "addresses").iterdir()) == []
    assert school.store.tampered == 0


@pytest.mark.sqlite_only("it is about files beside the server key")
async def test_where_the_key_of_an_address_is_lost_the_leads_are_told_that_nobody_could_be_told(school: Any) -> None:
    ada = await school.join("Ada Byron")
    sent = await school.send((ada,))
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    [key] = (school.folder / "addresses").iterdir()
    key.unlink()
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, SendReply(text="We read it."))
    while (notice := await school.store.outbox.next()) is not None and notice.lead is not None:
        await school.store.outbox.done(notice)
    assert notice is not None
    assert notice.address is None
    assert school.store.tampered == 0


@pytest.mark.sqlite_only("it is about files beside the server key")
async def test_an_address_of_before_each_had_a_key_is_opened_still_and_no_id_names_another_file(school: Any) -> None:
    ada = await school.join("Ada Byron")
    case, core = (await school.send((ada,))).talk.found.case, school.store._core
    place = Place("return_addresses", case, "0" * 32, "address", 0)
    sealed = seal(core.server_key.address_key(), place, b'["web", 7]')
    assert open_return_address(core, "0" * 32, case, sealed) == Address("web", 7)
    with pytest.raises(Tampered):
        open_return_address(core, "0" * 32, case, sealed[:-1] + b"x")
    for own in ("../server.key", "k" + "0" * 31 + "/", "k" + "g" * 32, "K" + "0" * 32, ""):
        with pytest.raises(Tampered):
            open_return_address(core, own, case, sealed)
        with pytest.raises(ValueError, match="none that has a key"):
            core.address_keys.draw(own)
