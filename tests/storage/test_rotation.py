"""Another server key: everything opens with it, the old one opens nothing, and a change that is cut off goes on."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, select, update

from storage.core.destruction_ledger import LEDGER, read_ledger
from storage.core.register import Register, register_beside
from storage.core.tab_key import former_tab_key
from storage.database import instrumentation
from storage.database.schema.cases import cases
from storage.database.schema.leads import leads, passkeys
from storage.database.schema.notices import outbox, pagers, return_addresses
from storage.database.schema.sites import audit
from storage.sealing.keys.key_exchange import begin, is_begun
from storage.sealing.keys.private_files import write_key
from storage.sealing.keys.server_key import HEADER, ServerKey, load_server_key, next_beside, read_server_key
from storage.sealing.primitives.errors import KeyFileUnusable, NotGenuine
from storage.upkeep.rotation.anew import ANEW
from storage.upkeep.rotation.bind_rows import SERVER_KEY
from storage.upkeep.rotation.cores import Place, opened_cores
from storage.upkeep.rotation.rotate import Rotated, rotate, settle
from storage.values import Address
from storage.values.errors import NotUnlocked, Tampered
from tests.raw_database import fetch, read_tables, tamper
from tests.storage.conftest import PASSPHRASE, School
from tests.storage.full_school import Written, write_everything

OLD = ServerKey(b"k" * 32)


def key_file(school: School) -> Path:
    return school.folder / "server.key"


def place_of(school: School) -> Place:
    if not key_file(school).exists():
        write_key(key_file(school), HEADER, school.key.secret)
    days, checkpoint = school.folder / "days", school.folder / "roster.version"
    return Place(make_url(school.url), key_file(school), days, checkpoint, lambda: school.now)


def quiet(*_: object) -> None:
    """Nobody looks at the bar."""


async def rotated(school: School) -> Rotated:
    """Stop, change the key, and start again with the new one."""
    await school.store.close()
    done = await rotate(place_of(school), quiet)
    school.key = load_server_key(key_file(school))
    await school.open()
    return done


@pytest.fixture
async def written(school: Any) -> Written:
    return await write_everything(school)


async def test_everything_opens_with_the_new_key(written: Written) -> None:
    school = written.school
    codes = await spare_codes(school, written.leads[1])
    done = await rotated(school)
    assert school.key != OLD
    assert done.verified.holds
    assert done.verified.cases == 3
    assert done.uninvited == ("Zoe",)
    assert (await school.store.watch.verify()).holds
    ada = await school.unlock("Ada")
    rows = (await school.store.desk.queues.page(ada)).rows
    assert len(rows) == 3
    view = await school.reads(ada, written.talk.found.case)
    assert view is not None
    talk = await school.store.talks.open(school.arrival(1), written.words)
    assert (await school.store.talks.view(talk)).notice_on
    assert (await school.store.drafts.get(Address("web", 7))) is not None
    assert {11, 12} <= set(await school.store.sent_messages.ids(Address("web", 1)))
    assert await school.store.pagers.address(ada.lead.id) == "old@example.org"
    school.later(minutes=10)
    bea = await school.store.leads.unlock(school.arrival(501), "Bea", PASSPHRASE, codes[0])
    assert bea.lead.name == "Bea"
    with pytest.raises(NotUnlocked):
        await school.store.leads.unlock(school.arrival(501), "Bea", PASSPHRASE, codes[0])
    assert school.store.tampered == 0


async def spare_codes(school: School, session: Any) -> tuple[str, ...]:
    own, chat = school.store.leads.own_factors, session.address.chat_id
    school.later(seconds=30)
    await own.prove(session, school.arrival(chat), PASSPHRASE, school.code(session.lead.name))
    codes: tuple[str, ...] = await own.new_spare_codes(session, school.arrival(chat))
    return codes


async def test_nothing_is_under_the_old_key_any_more(written: Written) -> None:
    school = written.school
    sealed = await _sealed_under_the_key(school)
    before = {row["address"] for name in ("drafts", "spoken") for row in written.now[name]}
    await rotated(school)
    rows = await read_tables(school.url)
    async with opened_cores(place_of(school), OLD, ServerKey(b"o" * 32)) as cores:
        for table, anew in ANEW.items():
            assert rows[table.name], f"nothing is in {table.name}"
            if table.name not in {"drafts", "spoken"}:  # sealed under day keys; the marks are compared below
                assert [row for row in rows[table.name] if anew(cores, row)] == [], table.name
    assert not before & {row["address"] for name in ("drafts", "spoken") for row in rows[name]}
    assert rows["invites"] == []
    for path in school.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(one in content for one in sealed), path.name
            assert OLD.secret not in content, path.name
            assert b64encode(OLD.secret) not in content, path.name
    with pytest.raises(NotGenuine):
        read_ledger(school.folder / LEDGER, OLD)
    with pytest.raises(Tampered):
        Register(register_beside(school.folder / "roster.version"), OLD).read()
    assert former_tab_key(school.folder / "roster.version", OLD, school.now) is None
    school.key, new = OLD, school.key
    await school.store.close()
    with pytest.raises(Tampered):
        await school.open()
    school.key = new
    await school.open()


async def _sealed_under_the_key(school: School) -> list[bytes]:
    asked = [leads.c.totp, leads.c.chat, leads.c.places, passkeys.c.sealed, pagers.c.sealed, return_addresses.c.sealed]
    found = [value for one in asked for (value,) in await fetch(school.url, select(one)) if value]
    assert len(found) >= len(asked)
    return found


class Cut(BaseException):
    """As if the process had ended just there."""


@pytest.mark.parametrize("point", ["commit.midway", "commit.ready", "commit.done"])
async def test_cut_off_it_is_taken_back_before_the_commit_and_ended_after_it(school: School, point: str) -> None:
    ada = await school.join("Ada Byron")
    await school.send((ada,))
    await school.store.close()

    def reached(at: instrumentation.Point) -> None:
        if at == point:
            raise Cut

    instrumentation.arm(reached)
    with pytest.raises(Cut):
        await rotate(place_of(school), quiet)
    instrumentation.arm(None)
    assert is_begun(key_file(school))
    assert await settle(place_of(school)) is (point == "commit.done")
    school.key = load_server_key(key_file(school))
    assert (school.key != OLD) is (point == "commit.done")
    await school.open()
    assert (await school.store.watch.verify()).holds


async def test_every_lead_is_told_and_the_log_says_so(written: Written) -> None:
    await rotated(written.school)
    told = await fetch(written.school.url, select(outbox.c.lead_id).where(outbox.c.kind == "server_key"))
    assert {lead for (lead,) in told} == {lead.lead.id for lead in written.leads[:3]}  # the fourth is shut out
    done = await fetch(written.school.url, select(audit.c.lead_id).where(audit.c.action == SERVER_KEY))
    assert [tuple(row) for row in done] == [("",)]


async def test_what_was_not_genuine_stays_so_and_is_no_reason_not_to_change_the_key(written: Written) -> None:
    school = written.school
    case = str(written.now["cases"][0]["id"])
    await tamper(school.url, update(cases).where(cases.c.id == case).values(site="elsewhere"))
    done = await rotated(school)
    assert (done.verified.forged, done.verified.holds) == (1, False)
    assert (await school.store.watch.verify()).forged == 1


def test_while_a_new_key_is_on_its_way_nothing_else_uses_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    write_key(path, HEADER, OLD.secret)
    begin(path)
    assert begin(path) == read_server_key(next_beside(path))
    with pytest.raises(KeyFileUnusable, match="hark key rotate"):
        load_server_key(path)
