"""Canary words through a lead's whole day: what a lead types, or sees once, is in no file but sealed, and in no log."""

from __future__ import annotations

import logging
import re
import traceback

import pytest

from tests.handlers.desk.house import PASSPHRASE, House, Lead
from tests.handlers.desk.test_letters import Letters, letters, posted
from tests.raw_database import all_bytes

__all__ = ["letters"]

PIN = "49375816"
TYPED = (
    "ortolannarrative",
    "whimbrelnote",
    "sanderlingname",
    "stintname",
    "dunlinlabel",
    "turnstonereply",
    "redshankreason",
    "godwitclosing",
    "knotpager@school.example",
    "curlewloose",
    "wrongpassphrase avocet",
)


async def everywhere(house: House) -> bytes:
    """All that lies on the disk: database, write-ahead log, keys and what stands beside them."""
    return (await all_bytes(house.where, house.url)).lower()


def stands(secrets: tuple[str, ...], where: bytes) -> list[str]:
    """The secrets that are found, in UTF-8 or UTF-16."""
    codes = ("utf-8", "utf-16-le")
    return [one for one in secrets if any(one.lower().encode(code) in where for code in codes)]


def logged(caplog: pytest.LogCaptureFixture) -> bytes:
    """Everything that was logged, at any level, with the whole of every error."""
    lines = (
        record.getMessage() + "".join(traceback.format_exception(*record.exc_info) if record.exc_info else ())
        for record in caplog.records
        if record.name.split(".")[0] in {"bot", "handlers", "storage", "flows", "locales", "sqlalchemy"}
    )
    return "\n".join(lines).lower().encode()


async def a_day(lead: Lead, letters: Letters) -> None:
    """Everything that a lead types, secrets too."""
    await lead.taps("Set a PIN")
    await lead.says(PIN, secret=True)
    await lead.says("/queue")
    await lead.taps_first()
    await lead.says("/claim")
    for command, words in (("note", "whimbrelnote"), ("label", "dunlinlabel"), ("copy", "redshankreason for a copy")):
        await lead.says(f"/{command}")
        await lead.says(words)
    await lead.says("/people")
    await lead.taps("Add somebody")
    await lead.says("Ayo Sanderlingname")
    await lead.taps("the child")
    await lead.says("/find Stintname")
    await lead.says("/queue")
    await lead.taps_first()
    await lead.says("/reply")
    await lead.says("turnstonereply")
    await lead.taps("Send")
    await lead.says("curlewloose")
    await lead.taps("Throw away")
    await lead.says("/pager knotpager@school.example")
    code = re.findall(r"\d{6}", str(letters.taken[-1].get_payload()))[0]
    await lead.says(f"/pager {code}")
    await lead.says("/lock")
    await lead.says(f"/unlock {lead.name}")
    await lead.says(f"wrongpassphrase avocet\n{lead.code()}", secret=True)
    await lead.unlocks()


async def test_nothing_that_a_lead_types_is_in_a_file_or_a_log(
    house: House,
    letters: Letters,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await posted(house, letters)
    lead = await house.lead("Ms Khan")
    receipt = await house.concern("ortolannarrative", "Ms Khan")
    await a_day(lead, letters)
    assert await house.replies(receipt) == [("turnstonereply", None)], "the words did arrive"
    secrets = (*TYPED, PIN, PASSPHRASE, lead.secret, receipt, " ".join(receipt.split()[:2]))
    assert stands(secrets, await everywhere(house)) == []
    assert stands(secrets, logged(caplog)) == []
    await house.restart()
    assert stands(secrets, await everywhere(house)) == []


async def test_what_breaks_in_the_middle_of_a_deed_tells_nothing_of_it(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of SQLAlchemy's or SQLite's may hold statements and values; ours are raised while there are words."""
    caplog.set_level(logging.DEBUG)
    lead = await house.lead("Ms Khan")
    await house.concern("ortolannarrative", "Ms Khan")
    await lead.says("/queue")
    await lead.taps_first()
    await lead.says("/note")
    async with house.store._core.writer._connections.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE entries")
    caplog.clear()
    await lead.says("whimbrelnote")
    assert "something inside failed" in caplog.text
    await lead.says("/unlock Ms Khan")
    await lead.says(f"{PASSPHRASE}\n{lead.code()}", secret=True)
    assert stands((*TYPED, PASSPHRASE, lead.secret), logged(caplog)) == []
    assert stands((*TYPED, PASSPHRASE, lead.secret), lead.words.lower().encode()) == []


async def test_no_repr_of_a_session_holds_a_key(house: House) -> None:
    await house.lead("Ms Khan")
    [session] = house.store.leads.sessions.by_address.values()
    assert session.keys is not None
    shown = f"{session!r}{session.keys!r}{session.author!r}"
    for secret in (session.keys.signing_seed, session.keys.own, session.seed_copy()):
        assert repr(secret) not in shown
        assert repr(bytes(secret)) not in shown


async def test_nothing_that_is_decided_or_taken_down_is_in_a_file_or_a_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lead = await house.lead()
    await lead.says("/record")
    await lead.taps("a child of 12 to 17")
    await lead.taps("OK")
    await lead.taps("Yes")
    await lead.says("garganeytold")
    assert stands(("garganeytold",), await everywhere(house)) == []  # begun, and not sent
    await lead.taps("Done")
    await lead.taps("No")
    await lead.taps("That is enough")
    await lead.taps("Send")
    await lead.taps("Hand over the words")
    receipt = next(one.codes[0] for one in reversed(lead.tab.heard) if one.codes)
    await lead.taps("They have them")
    await lead.says("/queue")
    await lead.taps_first()
    await lead.reads()
    await lead.says("/decide")
    for typed in (
        "gadwallfacts",
        "smewvoice",
        "pochardmeaning",
        "scaupoptions",
        "eiderdecision",
        "teal why",
        "shovelerbasis",
    ):
        await lead.says(typed)
    await lead.taps("In a week")
    await lead.taps("Sign")
    assert "It is signed" in lead.words
    secrets = (
        *("garganeytold", "gadwallfacts", "smewvoice", "pochardmeaning", "scaupoptions", "eiderdecision"),
        *("teal why", "shovelerbasis", receipt),
    )
    assert stands(secrets, await everywhere(house)) == []
    assert stands(secrets, logged(caplog)) == []
