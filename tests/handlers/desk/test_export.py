"""What is held on one person, handed out by two: what is blacked out is nowhere in the file."""

from __future__ import annotations

import io
import itertools
import json
import re

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from bot.delivery.scheduler import Scheduler
from flows.measures.charts import NotDrawn
from flows.values.deeds import AddMessage, Answered
from flows.values.draft import Wrote
from flows.values.text import Text
from storage.values import Address, Arrival
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_retention import opened
from tests.storage.sealing.age_passphrase import opened as opened_with

WORDS = "Tom Canary-Bell hit me, and his sister saw it."
OTHER = "CANARY-SISTER is her name. She lives in Elm Road."
SECOND = "TOM CANARY-BELL again, on the bus. Ms Shaw was there."
PURPOSE = "To Mia's mother, who asked what we hold on Mia"


_numbers = itertools.count(1)


def arrival() -> Arrival:
    """An update that nobody sent before."""
    return Arrival(Address("telegram", 9), 70_000 + next(_numbers))


@pytest.fixture
async def two(house: House) -> tuple[Lead, Lead]:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Hall", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Hall")
    await opened(khan)
    await khan.reads()
    await khan.says("/note")
    await khan.says(OTHER)
    return khan, bell


async def blacks_out(lead: Lead, *typed: str) -> None:
    await lead.says("/export")
    for one in typed:
        await lead.says(one)


async def files_of(lead: Lead) -> list[tuple[str, bytes]]:
    """The names and the contents of the files in a lead's chat."""
    found = [one for one in lead.tab.messages if one.file is not None]
    return [(str(one.file["name"]), await lead.tab.download(one)) for one in found if one.file]


async def handed_out(lead: Lead) -> tuple[str, str]:
    """The name and the text of the text file that was handed out.

    The paper has the same in all of its layers, and the words beside the last file open that to the paper.
    """
    (paper_name, paper), (name, content), (table_name, table), (sealed_name, sealed) = await files_of(lead)
    stem = name.removesuffix(".txt")
    assert (paper_name, table_name, sealed_name) == (f"{stem}.pdf", f"{stem}.csv", f"{stem}.pdf.age")
    [passphrase] = [word for word in lead.words.split() if re.fullmatch("[a-z]{3,}(-[a-z]{3,}){7}", word)]
    assert opened_with(passphrase, sealed) == paper
    shown = re.sub(r"\s", "", all_of(paper))
    for words in (content.decode(), table.decode("utf-8-sig")):
        for line in re.findall(r"[\w' ]{12,}", words.replace("Handed out to and for", "")):
            assert re.sub(r"\s", "", line) in shown or line.startswith(("record,", "stands where")), line
    return name, content.decode() + table.decode() + all_of(paper)


def all_of(paper: bytes) -> str:
    """Everything that a PDF holds: its text by page, what it says of itself, and each stream as it is unpacked."""
    reader = PdfReader(io.BytesIO(paper))
    streams = []
    for number in range(1, len(reader.xref[0]) + 1):
        found = reader.get_object(number)
        if isinstance(found, StreamObject):
            streams.append(found.get_data().decode("latin-1"))
    said = [str(dict(reader.metadata or {})), str(reader.trailer["/Root"].get_object())]
    return " ".join([*(page.extract_text() for page in reader.pages), *said, *streams])


async def asks(lead: Lead) -> None:
    """Say the first word for what is on the screen."""
    await lead.taps("That is all of it")
    await lead.says(PURPOSE)
    await lead.says(lead.code(), secret=True)
    assert "Yours is noted" in lead.words


def reference(lead: Lead) -> str:
    """The reference of the case on the screen."""
    found: str = re.findall(r"/case_(\w{6})", lead.words)[-1]
    return found


async def of_both(house: House, khan: Lead) -> tuple[str, str]:
    """The references of two cases that Ms Khan has read: one for her and Mr Hall, one for Ms Shaw too."""
    found = []
    for words, also in ((SECOND, ("Ms Shaw",)), (WORDS, ())):
        await house.concern(words, "Ms Khan", "Mr Hall", *also, urgency="immediate" if found else "same_day")
        await opened(khan)
        await khan.reads()
        found.append(reference(khan))
    return found[1], found[0]


