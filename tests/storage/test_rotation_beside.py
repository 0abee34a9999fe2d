"""What a change of the server key leaves good: checkpoints, tabs, drafts, spare codes, and what is beside the key."""

from __future__ import annotations

import hmac
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, update

from bot.webchat.base.tokens import Signer
from bot.webchat.chat.left_chats import LeftChats
from flows.values.ids import LeadId
from storage.core.audit.audit_log import signer
from storage.core.audit.check_log import LogCheck
from storage.core.audit.handed_files import read_handed
from storage.core.audit.key_changes import changes_beside, kept_changes
from storage.core.audit.stored_log import StoredLog
from storage.core.destruction_ledger import LEDGER, Tombstone
from storage.core.tab_key import former_tab_key, tab_key
from storage.database.schema.chats import drafts
from storage.database.schema.sites import audit
from storage.desk.oversight.recovery.recovery_uses import note_use, uses
from storage.leads.sign_in.factors.spare_codes import spent_rows
from storage.sealing.keys.key_exchange import is_begun
from storage.sealing.keys.server_key import load_server_key
from storage.sealing.primitives.box import Place as SealedIn
from storage.sealing.primitives.box import seal
from storage.sealing.primitives.xwing import key_id, public_key
from storage.upkeep.backup.create_backup import make_backup
from storage.upkeep.backup.restore_backup import Place as Restoring
from storage.upkeep.backup.restore_backup import restore
from storage.upkeep.rotation.bind_rows import SERVER_KEY
from storage.upkeep.rotation.rotate import rotate
from storage.values import Address, RecoveryUse
from storage.values.errors import Unfit
from tests.postgres import BIN
from tests.raw_database import read_tables, tamper
from tests.storage.conftest import PASSPHRASE, School
from tests.storage.full_school import Written
from tests.storage.test_backup import database_of
from tests.storage.test_chats import a_draft
from tests.storage.test_rotation import OLD, key_file, place_of, quiet, rotated, written

__all__ = ["written"]


@pytest.fixture(autouse=True)
def _programs_of_the_servers_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")


async def test_earlier_checkpoints_and_seals_hold_across_two_changes(written: Written, tmp_path: Path) -> None:
    school = written.school
    first, seal = await school.store.audit.checkpoint(), await school.store.audit.seal()
    (tmp_path / "first").write_text(first)
    await rotated(school)
    (tmp_path / "second").write_text(await school.store.audit.checkpoint())
    await rotated(school)
    (tmp_path / "third").write_text(await school.store.audit.checkpoint())
    own = signer(school.key).verifier
    changes = kept_changes(changes_beside(school.folder / "roster.version"), own)
    assert [(one.old != own, one.new == own) for one in changes] == [(True, True), (True, False)]
    files = [str(tmp_path / name) for name in ("first", "second", "third")]
    handed, foreign = read_handed(files, [seal], [own], changes)
    assert not foreign
    [size, *later] = [head.size for _, head in handed.checkpoints]
    assert later == [size + 1, size + 2], "a row for each change"
    check = await _checked(school, LogCheck(handed, school.key))
    assert check.end() == ()
    assert check.sealed == {seal: size}
    # Whoever has but the first public key, and what `hark audit key` prints.
    (tmp_path / "keys").write_text("\n".join(["", *(one.note for one in changes)]).strip("\n") + "\n")
    handed, foreign = read_handed([*files, str(tmp_path / "keys")], [seal], [signer(OLD).verifier])
    assert not foreign
    assert (await _checked(school, LogCheck(handed))).end() == ()
    _, foreign = read_handed(files, [], [signer(OLD).verifier])
    assert foreign == tuple(files[1:])


async def _checked(school: School, check: LogCheck) -> LogCheck:
    url = make_url(school.url)
    async for rows, _ in StoredLog(Path(url.database or "") if school.engine == "sqlite" else url).rows():
        check.take(rows)
    return check


async def test_a_row_of_before_that_was_changed_after_it_is_found(written: Written) -> None:
    school = written.school
    await rotated(school)
    rows = (await read_tables(school.url))["audit"]
    assert [row["action"] for row in rows if row["bound"] is None] == [SERVER_KEY]
    for column, value in (("action", "copy"), ("bound", None), ("bound", b"x" * 32), ("mac", b"x" * 32)):
        await tamper(school.url, update(audit).where(audit.c.number == 3).values({column: value}))
        assert not (await school.store.watch.verify()).audit
        await tamper(school.url, update(audit).where(audit.c.number == 3).values({column: rows[2][column]}))
    assert (await school.store.watch.verify()).audit


