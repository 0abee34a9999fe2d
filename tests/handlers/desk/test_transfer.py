"""A whole file from one school's desk to another's, as the leads of both do it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from storage.desk.partnership.transfer.waiting_files import WaitingFiles
from storage.values.errors import NoTransferFile
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_export import files_of
from tests.handlers.desk.test_retention import opened

WORDS = "CANARY-WORDS: somebody hits me on the way home."
NOTE = "CANARY-NOTE: I rang her mother."
TO = "To Ms Doe of Elm Road School, where she goes from Monday"


@pytest.fixture
async def over_there(tmp_path: Path) -> AsyncIterator[House]:
    there = House(tmp_path / "there")
    there.where.mkdir()
    await there.start()
    yield there
    await there.close()


def words_in(text: str) -> str:
    """The eight words of a key or a file that stand in it last."""
    found: str = re.findall(r"(?:^|: )([a-z]+(?: [a-z]+){7})$", text, re.MULTILINE)[-1]
    return found


def waiting(house: House) -> WaitingFiles:
    return WaitingFiles(house.where / "incoming")


async def key_of(there: House, lead: Lead) -> tuple[str, str]:
    """What a lead over there sends, and what she reads out."""
    await lead.says("/receive")
    assert "No file waits" in lead.words
    spoken = words_in(lead.words)
    await lead.taps("Copy the key")
    [text] = re.findall(r"age1pq1\S+\.[0-9a-f]{64}", lead.words)
    assert there.store.desk.transfer_key.read().words == spoken  # type: ignore[union-attr]
    return text, spoken


async def handed_over(house: House, there: House, doe: Lead) -> tuple[Lead, Lead, bytes, str]:
    """Both leads here say so; gives them, the file, and the words that they read out for it."""
    khan, hall = await house.lead("Ms Khan"), await house.lead("Mr Hall", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Hall")
    key, spoken = await key_of(there, doe)
    await opened(khan)
    await khan.reads()
    await khan.says("/note")
    await khan.says(NOTE)
    await khan.taps("More")
    await khan.taps("To another school")
    await khan.says(key[:-7])
    assert "no whole transfer key" in khan.words
    await khan.says(key)
    assert words_in(khan.words) == spoken
    await khan.taps("Yes, these eight words")
    await khan.says(TO)
    await khan.says(khan.code(), secret=True)
    assert "Yours is noted" in khan.words
    assert await files_of(khan) == []
    await opened(hall)
    await hall.reads()
    await hall.says("/transfer")
    assert "Ms Khan would hand this case over whole" in hall.words
    assert TO in hall.words
    assert spoken in hall.words
    await hall.says(hall.code(), secret=True)
    assert "It is handed over below" in hall.words
    [(name, file)] = await files_of(hall)
    assert re.fullmatch("transfer-[2-9A-HJ-NP-Z]{6}.age", name)
    assert b"CANARY" not in file
    return khan, hall, file, words_in(hall.words)


async def test_the_file_comes_in_by_the_chat_of_a_lead_too_and_lies_sealed_until_it_is_taken_in(
    house: House, over_there: House
) -> None:
    doe = await over_there.lead("Ms Doe")
    await over_there.store.desk.transfer_key.make()
    _, _, file, spoken = await handed_over(house, over_there, doe)
    await doe.says("/receive")
    await doe.tab.upload("Ann-CANARY.age", file)
    await over_there.dealt_with(doe.tab)
    assert words_in(doe.words) == spoken
    assert "CANARY" not in doe.words
    [waits] = waiting(over_there).all()
    assert waiting(over_there).read(waits.name) == file
    await doe.taps("Yes, take it in")
    assert "It is taken in" in doe.words
    assert waiting(over_there).all() == ()
    await opened(doe)
    await doe.taps("Read the words")
    assert "CANARY-WORDS" in doe.words


async def test_what_is_no_sealed_file_or_was_not_asked_for_is_not_kept(over_there: House) -> None:
    doe = await over_there.lead("Ms Doe")
    await over_there.store.desk.transfer_key.make()
    for content in (b"%PDF-1.7", b"age-encryption.org/v2\n", b"age-encryption.org/v1\n" + bytes(20 * 1024 * 1024)):
        await doe.says("/receive")
        with suppress(PermissionError):  # the page's own bound
            await doe.tab.upload("a.age", content)
            await over_there.dealt_with(doe.tab)
            assert "That is no file that another Hark sealed" in doe.words
        assert waiting(over_there).all() == ()
    await doe.says("/brief")
    await doe.tab.upload("a.age", b"age-encryption.org/v1\n")
    await over_there.dealt_with(doe.tab)
    assert "That was not opened, and is deleted." in doe.words
    assert waiting(over_there).all() == ()


async def test_a_file_goes_from_desk_to_desk_and_its_receipt_comes_back(house: House, over_there: House) -> None:
    doe = await over_there.lead("Ms Doe")
    await over_there.store.desk.transfer_key.make()
    khan, hall, file, spoken = await handed_over(house, over_there, doe)
    waiting(over_there).put(file)
    await doe.says("/receive")
    assert "1 file waits." in doe.words
    await doe.taps_first()
    assert words_in(doe.words) == spoken
    assert "CANARY" not in doe.words
    await doe.taps("Yes, take it in")
    assert "It is taken in" in doe.words
    [receipt] = re.findall(r"(?<!\S)[\w-]{128}(?!\S)", doe.words)
    assert waiting(over_there).all() == ()
    [picture] = [one for one in await files_of(doe) if one[1].startswith(b"\x89PNG")]
    assert picture

    await opened(doe)
    await doe.taps("Read the words")
    assert "CANARY-WORDS" in doe.words
    await doe.says("/timeline")
    said = doe.words
    while "Next page" in doe.tab.buttons:
        await doe.taps("Next page")
        said += doe.words
    assert "CANARY-NOTE" in said
    assert "Handed over by Elmfield" in said

    await opened(khan)
    assert "Receipt: " in khan.words
    await khan.says("/transfer")
    assert "It is open here until" in khan.words
    await khan.taps("Type their receipt")
    await khan.says(receipt[:-1])
    assert "That is no receipt for this case" in khan.words
    await khan.says(receipt)
    assert "The case is over here" in khan.words
    assert "transferred" in khan.words
    await hall.says("/brief")


async def test_a_file_that_comes_twice_is_one_case_and_gives_the_same_receipt(house: House, over_there: House) -> None:
    doe = await over_there.lead("Ms Doe")
    await over_there.store.desk.transfer_key.make()
    khan, _, file, _ = await handed_over(house, over_there, doe)
    await opened(khan)
    await khan.says("/transfer")
    await khan.taps("Give the file again")
    [(_, again)] = await files_of(khan)
    assert again != file
    receipts = set()
    for one in (file, again, file):
        waiting(over_there).put(one)
        await doe.says("/receive")
        await doe.taps_first()
        if "Yes, take it in" in doe.tab.buttons:
            await doe.taps("Yes, take it in")
        receipts.add(re.findall(r"(?<!\S)[\w-]{128}(?!\S)", doe.words)[-1])
    assert len(receipts) == 1
    session = next(iter(over_there.store.leads.sessions.by_address.values()))
    assert len((await over_there.store.desk.queues.page(session)).rows) == 1


@pytest.mark.parametrize("spoil", [lambda file: file[:-1], lambda file: file[:900], lambda file: file + file])
async def test_a_file_that_was_cut_or_changed_is_one_kind_sentence(
    house: House, over_there: House, spoil: object
) -> None:
    doe = await over_there.lead("Ms Doe")
    await over_there.store.desk.transfer_key.make()
    _, _, file, _ = await handed_over(house, over_there, doe)
    waiting(over_there).put(spoil(file))  # type: ignore[operator]
    await doe.says("/receive")
    await doe.taps_first()
    assert "This cannot be taken in" in doe.words
    await doe.taps("Throw it away")
    assert "No file waits" in doe.words


async def test_whom_its_words_name_does_not_read_it_there(house: House, over_there: House) -> None:
    doe = await over_there.lead("Ms Doe")
    await over_there.lead("Mr Canary-Bell", "deputy")
    await over_there.store.desk.transfer_key.make()
    khan, hall = await house.lead("Ms Khan"), await house.lead("Mr Hall", "deputy")
    await house.concern("It is Mr Canary-Bell, who goes to the other school too.", "Ms Khan", "Mr Hall")
    key, _ = await key_of(over_there, doe)
    for lead in (khan, hall):
        await opened(lead)
        await lead.reads()
    await khan.says("/transfer")
    await khan.says(key)
    await khan.taps("Yes, these eight words")
    await khan.says(TO)
    await khan.says(khan.code(), secret=True)
    await opened(hall)
    await hall.says("/transfer")
    await hall.says(hall.code(), secret=True)
    [(_, file)] = await files_of(hall)
    waiting(over_there).put(file)
    await doe.says("/receive")
    await doe.taps_first()
    await doe.taps("Yes, take it in")
    session = next(
        one for one in over_there.store.leads.sessions.by_address.values() if one.lead.name == "Mr Canary-Bell"
    )
    assert (await over_there.store.desk.queues.page(session)).rows == ()


async def test_without_a_key_it_is_said_who_makes_one(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await khan.says("/receive")
    assert "There is no transfer key yet" in khan.words


def test_only_what_another_hark_may_have_sealed_is_put_there(tmp_path: Path) -> None:
    files = WaitingFiles(tmp_path / "incoming")
    for wrong in (b"", b"%PDF-1.7", b"age-encryption.org/v1\n" + bytes(21 * 1024 * 1024)):
        with pytest.raises(NoTransferFile):
            files.put(wrong)
    name = files.put(b"age-encryption.org/v1\nx")
    assert files.put(b"age-encryption.org/v1\nx") == name
    (tmp_path / "incoming" / "hello.txt").write_text("not looked at")
    assert [one.name for one in files.all()] == [name]
    for wrong_name in ("../server.key", "hello.txt", "", f"{name}/.."):
        with pytest.raises(NoTransferFile):
            files.read(wrong_name)