async def test_two_hand_it_out_and_what_is_blacked_out_is_nowhere_in_it(house: House, two: tuple[Lead, Lead]) -> None:
    khan, hall = two
    await blacks_out(khan, "tom canary-bell")
    assert "█████ hit me" in khan.words
    number = next(line for line in khan.words.splitlines() if "Ms Khan noted" in line).split("]")[0].strip("[ ")
    await khan.says(number)
    assert "Elm Road" not in khan.words
    await khan.taps("That is all of it")
    await khan.says(PURPOSE)
    await khan.says(khan.code(), secret=True)
    assert "Yours is noted" in khan.words
    assert await files_of(khan) == []
    await opened(hall)
    await hall.reads()
    await hall.says("/export")
    assert "Ms Khan would hand this out" in hall.words
    assert PURPOSE in hall.words
    await hall.says(hall.code(), secret=True)
    assert "It is handed out below" in hall.words
    name, text = await handed_out(hall)
    assert re.fullmatch("record-[2-9A-HJ-NP-Z]{6}.txt", name)
    assert "█████ hit me, and his sister saw it." in text
    assert PURPOSE in text
    for canary in ("Canary", "Bell", "Elm Road", "noted"):
        assert canary.lower() not in text.lower(), canary
    told = [notice.lead for notice in await house.notices() if "message" in notice.kinds]
    assert await house.id_of("Ms Khan") in told
    await opened(khan)
    await khan.taps("History")
    while "Next page" in khan.tab.buttons:
        await khan.taps("Next page")
    assert "handed it out" in khan.words
    house.clock.pass_(minutes=6)
    await Scheduler(house.handlers, house.clock).delete_due()
    await hall.tab.wait_for(lambda: all(one.file is None for one in hall.tab.messages))
    assert "never in the message that has the file" not in hall.words


async def test_one_person_is_not_two(two: tuple[Lead, Lead]) -> None:
    khan, _ = two
    for _ in range(2):
        await blacks_out(khan, "1")
        await khan.taps("That is all of it")
        await khan.says(PURPOSE)
        await khan.says(khan.code(), secret=True)
        assert "Yours is noted" in khan.words
        await opened(khan)
    assert await files_of(khan) == []


async def test_a_further_word_of_the_reporter_ends_what_was_said(house: House) -> None:
    khan, hall = await house.lead("Ms Khan"), await house.lead("Mr Hall", "deputy")
    receipt = await house.concern(WORDS, "Ms Khan", "Mr Hall")
    await opened(khan)
    await khan.reads()
    await blacks_out(khan, "Tom")
    await khan.taps("That is all of it")
    await khan.says(PURPOSE)
    await khan.says(khan.code(), secret=True)
    await house.adds(receipt, AddMessage("And Tom's brother was there.", None, ()))
    await opened(hall)
    await hall.says("/export")
    assert "that you have not read" in hall.words
    await hall.reads()
    await hall.says("/export")
    assert "would hand this out" not in hall.words
    assert "Black out what is about others." in hall.words


async def test_several_cases_go_into_one_file_and_none_tells_of_another(house: House) -> None:
    khan, hall = await house.lead("Ms Khan"), await house.lead("Mr Hall", "deputy")
    shaw = await house.lead("Ms Shaw", "head")
    first, second = await of_both(house, khan)
    await blacks_out(khan, "tom canary-bell", "his sister")
    await khan.taps("Another case of this person")
    await khan.says("222222")
    assert "Type the reference once more" in khan.words
    await khan.says(second.lower())
    assert f"In one file: {first} and {second}" in khan.words
    assert "█████ again, on the bus" in khan.words
    await khan.says("bus")
    await khan.taps(first)
    assert "█████ hit me, and █████ saw it" in khan.words
    await khan.taps("That is all of it")
    assert "said so in one go, by: Mr Hall." in khan.words
    await khan.says(PURPOSE)
    await khan.says(khan.code(), secret=True)
    assert "Yours is noted" in khan.words

    # Who reads one of them alone sees nothing of the other, and hands out that one alone.
    await shaw.says(f"/case {second}")
    await shaw.reads()
    await shaw.says("/export")
    assert "Ms Khan would hand this out" in shaw.words
    assert first not in shaw.words
    await shaw.says(shaw.code(), secret=True)
    name, text = await handed_out(shaw)
    assert name == f"record-{second}.txt"
    assert first not in text
    session = next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == "Ms Shaw")
    view = await house.store.desk.open_case(session, arrival(), await house.store.desk.find(session, second))
    asked = [one.action.detail for one in view.entries if one.action and one.action.what == "ask_export"]
    assert [json.loads(one["redaction"])[1] for one in asked] == [["tom canary-bell", "bus"]]

    for one in (first, second):
        await hall.says(f"/case {one}")
        await hall.reads()
    await hall.says("/export")
    assert f"In one file: {second} and {first}" in hall.words
    await hall.says(hall.code(), secret=True)
    assert "It is handed out below" in hall.words
    name, text = await handed_out(hall)
    assert name == f"record-{second}.txt"
    assert "█████ hit me, and █████ saw it." in text
    assert "█████ again, on the █████. Ms Shaw was there." in text
    assert "canary" not in text.lower()


