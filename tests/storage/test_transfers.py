"""A whole file goes to another Hark: two say so, nothing of it is lost or doubled, and a receipt says that it came."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.duty.working_days import Reminders
from flows.values.deeds import SendConcern
from storage.cases.transfer_file import read_container
from storage.deeds.leaving.transfer import TakeReceipt, Transfer
from storage.deeds.record.actions import EndAction
from storage.deeds.words import AddNote, SendReply
from storage.desk.partnership.transfer.arriving import ArrivedFile, case_of
from storage.desk.partnership.transfer.leaving import Container
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.transfer_key import TransferKey, read_transfer_key, transfer_key
from storage.sealing.primitives.errors import CannotOpen
from storage.upkeep.reminders import Reminders as Telling
from storage.values import CaseId
from storage.values.errors import CodeMissing, NoReaders, NoSuchCase, NotOffered, NoTransferFile, NoTransferKey
from tests.programs.start import run_module
from tests.storage.conftest import CANARY, School
from tests.storage.killed_transfers import go_on, reopened

SCHOOL = "Oakfield School"
TO = "To the lead of Elm Road School, where she goes from Monday"
DUE = date(2026, 11, 30)
REMINDERS = Reminders(datetime(2026, 11, 30, 8, tzinfo=UTC), datetime(2026, 12, 2, 8, tzinfo=UTC))


@pytest.fixture
async def over_there(tmp_path: Path, another_school: Callable[..., School]) -> Any:
    there = another_school(tmp_path / "there")
    there.folder.mkdir()
    await there.open()
    yield there
    await there.store.close()


def transfer(container: Container, key: TransferKey, *, second: bool = False) -> Transfer:
    held = (container.upto, container.urgency, container.digest)
    return Transfer(TO, key.text, *held, DUE, REMINDERS, second)


async def a_case(school: School) -> tuple[LeadSession, LeadSession, CaseId]:
    """A case with a reply, a note and a further word of the reporter, which both leads have read."""
    ada, ben = await school.join("Ada Byron"), await school.join("Ben Okri", "deputy", chat=501)
    sent = await school.send((ada, ben))
    case = CaseId(sent.talk.found.case)
    for deed in (SendReply(f"{CANARY} answer", None), AddNote(f"{CANARY} note")):
        await school.store.desk.act(ada, school.arrival(500), case, None, deed)
    await school.say(sent.talk, f"{CANARY} more")
    for lead in (ada, ben):
        await school.reads(lead, case)
    return ada, ben, case


async def handed_over(school: School, leads: tuple[LeadSession, LeadSession], case: CaseId, key: TransferKey) -> bytes:
    """Both say so, and the file is sealed."""
    for lead, second in zip(leads, (False, True), strict=True):
        container = await school.store.desk.leaving.container(lead, case, SCHOOL)
        await school.confirm(lead)
        deed = transfer(container, key, second=second)
        await school.store.desk.act(lead, school.arrival(lead.address.chat_id), case, None, deed)
    again = await school.store.desk.leaving.container(leads[0], case, SCHOOL)
    return bytes(await school.store.desk.leaving.sealed(again, key))


def concern_of(file: ArrivedFile, *leads: LeadSession) -> SendConcern:
    first = file.opened[0].content
    return SendConcern(
        site=leads[0].lead.site,
        register="12_17",
        language=str(first["language"]),
        door="web",
        answers=file.entries[0].answers,
        rungs=(tuple(lead.lead.id for lead in leads),),
        excluded=(),
        withheld=(),
        urgency=file.copy.urgency,
        rules=(),
        categories=("other",),
    )


async def took_in(there: School, lead: LeadSession, file: bytes, *readers: LeadSession) -> str:
    """Take a file in, with a note of each further entry, and give the receipt."""
    arriving = there.store.desk.arriving
    found = await arriving.look(lead, file)
    notes = [one.text for one in found.entries[1:]]
    await arriving.receive(
        lead, there.arrival(600), found, concern_of(found, *(readers or (lead,))), notes, there.clocks
    )
    return str(await arriving.receipt(lead, await arriving.look(lead, file)))


async def test_a_file_goes_over_whole_and_is_over_here_once_its_receipt_has_come(
    school: School, over_there: School
) -> None:
    ada, ben, case = await a_case(school)
    eve = await over_there.join("Eve Moneypenny", chat=600)
    key = await over_there.store.desk.transfer_key.make()
    file = await handed_over(school, (ada, ben), case, key)
    assert CANARY.encode() not in file

    receipt = await took_in(over_there, eve, file)
    here = case_of(bytes.fromhex((await school.store.desk.leaving.container(ada, case, SCHOOL)).digest))
    view = await over_there.reads(eve, here)
    said = [one.text for one in view.entries]
    assert f"{CANARY} answer" in said
    assert f"{CANARY} note" in said
    assert f"{CANARY} more" in said
    assert f"{CANARY} words" in str(view.entries[0].answers)
    assert view.row.status == "new"

    open_still = await school.store.desk.open_case(ada, school.arrival(500), case)
    [waits] = open_still.row.actions
    assert waits.due == DUE
    with pytest.raises(NotOffered):
        await school.store.desk.act(ada, school.arrival(500), case, None, EndAction(waits.number))
    await school.store.desk.act(ada, school.arrival(500), case, None, TakeReceipt(f" {receipt[:40]}\n{receipt[40:]} "))
    done = await school.store.desk.open_case(ada, school.arrival(500), case)
    assert (done.row.status, done.row.actions) == ("transferred", ())
    with pytest.raises(NotOffered):
        await school.store.desk.act(ada, school.arrival(500), case, None, TakeReceipt(receipt))


async def test_a_doubled_file_is_one_case_and_has_one_receipt(school: School, over_there: School) -> None:
    ada, ben, case = await a_case(school)
    eve, fay = await over_there.join("Eve", chat=600), await over_there.join("Fay", chat=601)
    key = await over_there.store.desk.transfer_key.make()
    file = await handed_over(school, (ada, ben), case, key)
    again = await school.store.desk.leaving.container(ben, case, SCHOOL)
    sealed_anew = await school.store.desk.leaving.sealed(again, key)
    assert sealed_anew != file
    receipts = {await took_in(over_there, lead, one, eve, fay) for lead in (eve, fay) for one in (file, sealed_anew)}
    assert len(receipts) == 1
    page = await over_there.store.desk.queues.page(eve)
    assert len(page.rows) == 1


async def test_what_was_cut_changed_or_sealed_for_others_is_one_answer(school: School, over_there: School) -> None:
    ada, ben, case = await a_case(school)
    eve = await over_there.join("Eve", chat=600)
    key = await over_there.store.desk.transfer_key.make()
    file = await handed_over(school, (ada, ben), case, key)
    container = await school.store.desk.leaving.container(ada, case, SCHOOL)
    lines = container.content.splitlines(keepends=True)
    changed = [
        file[:-1],
        file[: len(file) // 2],
        file + file,
        bytes([file[0] ^ 1]) + file[1:],
        file[:-1] + bytes([file[-1] ^ 1]),
        b"",
        b"hello",
        await school.store.desk.leaving.sealed(container, transfer_key(b"x" * 32)),
    ]
    forged = [
        b"".join(lines[:-1]),
        b"".join((*lines, lines[-1])),
        b"".join((lines[0], *reversed(lines[1:]))),
        container.content[:-1],
        container.content.replace(b'"hour":', b'"hour": '),
        container.content.replace(b'"school":"Oakfield', b'"school":["Oakfield"],"x":"'),
        lines[0].replace(b"hark-transfer/1", b"hark-transfer/9") + b"".join(lines[1:]),
        b"[]\n",
        b"\n",
        b"{}\n",
        b"[" * 5000 + b"\n",
    ]
    changed += [await school.store.desk.leaving.sealed(replace(container, content=one), key) for one in forged]
    for one in changed:
        with pytest.raises(NoTransferFile):
            await over_there.store.desk.arriving.look(eve, one)
    assert (await over_there.store.desk.queues.page(eve)).rows == ()


async def test_a_signature_that_is_not_its_authors_is_noticed(school: School) -> None:
    ada, _, case = await a_case(school)
    container = await school.store.desk.leaving.container(ada, case, SCHOOL)
    first, *rest = [json.loads(line) for line in container.content.splitlines()]
    first["signers"][ada.lead.id][1:] = [json.loads(json.dumps(first["signers"][""][1]))]
    again = b"".join(
        json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        for one in (first, *rest)
    )
    assert read_container(container.content)[0].reference
    with pytest.raises(CannotOpen):
        read_container(again)


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_no_bytes_break_the_reading(content: bytes) -> None:
    with pytest.raises(CannotOpen):
        read_container(content)


async def test_two_have_to_mean_the_same_file_each_with_a_code(school: School) -> None:
    ada, ben, case = await a_case(school)
    key, other = transfer_key(b"k" * 32), transfer_key(b"o" * 32)
    desk = school.store.desk
    container = await desk.leaving.container(ada, case, SCHOOL)
    with pytest.raises(CodeMissing):
        await desk.act(ada, school.arrival(500), case, None, transfer(container, key))
    await school.confirm(ada)
    await desk.act(ada, school.arrival(500), case, None, transfer(container, key))
    await school.confirm(ada)
    with pytest.raises(NotOffered):
        await desk.act(ada, school.arrival(500), case, None, transfer(container, key, second=True))
    await school.confirm(ben)
    wrong = replace(transfer(container, other, second=True), digest="00" * 32)
    with pytest.raises(NotOffered):
        await desk.act(ben, school.arrival(501), case, None, wrong)
    told = (await desk.leaving.container(ben, case, SCHOOL)).told
    assert told is not None
    assert (told.number, told.key) == (0, key.text)


async def test_a_receipt_of_somebody_else_or_for_another_file_ends_nothing(school: School, over_there: School) -> None:
    ada, ben, case = await a_case(school)
    eve = await over_there.join("Eve", chat=600)
    key = await over_there.store.desk.transfer_key.make()
    file = await handed_over(school, (ada, ben), case, key)
    receipt = await took_in(over_there, eve, file)
    turned = ("B" if receipt[70] == "A" else "A").join((receipt[:70], receipt[71:]))
    for wrong in (receipt[:-4], turned, "", "é" * 128, "A" * 100_000, receipt.upper()):
        with pytest.raises(NotOffered):
            await school.store.desk.act(ada, school.arrival(500), case, None, TakeReceipt(wrong))
    assert (await school.store.desk.open_case(ada, school.arrival(500), case)).row.status != "transferred"


async def test_whoever_has_no_part_in_it_learns_nothing(school: School, over_there: School) -> None:
    ada, ben, case = await a_case(school)
    cy = await school.join("Cy Young", chat=502)
    with pytest.raises(NoSuchCase):
        await school.store.desk.leaving.container(cy, case, SCHOOL)
    eve = await over_there.join("Eve", chat=600)
    key = await over_there.store.desk.transfer_key.make()
    late = await over_there.join("Gus Late", chat=602)
    file = await handed_over(school, (ada, ben), case, key)
    with pytest.raises(NoTransferKey):
        await over_there.store.desk.arriving.look(late, file)
    await over_there.store.desk.arriving.look(eve, file)


async def test_where_nobody_remains_nothing_is_taken_in(school: School, over_there: School) -> None:
    ada, ben, case = await a_case(school)
    eve = await over_there.join("Eve", chat=600)
    key = await over_there.store.desk.transfer_key.make()
    arriving = over_there.store.desk.arriving
    found = await arriving.look(eve, await handed_over(school, (ada, ben), case, key))
    deed = replace(concern_of(found, eve), excluded=(eve.lead.id,))
    with pytest.raises(NoReaders):
        await arriving.receive(eve, over_there.arrival(600), found, deed, (), over_there.clocks)
    with pytest.raises(NoTransferFile):
        await arriving.receipt(eve, found)


async def test_the_receipt_is_chased_from_its_day_on(school: School, over_there: School) -> None:
    ada, ben, case = await a_case(school)
    await handed_over(school, (ada, ben), case, await _key(over_there))
    telling: Telling = school.store.reminders
    assert await telling.tell() == 0
    school.now = REMINDERS.remind_at
    assert await telling.tell() == 1


async def _key(there: School) -> TransferKey:
    await there.join("Eve", chat=600)
    return await there.store.desk.transfer_key.make()  # type: ignore[no-any-return]


async def test_there_is_no_key_before_anybody_reads(school: School) -> None:
    with pytest.raises(NoTransferKey):
        await school.store.desk.transfer_key.make()
    assert school.store.desk.transfer_key.read() is None


def test_a_key_is_read_back_and_its_words_are_its_own() -> None:
    key = transfer_key(b"k" * 32)
    assert read_transfer_key(f" {key.text[:1000]}\n{key.text[1000:]} ") == key
    assert len(key.words.split()) == 8
    assert key.words != transfer_key(b"l" * 32).words
    for wrong in ("", "age1pq1", key.text[:-1], key.text.replace(".", ""), key.text[:50] + "q" + key.text[51:]):
        with pytest.raises(ValueError, match=r".+"):
            read_transfer_key(wrong)


@pytest.mark.slow
@pytest.mark.sqlite_only("what is committed is decided above the engine")
async def test_killed_anywhere_the_file_is_in_one_or_both_and_never_in_none(tmp_path: Path) -> None:
    killed = await asyncio.to_thread(run_module, "tests.storage.killed_transfers", str(tmp_path))
    assert killed.returncode == 0, killed.stderr
    known = json.loads((tmp_path / "known").read_text())
    found = set()
    for folder in sorted(tmp_path.glob("killed-*")):  # noqa: ASYNC240 - a folder of a test
        here, there = await reopened(folder, known, 10)
        assert (await here.store.watch.verify()).holds, folder.name
        assert (await there.store.watch.verify()).holds, folder.name
        ada, eve = await here.unlock("Ada Byron", 800), await there.unlock("Eve Moneypenny", 801)
        view = await here.store.desk.open_case(ada, here.arrival(800), known["case"])
        assert f"{CANARY} words" in str(view.entries[0].answers), "what was handed over is here still, to be looked up"
        over = view.row.status == "transferred"
        arrived = len((await there.store.desk.queues.page(eve)).rows)
        assert arrived >= over
        found.add((over, arrived))
        await go_on(here, there, known["case"])
        assert len((await there.store.desk.queues.page(eve)).rows) == 1, folder.name
        done = await here.store.desk.open_case(ada, here.arrival(800), known["case"])
        assert done.row.status == "transferred"
        for school in (here, there):
            await school.store.close()
    assert found == {(False, 0), (False, 1), (True, 1)}


async def test_where_another_key_was_taken_the_receipt_for_either_file_ends_it(
    school: School, over_there: School
) -> None:
    ada, ben, case = await a_case(school)
    eve = await over_there.join("Eve", chat=600)
    first = await over_there.store.desk.transfer_key.make()
    file = await handed_over(school, (ada, ben), case, first)
    receipt = await took_in(over_there, eve, file)
    second = transfer_key(b"s" * 32)
    for lead, completes in ((ada, False), (ben, True)):
        desk = school.store.desk
        container = await (desk.leaving.container if completes else desk.leaving.new_container)(lead, case, SCHOOL)
        await school.confirm(lead)
        deed = transfer(container, second, second=completes)
        await desk.act(lead, school.arrival(lead.address.chat_id), case, None, deed)
    done = await school.store.desk.act(ada, school.arrival(500), case, None, TakeReceipt(receipt))
    assert done.status == "transferred"
