"""Files of a case: sealed with it, shown to those who read it, and to nobody once one of them says: not here."""

from __future__ import annotations

import os
from typing import Any

import pytest
from sqlalchemy import delete, update

from flows.danger.files import MOST_BYTES
from flows.values.deeds import AddFile
from storage.cases.rows.file_rows import PART
from storage.core.core import StoreCore
from storage.database.schema.cases import files
from storage.deeds.readers.exclude import Exclude
from storage.deeds.record.files import KeepFile, LockFile
from storage.values.errors import NoSuchCase, NotOffered, Tampered
from tests.raw_database import all_bytes, count_rows, fetch, raw_bytes, read_tables, tamper, write_tables
from tests.storage.conftest import School
from tests.storage.test_team import ADA, BEA, EVE

PIXELS = b"\xff\xd8\xff CANARY-pixels " * 9_000  # two parts
BLUR = b"\xff\xd8\xff CANARY-blur"
PHOTO = AddFile("photo", PIXELS, BLUR)


@pytest.fixture
async def two(school: School) -> tuple[Any, Any]:
    return await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)


async def came(school: School, *leads: Any, file: AddFile = PHOTO) -> tuple[Any, int]:
    """A concern, and a file that its reporter adds; the case, and the entry's number."""
    talk = (await school.send(leads)).talk
    await school.store.talks.add(school.arrival(1), talk, [file], school.clocks)
    [number] = [one.number for one in (await school.reads(leads[0], talk.found.case)).entries if one.kind == "file"]
    return talk.found.case, number


async def shows(school: School, lead: Any, case: Any, number: int, *, blurred: bool = False) -> Any:
    return await school.store.desk.files.show(lead, case, number, blurred=blurred)


async def locks(school: School, lead: Any, case: Any, number: int) -> Any:
    return await school.store.desk.act(lead, school.arrival(lead.address.chat_id), case, None, LockFile(number))


async def test_a_file_of_its_reporter_is_for_all_who_read_the_case_and_lies_nowhere_in_clear(
    school: School, two: Any
) -> None:
    case, number = await came(school, *two)
    for lead in two:
        assert await shows(school, lead, case, number) == PIXELS
        assert await shows(school, lead, case, number, blurred=True) == BLUR
    [told] = [one for one in (await school.reads(two[1], case)).entries if one.number == number]
    assert told.file is not None
    assert (told.by, told.file.media, told.file.size) == (None, "photo", len(PIXELS))
    assert b"CANARY" not in await all_bytes(school.folder, school.url)
    assert (await school.store.watch.verify()).holds


@pytest.mark.parametrize(("deed", "refusal"), [("kept out", NoSuchCase), ("locked", NotOffered)])
async def test_what_becomes_of_it_while_it_is_being_shown_counts(
    school: School, two: Any, monkeypatch: pytest.MonkeyPatch, deed: str, refusal: type[Exception]
) -> None:
    eve = await school.join("Eve Moneypenny", "head", chat=EVE)
    ada, bea = two
    case, number = await came(school, ada, bea, eve)
    commit = StoreCore.commit

    async def overtaken(core: StoreCore, *rows: Any) -> None:
        await commit(core, *rows)
        monkeypatch.undo()
        if deed == "locked":
            await locks(school, ada, case, number)
        else:
            out = Exclude(eve.lead.id, "It is about her.")
            await school.store.desk.act(ada, school.arrival(ADA), case, None, out)

    monkeypatch.setattr(StoreCore, "commit", overtaken)
    with pytest.raises(refusal):
        await shows(school, eve, case, number)


async def test_that_it_came_is_told_and_unread_like_words(school: School, two: Any) -> None:
    talk = (await school.send(two)).talk
    await school.reads(two[0], talk.found.case)
    await school.store.talks.add(school.arrival(1), talk, [PHOTO], school.clocks)
    [row] = (await school.store.desk.queues.page(two[0])).rows
    assert row.unread


async def test_a_leads_own_file_is_for_the_other_leads_and_its_reporter_is_not_told(school: School, two: Any) -> None:
    sent = await school.send(two)
    case = sent.talk.found.case
    file = AddFile("pdf", b"%PDF-1.7 CANARY")
    row = await school.store.desk.act(two[0], school.arrival(ADA), case, None, KeepFile(file))
    assert await shows(school, two[1], case, row.entries) == file.content
    seen = await school.store.talks.view(sent.talk)
    assert (seen.messages, seen.replies) == ((), ())
    assert b"CANARY" not in await raw_bytes(school.url)


async def test_sizes_of_one_byte_and_of_the_most_come_back_whole_and_one_more_is_refused(
    school: School, two: Any
) -> None:
    sent = await school.send(two)
    for content in (b"%", b"\0" * PART, os.urandom(PART * 3), b"\x80" + bytes(99), os.urandom(MOST_BYTES)):
        row = await school.store.desk.act(
            two[0], school.arrival(ADA), sent.talk.found.case, None, KeepFile(AddFile("pdf", content))
        )
        assert await shows(school, two[0], sent.talk.found.case, row.entries) == content
    for content in (b"", bytes(MOST_BYTES + 1)):
        with pytest.raises(NotOffered):
            await school.store.desk.act(
                two[0], school.arrival(ADA), sent.talk.found.case, None, KeepFile(AddFile("pdf", content))
            )


