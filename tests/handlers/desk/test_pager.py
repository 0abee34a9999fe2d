"""Where the leads chose so, Telegram only tells them, and every way in there leads to the web page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.dispatcher import build
from storage.values import Address, Arrival, Notice
from storage.values.errors import Unavailable
from tests.handlers.world import HOME, OTHER, PASSPHRASE, SITES, World, totp_code
from tests.live import take_live
from tests.raw_database import unreachable

PAGE = "https://chat.oakfield.example"


@pytest.fixture
async def paged(world: World) -> World:
    """A school whose Telegram is a pager."""
    await take_live(world.store, SITES, SITES)
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
    assert paged.store.leads.sessions.at(session.address) is None


async def test_a_notice_leads_to_the_page_and_can_still_hold_the_ladder(paged: World) -> None:
    session = await paged.lead()
    chat = session.address.chat_id
    paged.store.leads.sessions.lock(session.address)
    await paged.store.alerts.note("disk")
    await paged.deliver_notices()
    assert links(paged, chat) == [PAGE]
    grace = paged.person(chat)
    await grace.presses(grace.screen, "d:-:opening:::")
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
    assert (await world.store.leads.last_chats.all())[session.lead.id] == session.address


async def test_each_leads_chat_follows_the_leads_own_site_and_a_chat_of_nobodys_the_first_that_chose_the_pager(
    world: World,
) -> None:
    here, there = await world.lead(), await world.joined("Ida Berg", "lead", "", OTHER)
    await take_live(world.store, SITES, [HOME])
    world.handlers = build(replace(world.deps(), public_url=PAGE))
    for session in (here, there):
        world.store.leads.sessions.lock(session.address)
    for chat, turned_away in ((here.address.chat_id, True), (there.address.chat_id, False), (9_100_000, True)):
        somebody = world.person(chat)
        await somebody.types("/unlock")
        assert ("Your desk is on the web page" in somebody.screen.text) is turned_away
        assert ("Please type your name" in somebody.screen.text) is not turned_away
    await world.store.alerts.note("disk")
    await world.deliver_notices()
    assert set(links(world, here.address.chat_id)) == {PAGE}
    assert links(world, there.address.chat_id) == []


async def test_a_lead_whose_site_has_the_pager_opens_no_desk_in_the_chat_of_a_lead_whose_site_has_not(
    world: World,
) -> None:
    there = await world.joined("Ida Berg", "lead", "", OTHER)
    await take_live(world.store, SITES, [HOME])
    world.store.leads.sessions.lock(there.address)
    world.clock.pass_(1)
    somebody = world.person(there.address.chat_id)
    await somebody.types("/unlock Grace Okafor")
    await somebody.types(f"{PASSPHRASE}\n{totp_code((world.where / 'grace.totp').read_text(), world.clock())}")
    assert "Your desk is on the web page" in somebody.screen.text
    assert world.store.leads.sessions.at(there.address) is None


async def test_while_the_database_answers_nothing_a_lead_is_still_told_and_sent_to_the_page(paged: World) -> None:
    grace = (await paged.lead()).lead
    chats = await paged.store.leads.last_chats.all()
    notice = Notice((), grace.id, chats[grace.id], grace.id, frozenset({"alert"}), None, 0, "en")
    await paged.store._core.reader.close()
    await paged.store._core.writer._connections.close()
    async with unreachable(paged.url):
        with pytest.raises(Unavailable):  # after it was said: it cannot be noted when it is to be deleted
            await paged.handlers.notify(notice)
    assert links(paged, chats[grace.id].chat_id) == [PAGE]
