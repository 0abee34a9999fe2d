"""Passkeys, with Chromium's own virtual authenticator: added after a full unlock, they open the desk by themselves."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, CDPSession, Page, expect
from sqlalchemy import delete, update

from storage.database.schema.leads import passkeys
from storage.leads.sign_in.passkeys import passkeys as passkeys_module
from storage.leads.sign_in.passkeys.passkeys import WITHIN
from storage.values import Address
from tests.handlers.desk.page_door import GRACE, PageDoor, page_door
from tests.handlers.desk.test_sign_in_browser import is_accessible
from tests.handlers.messenger import Person
from tests.handlers.world import HOME, PASSPHRASE, World
from tests.raw_database import all_bytes, fetch, tamper
from tests.story.pictures import PHONE, picture, watched

pytestmark = pytest.mark.browser

DONE = "Your desk is open in the chat. You can close this page."
#: The page asks every two seconds whether its number was said in the chat; here as often as an eye would not tell.
HASTE = "const wait = window.setTimeout; window.setTimeout = (work, ms) => wait(work, ms / 20);"


@dataclass
class Phone:
    """A lead's browser with an authenticator in it."""

    context: BrowserContext
    page: Page
    cdp: CDPSession
    authenticator: str

    async def credentials(self) -> list[dict[str, Any]]:
        """What the authenticator holds."""
        said = await self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        found: list[dict[str, Any]] = said["credentials"]
        return found


@pytest.fixture
async def door(world: World) -> AsyncIterator[PageDoor]:
    async with page_door(world, https=False, host="localhost") as made:
        yield made


@asynccontextmanager
async def phone(browser: Browser, door: PageDoor, **options: bool) -> AsyncIterator[Phone]:
    async with watched(browser, door.home, PHONE) as context:
        await context.add_init_script(HASTE)
        page = await context.new_page()
        cdp = await context.new_cdp_session(page)
        await cdp.send("WebAuthn.enable")
        wanted = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "hasPrf": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            **options,
        }
        made = await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": wanted})
        yield Phone(context, page, cdp, made["authenticatorId"])


async def unlocks(door: PageDoor, chat: int = 9_100_001) -> Person:
    """Grace, who has just unlocked with both factors in the chat."""
    lead = door.world.person(chat)
    await lead.types(f"/unlock {GRACE}")
    await lead.types(f"{PASSPHRASE}\n{door.code()}")
    assert door.world.store.leads.sessions.at(lead.address) is not None
    return lead


async def adds(door: PageDoor, lead: Person, phone: Phone) -> None:
    """Add a passkey by the page, and say its number in the chat."""
    await lead.types("/passkey")
    await phone.page.goto(door.url(lead))
    await phone.page.get_by_role("button", name="Add a passkey").click()
    await expect(phone.page.locator("output")).to_be_visible()
    await lead.types(await phone.page.locator("output").inner_text())


async def added(door: PageDoor, browser_phone: Phone) -> Person:
    lead = await unlocks(door)
    await adds(door, lead, browser_phone)
    await expect(browser_phone.page.get_by_role("heading")).to_have_text("Your passkey is added")
    door.world.messenger.calls.clear()
    door.world.store.leads.sessions.lock(lead.address)
    return lead


async def uses(door: PageDoor, lead: Person, phone: Phone) -> None:
    """Ask in the chat and pick the passkey on the page."""
    await lead.types("/unlock")
    await phone.page.goto(door.url(lead))
    await phone.page.get_by_role("button", name="Use a passkey").click()


async def is_refused(door: PageDoor, lead: Person, phone: Phone) -> None:
    await uses(door, lead, phone)
    await expect(phone.page.get_by_role("alert")).to_contain_text("That did not unlock")
    assert door.world.store.leads.sessions.at(lead.address) is None