async def test_what_should_not_be_there_is_shown_to_nobody_any_more_and_nothing_of_it_is_destroyed(
    school: School, two: Any
) -> None:
    case, number = await came(school, *two)
    before = (await read_tables(school.url))["files"]
    await locks(school, two[1], case, number)
    for lead in two:
        for blurred in (True, False):
            with pytest.raises(NotOffered):
                await shows(school, lead, case, number, blurred=blurred)
    with pytest.raises(NotOffered):
        await locks(school, two[0], case, number)
    assert (await read_tables(school.url))["files"] == before
    [told] = [one for one in (await school.reads(two[0], case)).entries if one.action]
    assert told.by is not None
    assert told.action is not None
    assert (told.by.name, told.action.what, dict(told.action.detail)) == (
        "Bea Potter",
        "lock_file",
        {"entry": str(number)},
    )
    assert (await school.store.watch.verify()).holds


async def test_the_word_that_locks_a_file_cannot_be_taken_out_of_the_database(school: School, two: Any) -> None:
    case, number = await came(school, *two)
    before = await read_tables(school.url)
    await locks(school, two[0], case, number)
    now = await read_tables(school.url)
    cut = [row for row in now["entries"] if row["number"] <= number]
    await write_tables(school.url, {**now, "entries": cut})
    with pytest.raises(Tampered):
        await shows(school, two[0], case, number)
    await write_tables(school.url, {**now, **{name: before[name] for name in ("cases", "entries", "headers")}})
    assert not (await school.store.watch.verify()).holds


async def test_nobody_else_sees_it_and_no_number_that_is_no_file(school: School, two: Any) -> None:
    eve = await school.join("Eve Moneypenny", chat=EVE)
    case, number = await came(school, *two)
    with pytest.raises(NoSuchCase):
        await shows(school, eve, case, number)
    for wrong in (0, 1, number + 1, -1):
        with pytest.raises(NotOffered):
            await shows(school, two[0], case, wrong)
        with pytest.raises(NotOffered):
            await locks(school, two[0], case, wrong)


async def test_a_document_has_no_blur(school: School, two: Any) -> None:
    case, number = await came(school, *two, file=AddFile("voice", b"OggS words"))
    with pytest.raises(NotOffered):
        await shows(school, two[0], case, number, blurred=True)
    assert await shows(school, two[0], case, number) == b"OggS words"


@pytest.mark.parametrize("deed", ["changed", "cut", "moved to another case", "swapped"])
async def test_a_file_that_somebody_touched_in_the_database_is_not_shown_and_found(
    school: School, two: Any, deed: str
) -> None:
    case, number = await came(school, *two)
    other = (await school.send(two, chat=2)).talk.found.case
    mine = files.c.case_id == case
    [longest] = {row.id for row in await fetch(school.url, files.select().where(mine, files.c.number == 2))}
    part = (files.c.id == longest, files.c.number == 2)
    match deed:
        case "changed":
            await tamper(school.url, update(files).where(*part).values(sealed=b"x" * 99))
        case "cut":
            await tamper(school.url, delete(files).where(*part))
        case "moved to another case":
            await tamper(school.url, update(files).where(mine).values(case_id=other))
        case "swapped":
            await tamper(
                school.url,
                update(files).where(*part).values(number=9),
                update(files).where(files.c.id == longest, files.c.number == 1).values(number=2),
                update(files).where(files.c.id == longest, files.c.number == 9).values(number=1),
            )
    with pytest.raises(Tampered):
        await shows(school, two[0], case, number)


async def test_that_it_was_looked_at_stands_in_the_audit_log(school: School, two: Any) -> None:
    case, number = await came(school, *two)
    await shows(school, two[0], case, number, blurred=True)
    last = (await read_tables(school.url))["audit"][-1]
    assert (last["lead_id"], last["action"], last["case_id"]) == (two[0].lead.id, "see_file", case)


async def test_whoever_is_given_the_case_later_reads_its_files_too(school: School, two: Any) -> None:
    from storage.deeds.readers.exclude import Exclude

    eve = await school.join("Eve Moneypenny", chat=EVE)
    case, number = await came(school, *two, eve)
    row = (await school.reads(two[0], case)).row
    await school.store.desk.act(two[0], school.arrival(ADA), case, row.version, Exclude(eve.lead.id, "About her."))
    assert await shows(school, two[1], case, number) == PIXELS
    with pytest.raises(NoSuchCase):
        await shows(school, eve, case, number)


async def test_it_stays_locked_for_those_to_whom_the_case_is_handed_up_without_the_notes_of_before(
    school: School, two: Any
) -> None:
    ada, _ = two
    hal = await school.join("Hal Stone", "head", chat=503)
    talk = (await school.send((ada,), chat=7)).talk
    case = talk.found.case
    for _ in range(2):
        await school.store.talks.add(school.arrival(7), talk, [PHOTO], school.clocks)
    await school.reads(ada, case)
    await locks(school, ada, case, 2)
    await school.say(talk, "it is Mrs Byron herself, and Mrs Potter knows", chat=7)
    with pytest.raises(NoSuchCase):
        await shows(school, ada, case, 3)
    view = await school.reads(hal, case)
    assert [card.id for card in view.recipients] == [hal.lead.id]
    assert await shows(school, hal, case, 3) == PIXELS
    with pytest.raises(NotOffered):
        await shows(school, hal, case, 2)


async def test_its_rows_go_with_the_case(school: School, two: Any) -> None:
    from storage.upkeep.replay_ledger import rows_of_case

    case, _ = await came(school, *two)
    assert await count_rows(school.url, files)
    assert any(getattr(row, "table", None) is files for row in rows_of_case(case))
