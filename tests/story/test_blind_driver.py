"""The main job, lived through by a driver that knows no wording, on the program as an operator starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.deployment.invite_links import noted_name
from bot.webchat.server import WebChat
from tests.newest import Engine
from tests.person import Person
from tests.postgres import drop_below, lay_empty
from tests.programs.run import Program, program
from tests.story.blind import Factors, join, press_first, press_under, return_with, say, to_receipt

pytestmark = pytest.mark.slow

WORDS = "They wait for me behind the bus stop. Zebrafish-canary."
ANSWER = "I have read this. Heron-canary. Come to me at break."
REGISTERS = 4


async def _first_lead(page: str, told: Program) -> tuple[Person, Factors]:
    lead, factors = await Person.arrive(page, start=f"j-{told.told('code')}"), Factors()
    await join(lead, factors)
    return lead, factors


async def _answer_the_concern(lead: Person) -> None:
    """From the desk to a reply that was sent, by first buttons and one typed text."""
    await say(lead, "/brief")
    for _ in range(8):
        if lead.sees(WORDS):
            break
        await press_first(lead)
    assert lead.sees(WORDS), lead.screen()
    await say(lead, ANSWER)
    for _ in range(2):  # reply to the reporter, then send it as the preview shows it
        await press_under(lead, ANSWER)


async def _whole_story(page: str, told: Program, folder: Path) -> None:
    lead, _ = await _first_lead(page, told)
    receipts = []
    for register in range(REGISTERS):
        async with await Person.arrive(page) as reporter:
            await reporter.wait_for(lambda one=reporter: one.heard and one.last.buttons)
            receipt, screens = await to_receipt(reporter, register, WORDS)
            receipts.append(receipt)
            assert screens <= 8
            assert len(receipt.split()) == 8
    await _answer_the_concern(lead)
    async with await Person.arrive(page, start=None) as back:
        answered = False
        for receipt in receipts:
            await return_with(back, receipt)
            answered = answered or back.sees(ANSWER)
        assert answered, back.screen()
    await lead.close()
    _nothing_readable(folder, told, receipts)


def _nothing_readable(folder: Path, told: Program, receipts: list[str]) -> None:
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    said = "\n".join([*told.said, *told.log]).encode()
    for secret in ("Zebrafish-canary", "Heron-canary", "seven otters", *receipts):
        assert secret.encode() not in kept
        assert secret.encode() not in said


async def test_the_web_chat_takes_every_register_to_a_receipt_and_the_answer_comes_back(
    tmp_path: Path, engine: Engine
) -> None:
    settings = {} if engine == "sqlite" else {"HARK_DATABASE_URL": await lay_empty(tmp_path)}
    async with program("run", tmp_path, {"HARK_WEB_PORT": "0", **settings}) as told:
        await _whole_story(told.told("chat"), told, tmp_path)
    await drop_below(tmp_path)


async def test_the_same_story_through_a_bot_api_alone(tmp_path: Path) -> None:
    telegram = WebChat("Stand-in", "127.0.0.1", 0, secret=b"0123456789abcdef")
    await telegram.start()
    settings = {"HARK_TOKEN": telegram.token, "HARK_API_URL": telegram.api_url, "HARK_WEB_HOST": ""}
    try:
        async with program("run", tmp_path, settings) as told:
            await _whole_story(telegram.page_url, told, tmp_path)
        assert noted_name(tmp_path) == "web_chat_bot"  # for the links of invites
    finally:
        await telegram.close()


async def test_where_no_lead_has_joined_nothing_is_asked(tmp_path: Path) -> None:
    async with (
        program("run", tmp_path, {"HARK_WEB_PORT": "0"}) as told,
        await Person.arrive(told.told("chat")) as child,
    ):
        await child.wait_to_see("0800 1111")
        await child.tap(0)  # it is looked again whether somebody reads now
        await child.settled()
        assert not child.last.codes
        assert child.sees("0800 1111")
