"""However many strangers say `/unlock`, no lead in mid-unlock is forgotten; and a secret is a secret on both sides."""

from __future__ import annotations

import pytest

from handlers.desk.chat import chat_state
from handlers.desk.chat.chat_state import AskName, DeskStates
from storage.values import Address
from tests.bot.webchat.bot_api import until
from tests.handlers.desk.house import PASSPHRASE, START, Clock, House
from tests.raw_database import all_bytes


async def test_2050_tabs_that_say_unlock_push_no_lead_out_in_mid_unlock(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    tab = await house.tab()
    await tab.type("/unlock Ms Khan")
    await house.dealt_with(tab)
    for number in range(2_050):
        house.desk.places.of(Address("web", 10_000_000 + number), "000000").asking = AskName()
    await tab.type(f"{PASSPHRASE}\n{lead.code()}")
    await house.dealt_with(tab)
    assert "Your desk is open" in tab.screen()
    assert "kettles" not in tab.screen()


@pytest.mark.types_joining
async def test_who_finds_no_room_is_told_so_and_what_was_typed_with_it_is_deleted(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    for number in range(chat_state.MOST - 1):
        house.desk.places.of(Address("web", 10_000_000 + number), "000000").asking = AskName()
    tab = await house.tab()
    await tab.type(f"/unlock Ms Khan {PASSPHRASE}")
    await house.dealt_with(tab)
    assert "try again in a moment" in tab.last.text
    assert "kettles" not in tab.screen()
    await lead.unlocks()
    assert "Your desk is open" in lead.words, "her own chat was a desk, and has its place"


def test_who_was_asked_minutes_ago_makes_room_and_a_desk_never_does() -> None:
    clock = Clock(START)
    places = DeskStates(clock)
    places.of(Address("web", 1), "000000").guarded = True
    for number in range(2, chat_state.MOST + 2):
        if number == chat_state.MOST + 1:
            clock.pass_(minutes=6)
        places.of(Address("web", number), "000000").asking = AskName()
    assert places.by_address.get(Address("web", 1)) is not None
    assert places.by_address.get(Address("web", 2)) is None


async def test_what_comes_from_a_secret_field_is_deleted_and_kept_nowhere_whatever_was_forgotten(house: House) -> None:
    await house.lead("Ms Khan")
    tab = await house.tab()
    await tab.type("/start")
    await house.dealt_with(tab)
    for label in ("I am 12 to 17", "No", "OK", "Yes"):
        await tab.tap(label)
        await house.dealt_with(tab)
    for secret in (f"{PASSPHRASE}\n123456", f"/{PASSPHRASE}"):
        await tab.type(secret, secret=True)
        await house.dealt_with(tab)
        await until(lambda: not any(one.mine and "•" in one.text for one in tab.messages))
        assert "The desk is locked here" in tab.last.text
    kept = await house.store.drafts.get(house.address_of(chat_of(house, tab)))
    assert kept is not None
    assert "kettles" not in repr(kept.draft.answers)
    assert b"kettles" not in await all_bytes(house.where, house.url)


def chat_of(house: House, tab: object) -> int:
    chat = house.chat._door.signer.chat_of(tab.token)  # type: ignore[attr-defined]
    assert chat is not None
    return chat