async def test_a_passkey_opens_the_desk_without_passphrase_and_code(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        lead = await added(door, hers)
        for _ in range(2):  # the counter goes on
            await uses(door, lead, hers)
            await expect(hers.page.locator("output")).to_be_visible()
            await picture(hers.page, "passkey-number")
            await lead.types(await hers.page.locator("output").inner_text())
            await expect(hers.page.get_by_text(DONE)).to_be_visible()
            session = door.world.store.leads.sessions.at(lead.address)
            assert session is not None
            assert session.lead.name == GRACE
            assert session.keys is not None
            door.world.store.leads.sessions.lock(lead.address)
        [kept] = await hers.credentials()
        assert base64.b64decode(kept["userHandle"]).decode() == session.lead.id


async def test_the_lead_is_told_of_it_and_the_others_see_it_in_the_team(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        lead = await unlocks(door)
        await door.world.deliver_notices()
        await lead.types("/passkey")
        await hers.page.goto(door.url(lead))
        await is_accessible(hers.page)
        await adds(door, lead, hers)
        assert "Your passkey is added" in lead.screen.text
        await door.world.deliver_notices()
        told = [one.text for one in lead.messages if "A passkey that opens your desk" in one.text]
        assert len(told) == 1
        await lead.types("/team")
        assert "added a passkey" in lead.screen.text
        await lead.types("/account")
        await lead.taps("My passkeys")
        assert "You have 1 passkey." in lead.screen.text


async def test_a_removed_passkey_opens_nothing(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        lead = await added(door, hers)
        await unlocks(door, lead.chat)
        await lead.types("/passkey")
        await lead.taps("Remove the one of")
        assert "You have 0 passkeys." in lead.screen.text
        door.world.store.leads.sessions.lock(lead.address)
        await is_refused(door, lead, hers)


async def test_a_lead_who_is_shut_out_is_refused_as_unknown(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        lead = await added(door, hers)
        found = next(one for one in await door.world.leads() if one.name == GRACE)
        await door.world.store.leads.team.disable(found.id)
        await is_refused(door, lead, hers)


async def test_unknown_shut_out_and_wrong_take_the_same_work(
    door: PageDoor, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with phone(browser, door) as hers:
        lead = await added(door, hers)
        sent: list[dict[str, Any]] = []
        await hers.page.route("**/passkey/use", lambda route: _noted(route, sent))
        await uses(door, lead, hers)
        await expect(hers.page.get_by_role("alert")).to_contain_text("no answer")
        [good] = sent
        said = json.loads(good["answer"])
        found = next(one for one in await door.world.leads() if one.name == GRACE)
        await door.world.store.leads.team.disable(found.id)
        checked, real = [], passkeys_module.check_assertion
        monkeypatch.setattr(passkeys_module, "check_assertion", lambda *given: checked.append(1) or real(*given))
        unknown = {**said, "response": {**said["response"], "userHandle": _text(b"0" * 32)}}
        wrong = {**said, "response": {**said["response"], "signature": _text(b"x" * 70)}}
        for chat, answer in enumerate((said, unknown, wrong)):
            other = door.world.person(9_400_000 + chat)
            refused = await _answers(door, other, json.dumps(answer), good["prf"])
            assert "That did not unlock" in refused["said"]
            assert len(checked) == chat + 1


async def test_a_new_invite_removes_the_passkeys_of_a_device_that_may_be_lost(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        lead = await added(door, hers)
        invite = await door.world.store.leads.invites.draw(GRACE, "lead", HOME)
        await lead.types(f"/join {invite.code}")
        await lead.types(f"{PASSPHRASE}\n{door.code()}")
        assert door.world.store.leads.sessions.at(lead.address) is not None
        door.world.store.leads.sessions.lock(lead.address)
        await is_refused(door, lead, hers)


async def test_without_the_users_verification_there_is_no_desk(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        lead = await added(door, hers)
        said = {"authenticatorId": hers.authenticator, "isUserVerified": False}
        await hers.cdp.send("WebAuthn.setUserVerified", said)
        await uses(door, lead, hers)
        await expect(hers.page.get_by_role("alert")).to_contain_text("No passkey was used")
        assert door.world.store.leads.sessions.at(lead.address) is None


async def test_without_prf_none_is_added_and_passphrase_and_code_still_serve(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door, hasPrf=False) as hers:
        lead = await unlocks(door)
        await lead.types("/passkey")
        await hers.page.goto(door.url(lead))
        await hers.page.get_by_role("button", name="Add a passkey").click()
        await expect(hers.page.get_by_role("alert")).to_contain_text("lacks what it takes")
        assert await fetch(door.world.url, passkeys.select()) == []


async def test_later_than_ten_minutes_after_a_full_unlock_none_is_added(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        lead = await unlocks(door)
        await lead.types("/passkey")
        url = door.url(lead)
        door.world.clock.pass_(WITHIN.total_seconds() / 60 - 1)
        await lead.types("/brief")
        door.world.clock.pass_(1)
        await hers.page.goto(url)
        await expect(hers.page.get_by_role("heading")).to_have_text("This link is not good")
        await lead.types("/passkey")
        assert "unlock with passphrase and code first" in lead.screen.text
        assert await fetch(door.world.url, passkeys.select()) == []


async def test_an_answer_and_a_challenge_serve_once(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        lead = await added(door, hers)
        sent: list[dict[str, Any]] = []
        hers.page.on("request", lambda one: sent.append(one.post_data_json) if one.url.endswith("/use") else None)
        await uses(door, lead, hers)
        await expect(hers.page.locator("output")).to_be_visible()
        [answer] = sent
        for chat in (9_100_002, 9_100_003):
            thief = door.world.person(chat)
            await thief.types("/unlock")
            await door.ask("passkey/ask", door.token(thief))
            again = await door.ask("passkey/use", door.token(thief), answer=answer["answer"], prf=answer["prf"])
            assert "That did not unlock" in again["said"], "it is for another challenge"


async def test_what_is_changed_in_an_answer_is_refused_alike(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        lead = await added(door, hers)
        sent: list[dict[str, Any]] = []
        await hers.page.route("**/passkey/use", lambda route: _noted(route, sent))
        await uses(door, lead, hers)
        await expect(hers.page.get_by_role("alert")).to_contain_text("no answer")
        [good] = sent
        said, refusals, chats = json.loads(good["answer"]), set(), itertools.count(9_300_000)
        foreign = {**said, "response": {**said["response"], "userHandle": _text(b"0" * 32)}}
        for answer, prf in (
            (json.dumps(foreign), good["prf"]),
            (json.dumps({**said, "id": _text(b"x" * 32), "rawId": _text(b"x" * 32)}), good["prf"]),
            (json.dumps({**said, "response": {**said["response"], "signature": _text(b"x" * 70)}}), good["prf"]),
            (good["answer"], base64.b64encode(bytes(32)).decode()),
            (good["answer"], ""),
            (good["answer"], "%"),
            ("{}", good["prf"]),
            ("[" * 10_000, good["prf"]),
            ("\ud800", good["prf"]),
        ):
            other = door.world.person(next(chats))
            refusals.add(str(await _answers(door, other, answer, prf, _challenge(said))))
        [same] = refusals
        assert "That did not unlock" in same


async def test_whoever_writes_the_database_adds_none_and_brings_none_back(door: PageDoor, browser: Browser) -> None:
    world = door.world
    async with phone(browser, door) as hers:
        lead = await added(door, hers)
        [first] = await fetch(world.url, passkeys.select())
        await unlocks(door, lead.chat)
        await lead.types("/passkey")
        await lead.taps("Remove the one of")
        world.store.leads.sessions.lock(lead.address)
        [emptied] = await fetch(world.url, passkeys.select())
        other = next(one.id for one in await world.leads() if one.id != first.lead_id)
        for values in (
            {"version": first.version, "sealed": first.sealed},
            {"version": emptied.version, "sealed": first.sealed},
            {"version": emptied.version + 1, "sealed": first.sealed},
            {"lead_id": other, "version": first.version, "sealed": first.sealed},
        ):
            await tamper(world.url, update(passkeys).values(values))
            before = world.store.tampered
            await uses(door, lead, hers)
            await expect(hers.page.get_by_role("alert")).to_contain_text("Nothing was opened")
            assert world.store.leads.sessions.at(lead.address) is None
            assert world.store.tampered > before
            assert not (await world.store.watch.verify()).holds
            await tamper(world.url, update(passkeys).values(emptied._asdict()))
        await tamper(world.url, delete(passkeys))
        assert not (await world.store.watch.verify()).holds


async def test_no_seed_key_or_prf_output_is_in_the_database(door: PageDoor, browser: Browser) -> None:
    async with phone(browser, door) as hers:
        sent: list[dict[str, Any]] = []
        hers.page.on("request", lambda one: sent.append(one.post_data_json) if one.url.endswith("/add") else None)
        lead = await added(door, hers)
        [said] = sent
        held = await all_bytes(door.world.where, door.world.url)
        assert base64.b64decode(said["prf"]) not in held
        assert said["prf"].encode() not in held
        [one] = await hers.credentials()
        assert base64.b64decode(one["credentialId"]) not in held, "the list is sealed"
        assert lead.address == Address("telegram", lead.chat)


async def _answers(
    door: PageDoor, who: Person, answer: str, prf: str, challenge: bytes | None = None
) -> dict[str, Any]:
    """Give an answer for a link of somebody's own, as if its challenge had been drawn for that link."""
    await who.types("/unlock")
    link = door.world.handlers.desk.places.links.find(door.token(who), None)
    assert link is not None
    link.challenge = challenge or _challenge(json.loads(answer))
    return await door.ask("passkey/use", door.token(who), answer=answer, prf=prf)


async def _noted(route: Any, sent: list[dict[str, Any]]) -> None:
    sent.append(route.request.post_data_json)
    await route.abort()


def _challenge(said: dict[str, Any]) -> bytes:
    client = json.loads(_bytes(said["response"]["clientDataJSON"]))
    return _bytes(client["challenge"])


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).decode().rstrip("=")