async def test_a_case_that_changed_keeps_all_of_them_from_being_handed_out(house: House) -> None:
    khan, _ = await house.lead("Ms Khan"), await house.lead("Mr Hall", "deputy")
    shaw = await house.lead("Ms Shaw", "head")
    first, second = await of_both(house, khan)
    await blacks_out(khan, "tom")
    await khan.taps("Another case of this person")
    await khan.says(second)
    await khan.taps("That is all of it")
    await shaw.says(f"/case {second}")
    await shaw.says("/label seen")
    await khan.says(PURPOSE)
    await khan.says(khan.code(), secret=True)
    assert "One of these cases is not as you saw it any more" in khan.words
    await khan.taps(second)
    await khan.taps(f"Leave {second} out")
    assert "In one file" not in khan.words
    await asks(khan)
    await shaw.says(f"/case {second}")
    await shaw.reads()
    await shaw.says("/export")
    assert "would hand this out" not in shaw.words
    assert first not in shaw.words


async def test_a_word_of_somebody_who_was_shut_out_since_hands_nothing_out(
    house: House, two: tuple[Lead, Lead]
) -> None:
    khan, hall = two
    await blacks_out(khan, "Tom")
    await asks(khan)
    await opened(hall)
    await hall.reads()
    await hall.says("/export")
    assert "Ms Khan would hand this out" in hall.words
    await house.store.leads.team.disable(await house.id_of("Ms Khan"))
    await hall.says(hall.code(), secret=True)
    assert "That is not possible as the case stands" in hall.words
    assert await files_of(hall) == []
    await opened(hall)
    await hall.says("/export")
    assert "would hand this out" not in hall.words
    assert "Black out what is about others." in hall.words


async def hands_out(khan: Lead, hall: Lead) -> None:
    """Both say so, for what is on Ms Khan's screen."""
    await asks(khan)
    await opened(hall)
    await hall.reads()
    await hall.says("/export")
    await hall.says(hall.code(), secret=True)
    assert "It is handed out below" in hall.words


async def test_injuries_stand_beside_an_outline_and_go_with_their_part(house: House) -> None:
    khan, hall = await house.lead("Ms Khan"), await house.lead("Mr Hall", "deputy")
    asked = Text("Is there an injury?", "staff")
    injury = Answered("S11", asked, Wrote(("=1+1 A bruise, left upper arm, 3 cm",)))
    await house.concern(WORDS, "Ms Khan", "Mr Hall", answers=(injury,))
    await opened(khan)
    await khan.reads()
    await khan.says("/export")
    await khan.taps("Where on the body")
    assert "10 left upper arm" in khan.words
    await khan.says("99")
    assert "no numbers of this list" in khan.words
    await khan.says("10 24")
    await khan.taps("Where on the body")
    await khan.says("24")
    assert "On the outline: 10 left upper arm" in khan.words
    await hands_out(khan, hall)
    _, everything = await handed_out(hall)
    assert "On the outline: 10 left upper arm" in everything
    assert "upper back" not in everything
    assert "Front" in everything
    assert "Back" in everything
    assert "'=1+1 A bruise" in everything, "in the table it is no formula"


async def test_where_no_paper_can_be_drawn_the_text_is_handed_out(house: House, two: tuple[Lead, Lead]) -> None:
    khan, hall = two

    async def broken(_: object) -> bytes:
        raise NotDrawn

    object.__setattr__(house.handlers.desk.deps, "draw", broken)
    await khan.says("/export")
    await hands_out(khan, hall)
    assert "The PDF could not be made now." in hall.words
    names = [name for name, _ in await files_of(hall)]
    assert [name.partition(".")[2] for name in names] == ["txt", "csv", "txt.age"]