async def test_a_tab_goes_on_for_two_days(school: School) -> None:
    await rotated(school)
    checkpoint = school.folder / "roster.version"
    kept = former_tab_key(checkpoint, school.key, school.now)
    assert kept is not None
    now = [school.now.timestamp()]
    before, after = Signer(tab_key(OLD), lambda: now[0]), Signer(tab_key(school.key), lambda: now[0], kept)
    token, ticket = before.session(7), before.ticket(7, "one", [1])
    assert after.chat_of(token) == 7
    assert not after.is_of_today(token)  # so it gets one of the new key
    assert after.ticket_holds(7, "one", [1], ticket)
    left = LeftChats(None, lambda: now[0], before.marks)
    left.add(7)
    left._marks = after.marks
    assert 7 in left
    now[0] += 24 * 3600
    assert after.chat_of(token) == 7
    assert after.chat_of(before.session(7)) is None, "the old key signs nothing from the next day on"
    now[0] += 24 * 3600
    assert after.chat_of(token) is None
    school.later(days=1)
    await school.store.watch.sweep()
    assert former_tab_key(checkpoint, school.key, school.now) == kept
    school.later(days=1)
    await school.store.watch.sweep()
    assert not list(school.folder.glob("*.tabs"))


async def test_a_draft_that_an_older_hark_kept_has_it_wait_and_nothing_changes(school: School) -> None:
    await school.join("Ada Byron")
    drafts_of = school.store.drafts
    await drafts_of.keep(school.arrival(7), a_draft(school), "[step]", None)
    core, mark = school.store._core, school.store._core.marks.of_address(Address("web", 7))
    [row] = (await read_tables(school.url))["drafts"]
    at = SealedIn("drafts", None, mark, "draft", 1)
    text = core.day_keys.open(row["day"], at, row["sealed"])
    assert text is not None
    sealed = core.day_keys.seal(row["day"], at, text.partition("\n")[2])
    await tamper(school.url, update(drafts).values(sealed=sealed))
    await school.store.close()
    with pytest.raises(Unfit, match="a day later"):
        await rotate(place_of(school), quiet)
    assert not is_begun(key_file(school))
    assert load_server_key(key_file(school)) == OLD
    await school.open()
    assert await school.store.drafts.get(Address("web", 7)) is not None


async def test_what_a_lead_was_taking_down_is_hers_still_and_nobodys_who_writes_in_her_chat(school: School) -> None:
    ada = await school.join("Ada Byron")
    await school.store.recordings.keep(ada, school.arrival(500), a_draft(school), "[step]", None)
    await school.store.close()
    await rotate(place_of(school), quiet)
    school.key = load_server_key(key_file(school))
    await school.open()
    ada = await school.unlock("Ada Byron")
    assert await school.store.recordings.get(ada) is not None
    assert await school.store.drafts.get(Address("web", 500)) is None


async def test_spare_codes_of_before_they_had_a_key_of_their_own_stay_good(school: School) -> None:
    ada = await school.join("Ada Byron")
    store, lead = school.store, LeadId(ada.lead.id)
    mark = hmac.digest(OLD.subkey("spare-code"), f"{lead}:123456789012".encode(), "sha256")[:16].hex()
    place = SealedIn("leads", None, lead, "spare codes", 0)
    left = seal(OLD.subkey("totp"), place, json.dumps([mark]).encode())
    roster = await store.leads.rosters.read()
    rows = spent_rows(store._core, store.leads.rosters, roster, roster.leads[lead], left)
    await store._core.commit(*rows)
    store.leads.rosters.note(roster.version + 1)
    await rotated(school)
    school.later(minutes=1)
    again = await school.store.leads.unlock(school.arrival(500), "Ada Byron", PASSPHRASE, "123456789012")
    assert await school.store.leads.own_factors.spare_codes_left(again) == 0


async def test_the_use_of_the_recovery_key_is_told_still(school: School) -> None:
    use = RecoveryUse(school.now, rehearsal=False, reason="Both leads are ill.", people=("Ann", "Ben"))
    note_use(school.store._core, key_id(public_key(b"r" * 32)), use)
    await rotated(school)
    assert uses(school.store._core, timedelta(days=1)) == (use,)


async def test_a_ledger_that_was_changed_stops_it(school: School) -> None:
    school.store._core.ledger.note(Tombstone("address", "k1"))
    await school.store.close()
    ledger = school.folder / LEDGER
    ledger.write_bytes(ledger.read_bytes().replace(b"k1", b"k2"))
    with pytest.raises(Unfit, match="ledger"):
        await rotate(place_of(school), quiet)
    assert not is_begun(key_file(school))
    await school.open()


async def test_a_backup_of_before_needs_the_old_key_file_and_says_so(written: Written) -> None:
    school = written.school
    made, _ = await make_backup(
        database_of(school), school.folder / LEDGER, school.folder / "backups", OLD, lambda: school.now
    )
    school.later(minutes=2)
    await rotated(school)
    await school.store.close()
    place = Restoring(database_of(school), school.folder / "roster.version", school.key, school.folder)
    with pytest.raises(Unfit, match="of before the server key was changed"):
        await restore(made, place, lambda: school.now, replace=True)
    school.later(hours=1)
    again, _ = await make_backup(
        database_of(school), school.folder / LEDGER, school.folder / "backups", school.key, lambda: school.now
    )
    restored = await restore(again, place, lambda: school.now, replace=True)
    assert restored.checkpoint
    await school.open()
    assert (await school.store.watch.verify()).holds
