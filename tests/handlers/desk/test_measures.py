"""Figures at the desk and as files: what is counted, who sees how people felt, and nothing for whom it is about."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.measures.box import Felt, Question
from flows.values.ids import LeadId
from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from storage.deeds.status import CloseCase
from storage.deeds.words import SendReply
from storage.reporters.session import TalkSession
from storage.values import Address, Arrival
from tests.handlers.desk.house import House, Lead, chosen
from tests.handlers.desk.test_every_path import address_of, counted


@pytest.fixture
def house(house: House) -> House:
    """A house in which somebody waits while pictures are drawn, each by a process of its own."""
    house.patience = 120.0
    return house


TERM = date(2026, 9, 1)
FELT: tuple[tuple[Question, Felt], ...] = (("C24", "yes"), ("C24a", "a_bit"))


async def helped(
    house: House, lead: Lead, *names: str, outcome: str = "support_in_house", **changes: Any
) -> TalkSession:
    """A concern that is answered within the hour, closed, and whose reporter has read that and says how it was."""
    receipt = await house.concern("He takes my bag.", *names, **changes)
    session = house.store.leads.sessions.at(address_of(house, lead))
    assert session is not None
    number = next(house._numbers) + 50_000
    talk = await house.store.talks.open(Arrival(Address("telegram", number), number), receipt)
    assert isinstance(talk, TalkSession)
    case, deeds = talk.found.case, (SendReply(ready="read"), CloseCase(outcome, "Settled."))
    house.clock.pass_(minutes=1)
    view = await house.store.desk.open_case(session, Arrival(session.address, number + 100_000), case, "To help.")
    await house.store.desk.words_shown(session, view.row, whole=True)
    for place, deed in enumerate(deeds, 1):
        arrival = Arrival(session.address, number + place * 200_000)
        await house.store.desk.act(session, arrival, case, None, deed)
    seen = await house.store.talks.view(talk)
    if seen.counted and await house.store.letterbox.offer(talk, "answered", TERM):
        assert await house.store.letterbox.put(Arrival(talk.address, number + 900_000), talk, FELT)
    return talk


async def in_january(house: House, *leads: Lead, day: int = 4) -> None:
    """The term is over, what was said is in the box, and the desks are open again."""
    house.clock.at = datetime(2027, 1, day, 9, 0, tzinfo=UTC)
    await house.store.postman.look()
    for lead in leads:
        await lead.unlocks()


async def files(lead: Lead) -> dict[str, str]:
    """The files that stand in her chat, by name."""
    found = [one for one in lead.tab.messages if one.file is not None]
    return {
        str(one.file["name"]): (await lead.tab.download(one)).decode("utf-8-sig", "replace")
        for one in found
        if one.file
    }


async def test_three_sentences_and_their_numbers_are_told_once_the_term_is_over(house: House) -> None:
    khan = await house.lead("Ms Khan")
    for number in range(12):
        await helped(house, khan, "Ms Khan", outcome="support_in_house" if number < 6 else "health")
    await khan.says("/stats")
    assert "Elmfield School, September 1, 2025 to August 31, 2026" in khan.words
    assert "There were too few human answers to tell how soon they came." in khan.words
    assert "about 10" not in khan.words, "nothing is told of a term that goes on"
    await in_january(house, khan)
    await khan.says("/stats")
    assert "Of about 10 human answers: within an hour: about 10." in khan.words
    assert "What came of about 10 cases: Helped here: about 5 and Passed on: about 5." in khan.words
    assert "About 10 people were asked. Did you feel listened to? Yes: about 10." in khan.words
    assert "Did you feel listened to? No: not shown" in khan.words
    assert "Counted are only cases that nobody was kept out of and that are about no adult." in khan.words


async def test_who_opens_no_box_is_told_so(house: House) -> None:
    khan, dunn = await house.lead("Ms Khan"), await house.lead("Ms Dunn", "deputy")
    for _ in range(6):
        await helped(house, khan, "Ms Khan", "Ms Dunn")
    await in_january(house, khan, dunn)
    await dunn.says("/stats")
    assert "Of about 5 human answers: within an hour: about 5." in dunn.words
    assert "How people felt is opened by leads and independent people." in dunn.words
    assert "listened to" not in dunn.words


async def test_cases_about_an_adult_or_kept_from_somebody_are_in_a_second_report_alone(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell")
    await house.lead("Ms Okafor", "head")
    for _ in range(6):
        await helped(house, khan, "Ms Khan", "Mr Bell")
    for _ in range(5):
        about = (chosen("C14", "yes", "Yes"),)
        await helped(house, khan, "Ms Khan", outcome="lado", answers=about)
    await helped(house, khan, "Ms Khan", outcome="police", excluded=(await house.id_of("Mr Bell"),))
    await in_january(house, khan, bell)
    await khan.says("/report")
    await khan.taps("September 1, 2026")
    found = await files(khan)
    both = {f"{name}.{ending}" for name in ("report", "report-not-for-all") for ending in ("pdf", "txt", "csv")}
    assert set(found) == both | {"report.svg"}
    assert (found["report.svg"][:5], found["report.pdf"][:5]) == ("<?xml", "%PDF-")
    assert "What came of about 5 cases: Helped here: about 5." in found["report.txt"]
    assert "What came of about 5 cases: Passed on: about 5." in found["report-not-for-all.txt"]
    assert "people were asked" in found["report.txt"]
    assert "people were asked" not in found["report-not-for-all.txt"]
    assert "that you can open. Give it only to somebody who reads them too." in found["report-not-for-all.txt"]
    rows = list(csv.reader(io.StringIO(found["report.csv"])))
    assert ["within an hour", "5"] in rows
    assert ["within a day", "not shown"] in rows
    await bell.says("/report")
    await bell.taps("September 1, 2026")
    theirs = await files(bell)
    assert theirs["report.txt"] == found["report.txt"]
    assert "Too few cases were closed to tell what came of them." in theirs["report-not-for-all.txt"]
    house.clock.pass_(minutes=6)
    await house.desk.check_pin_locks()


HIDDEN = ("left out", "named", "about an adult")


async def told_to_bell(house: House, *hidden: str) -> list[tuple[list[str], int]]:
    """All that figures tell Mr Bell of a term, where there are cases of these kinds that are kept from him as well."""
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell")
    await house.lead("Ms Okafor", "head")
    lead = LeadId(await house.id_of("Mr Bell"))
    changes: dict[str, dict[str, Any]] = {
        "left out": {"excluded": (lead,)},
        "named": {"withheld": (lead,)},
        "about an adult": {"answers": (chosen("C14", "yes", "Yes"),)},
    }
    for _ in range(9):
        await helped(house, khan, "Ms Khan", "Mr Bell")
    for kind in hidden:
        for _ in range(2):
            talk = await helped(house, khan, "Ms Khan", "Ms Okafor", **changes[kind])
            assert talk.asked is None, "nothing of theirs goes into the box"
    await in_january(house, khan, bell)
    given: list[tuple[list[str], int]] = []
    for typed in ("/stats", "/stats", "/report"):
        with counted(house) as asked:
            await bell.says(typed)
        given.append((told(bell), len(asked)))
    await bell.taps("September 1, 2026")
    given.append(([f"{name}\n{content}" for name, content in sorted((await files(bell)).items())], 0))
    await khan.says("/report")
    await khan.taps("September 1, 2026")
    apart = (await files(khan))["report-not-for-all.txt"]
    assert ("Helped here: about 5" in apart) is bool(hidden), "those who read them are told"
    return given


async def test_whom_a_case_is_kept_from_gets_the_same_bytes_with_it_and_without(house: House, tmp_path: Path) -> None:
    """Whether its reporter left him out, its words name him, or it is about an adult: stats, report, box and all."""
    without = await told_to_bell(house)
    other = House(tmp_path / "with", engine=house.engine, patience=house.patience)
    other.where.mkdir()
    await other.start()
    try:
        assert await told_to_bell(other, *HIDDEN) == without
    finally:
        await other.close()
    assert "about 5" in str(without)


def told(lead: Lead) -> list[str]:
    """What stands in the chat, without what binds its buttons to the session."""
    shown = [one for message in lead.tab.messages for one in (message.text, *(str(b) for b in message.buttons))]
    return [one.replace(lead.tag, "") for one in shown]


@pytest.mark.parametrize("argument", ["7", ""])
async def test_an_odd_button_gives_the_latest_report(house: House, argument: str) -> None:
    khan = await house.lead("Ms Khan")
    await khan.says("/report")
    await house.pressed(khan.tab, callback_data.data(khan.tag, "reported", Ask(argument=argument)))
    found = await files(khan)
    assert "September 1, 2025 to August 31, 2026" in found["report.txt"]
    assert "There were too few human answers to tell how soon they came." in found["report.txt"]
