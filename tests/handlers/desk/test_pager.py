"""Where the leads chose so, Telegram only tells them, and every way in there leads to the web page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.dispatcher import build
from storage.values import Address, Arrival
from tests.handlers.world import PASSPHRASE, SITES, World, totp_code
from tests.live import take_live

PAGE = "https://chat.oakfield.example"


@pytest.fixture
async def paged(world: World) -> World:
    """A school whose Telegram is a pager."""
    await take_live(world.store, SITES, "pager")
    world.handlers = build(replace(world.deps(), public_url=PAGE))
    return world


def links(world: World, chat: int) -> list[str]:
    shown = [one for one in world.messenger.chats.get(chat, []) if not one.mine]
    return [button["url"] for one in shown for button in one.buttons if "url" in button]


@pytest.mark.parametrize("command", ["/unlock Grace Okafor seven green", "/join ABCD-EFGH", "/queue", "/golive"])
async def test_every_desk_command_names_the_web_page_and_nothing_typed_stays(paged: World, command: str) -> None:
    grace = paged.person(9_100_000)
    await grace.types(command)
    assert "Your desk is on the web page" in grace.screen.text
    assert links(paged, grace.chat) == [PAGE]
    assert [shown for shown in grace.messages if shown.mine] == []


async def test_a_session_that_was_open_there_ends(paged: World) -> None:
    session = await paged.lead()
    await paged.person(session.address.chat_id).types("/brief")
    assert paged.store.leads.session(session.address) is None


async def test_a_notice_leads_to_the_page_and_can_still_hold_the_ladder(paged: World) -> None:
    session = await paged.lead()
    chat = session.address.chat_id
    await paged.store.leads.lock(session.address)
    await paged.store.alerts.note("disk")
    await paged.deliver_notices()
    assert links(paged, chat) == [PAGE]
    grace = paged.person(chat)
    await grace.presses(grace.screen, "d:-:hold:::")
    assert "Nothing is waiting to be held" in grace.screen.text


async def test_a_reporter_on_telegram_notices_nothing_of_it(paged: World) -> None:
    ann = paged.person()
    await ann.types("/start")
    assert "Your desk" not in ann.screen.text


async def test_an_unlock_on_the_page_leaves_the_chat_on_telegram_that_a_lead_is_told_in(world: World) -> None:
    session = await world.lead()
    world.clock.pass_(1)  # a code counts once
    code = totp_code((world.where / "grace.totp").read_text(), world.clock())
    await world.store.leads.unlock(Arrival(Address("web", 5), 5), "Grace Okafor", PASSPHRASE, code)
    assert (await world.store.leads.unlocks.chats())[session.lead.id] == session.address
