"""Signing in on a page of its own: what is typed there never enters a chat, and a link serves once, for one chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.desk.chat.page_links import LASTS, NUMBER_LASTS, PageLinks, ToUnlock
from storage.leads.sign_in.proved import Proved
from storage.sealing.keys import lead_keys
from storage.values import Address
from tests.handlers.desk.page_door import GRACE, PUBLIC, PageDoor, page_door, telegram_says
from tests.handlers.messenger import Person
from tests.handlers.world import HOME, PASSPHRASE, World, totp_code
from tests.raw_database import all_bytes

GONE = {"next": "gone"}


@pytest.fixture
async def plain(world: World) -> AsyncIterator[PageDoor]:
    """A page on this machine: a link of its own, without Telegram's word for who opens it."""
    async with page_door(world, https=False) as door:
        yield door


@pytest.fixture
async def in_app(world: World) -> AsyncIterator[PageDoor]:
    """A page with HTTPS: a Mini App."""
    async with page_door(world, https=True) as door:
        yield door


async def asks(door: PageDoor, chat: int = 9_100_001, text: str = f"/unlock {GRACE}") -> Person:
    """A lead who asks for her desk in a chat."""
    lead = door.world.person(chat)
    await lead.types(text)
    return lead


def is_open(door: PageDoor, lead: Person) -> bool:
    return door.world.store.leads.sessions.at(lead.address) is not None


async def test_a_mini_app_opens_the_desk_and_nothing_typed_enters_the_chat(in_app: PageDoor) -> None:
    lead = await asks(in_app)
    assert in_app.offered(lead)["web_app"]["url"].startswith(f"{PUBLIC}signin?link=")
    data = telegram_says(lead.chat, in_app.world.clock())
    assert await in_app.ask("begin", in_app.token(lead), app=data) == {"next": "unlock", "passkeys": True}
    assert await in_app.unlock(in_app.token(lead), app=data) == {"next": "open"}
    assert is_open(in_app, lead)
    assert "Your desk is open." in lead.screen.text
    assert [one for one in lead.messages if one.mine] == []
    assert not any(PASSPHRASE in str(call) for call in in_app.world.messenger.calls)
    assert "hark.example" not in str([one.markup for one in lead.messages]), "the used link is gone from the chat"


async def test_the_page_is_offered_first_and_the_chat_still_takes_both_factors(in_app: PageDoor) -> None:
    lead = await asks(in_app)
    assert lead.messages[0].text.startswith("It is safer on a page of its own")
    token = in_app.token(lead)
    await lead.types(f"{PASSPHRASE}\n{in_app.code()}")
    assert is_open(in_app, lead)
    assert await in_app.ask("begin", token, app=telegram_says(lead.chat, in_app.world.clock())) == GONE


async def test_without_a_page_that_nobody_can_listen_to_none_is_offered(world: World) -> None:
    lead = world.person(9_100_001)
    await lead.types(f"/unlock {GRACE}")
    assert "page" not in lead.messages[0].text
    assert [one.buttons for one in lead.messages] == [[]]


async def test_a_name_that_the_chat_was_not_told_is_asked_for_on_the_page(in_app: PageDoor) -> None:
    lead = await asks(in_app, text="/unlock")
    data = telegram_says(lead.chat, in_app.world.clock())
    begun = await in_app.ask("begin", in_app.token(lead), app=data)
    assert begun == {"next": "unlock", "asks_name": True, "passkeys": True}
    assert await in_app.unlock(in_app.token(lead), app=data, name="grace okafor") == {"next": "open"}


@pytest.mark.parametrize(
    "made",
    [
        lambda *_: "",
        lambda chat, at: telegram_says(chat + 1, at),
        lambda chat, at: telegram_says(chat, at, user=f'{{"id":{chat},"first_name":"b"}}'),
        lambda chat, at: telegram_says(chat, at, token="43:OTHER"),
        lambda chat, at: telegram_says(chat, at - LASTS * 1.1),
    ],
    ids=["none", "foreign user", "changed", "another bot's", "old"],
)
async def test_a_stolen_link_opens_nothing_without_telegrams_word_for_its_chat(in_app: PageDoor, made: Any) -> None:
    lead = await asks(in_app)
    data = made(lead.chat, in_app.world.clock())
    assert await in_app.unlock(in_app.token(lead), app=data) == GONE
    assert not is_open(in_app, lead)
    assert in_app.world.handlers.desk.places.links.refused == 1


async def test_telegrams_word_serves_for_one_link_alone(in_app: PageDoor) -> None:
    lead = await asks(in_app)
    data = telegram_says(lead.chat, in_app.world.clock())
    assert (await in_app.ask("begin", in_app.token(lead), app=data))["next"] == "unlock"
    await lead.types(f"/unlock {GRACE}")
    assert await in_app.unlock(in_app.token(lead), app=data) == GONE
    token, again = in_app.token(lead), telegram_says(lead.chat, in_app.world.clock())
    assert await in_app.unlock(token, app=again) == {"next": "open"}
    assert await in_app.unlock(token, app=again) == GONE


async def test_malformed_unknown_old_used_and_withdrawn_links_are_one_answer_and_counted(plain: PageDoor) -> None:
    links = plain.world.handlers.desk.places.links
    lead = await asks(plain)
    first = plain.token(lead)
    await lead.types(f"/unlock {GRACE}")  # which makes the earlier link good no more
    second = plain.token(lead)
    plain.world.clock.pass_(LASTS.total_seconds() / 60)
    for at, token in enumerate((first, second, "", "x", "é" * 64, "A" * 32), start=1):
        assert await plain.ask("begin", token) == GONE
        assert links.refused == at
    await lead.types(f"/unlock {GRACE}")
    third = plain.token(lead)
    await lead.types("/start")  # a reporter's way ends an unlocking half done
    assert await plain.unlock(third) == GONE
    assert not is_open(plain, lead)


async def test_elsewhere_the_chat_that_asked_says_the_number_of_the_page(plain: PageDoor) -> None:
    lead = await asks(plain)
    token = plain.token(lead)
    shown = await plain.unlock(token)
    assert shown["next"] == "number"
    assert not is_open(plain, lead), "not before the chat has said it"
    assert shown["number"] not in str([one.text for one in lead.messages])
    assert await plain.ask("state", token) == {"next": "number"}
    assert await plain.unlock(token) == GONE, "what was proved is proved once"
    await lead.types(f"{shown['number'][:3]} {shown['number'][3:]}")
    assert is_open(plain, lead)
    assert await plain.ask("state", token) == {"next": "open"}
    assert await plain.ask("begin", token) == GONE
    assert await plain.unlock(token) == GONE


async def test_who_sends_a_lead_a_link_of_his_own_gets_no_desk(plain: PageDoor) -> None:
    """He asked in his chat and sent her the link; she typed her factors on the true page. He sees no number."""
    before = await plain.world.store.leads.last_chats.all()
    him = await asks(plain, chat=9_666_666)
    token = plain.token(him)
    shown = await plain.unlock(token)
    for what in ("begin", "state", "unlock"):
        assert "number" not in await plain.ask(what, token), "he has the link too"
    guesses = [number for number in ("000000", "111111", "222222", "333333") if number != shown["number"]]
    for guess in guesses[:3]:
        await him.types(guess)
    await him.types(shown["number"])
    assert not is_open(plain, him)
    assert await plain.world.store.leads.last_chats.all() == before, "nothing is told in his chat either"
    assert await plain.ask("state", shown["number"]) == GONE


async def test_a_number_that_nobody_says_is_given_up_and_the_seed_is_wiped(plain: PageDoor) -> None:
    lead = await asks(plain)
    shown = await plain.unlock(plain.token(lead))
    link = plain.world.handlers.desk.places.links.awaiting(lead.address)
    assert link is not None
    assert isinstance(link.held, Proved)
    seed = link.held.seed
    plain.world.clock.pass_(NUMBER_LASTS.total_seconds() / 60)
    await plain.world.handlers.desk.check_pin_locks()
    assert bytes(seed) == bytes(32)
    await lead.types(shown["number"])
    assert not is_open(plain, lead)


async def test_a_lead_who_is_shut_out_meanwhile_is_not_let_in_by_the_number(plain: PageDoor) -> None:
    lead = await asks(plain)
    shown = await plain.unlock(plain.token(lead))
    found = next(one for one in await plain.world.leads() if one.name == GRACE)
    await plain.world.store.leads.team.disable(found.id)
    await lead.types(shown["number"])
    assert not is_open(plain, lead)
    assert "That did not unlock" in lead.screen.text


async def test_unknown_wrong_and_shut_out_are_one_answer_for_the_same_work(
    plain: PageDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = next(one for one in await plain.world.leads() if one.name != GRACE)
    await plain.world.store.leads.team.disable(other.id)
    derived, real = [], lead_keys.stretch
    monkeypatch.setattr(lead_keys, "stretch", lambda *given: derived.append(given[2]) or real(*given))
    said = set()
    for chat, (name, passphrase, code) in enumerate(
        (
            ("Nobody Here", PASSPHRASE, "000000"),
            (other.name, PASSPHRASE, totp_code(secret_of(plain, other.name), plain.world.clock())),
            (GRACE, "another eleven kettles", "000000"),
            (GRACE, PASSPHRASE, "000000"),
        )
    ):
        lead = await asks(plain, 9_200_000 + chat, "/unlock")
        answer = await plain.unlock(plain.token(lead), name=name, passphrase=passphrase, code=code)
        said.add(str(answer))
    [same] = said
    assert "That did not unlock" in same
    assert len(derived) == 4
    assert len(set(derived)) == 1


def secret_of(door: PageDoor, name: str) -> str:
    return (door.world.where / f"{name.split(maxsplit=1)[0].lower()}.totp").read_text()


async def test_the_page_is_throttled_with_the_chat_that_asked(plain: PageDoor) -> None:
    lead = await asks(plain)
    code = plain.code()
    for _ in range(4):
        assert (await plain.unlock(plain.token(lead), code="000000"))["next"] == "again"
    assert "Too many tries" in (await plain.unlock(plain.token(lead), code=code))["said"]
    await lead.types(f"{PASSPHRASE}\n{code}")
    assert "Too many tries" in lead.screen.text


async def test_a_new_lead_joins_on_the_page_and_her_second_factor_stands_in_no_chat(in_app: PageDoor) -> None:
    invite = await in_app.world.store.leads.invites.draw("Nora Field", "deputy", HOME)
    lead = await asks(in_app, text=f"/join {invite.code}")
    token, data = in_app.token(lead), telegram_says(lead.chat, in_app.world.clock())
    assert await in_app.ask("begin", token, app=data) == {"next": "join"}
    short = await in_app.ask("join", token, app=data, passphrase="too short")
    assert short == {"next": "again", "said": "That is too short: 15 characters or more, please."}
    shown = await in_app.ask("join", token, app=data, passphrase=PASSPHRASE)
    assert shown["uri"].startswith("otpauth://totp/")
    wrong = await in_app.ask("code", token, app=data, code="000000")
    assert wrong["next"] == "again"
    code = totp_code(shown["secret"], in_app.world.clock())
    assert await in_app.ask("code", token, app=data, code=code) == {"next": "open"}
    assert is_open(in_app, lead)
    said = str(in_app.world.messenger.calls)
    assert shown["secret"] not in said
    assert PASSPHRASE not in said
    assert await in_app.ask("code", token, app=data, code=code) == GONE


async def test_an_invite_moves_a_lead_to_another_chat_by_the_page(in_app: PageDoor) -> None:
    invite = await in_app.world.store.leads.invites.draw(GRACE, "lead", HOME)
    lead = await asks(in_app, text=f"/join {invite.code}")
    data = telegram_says(lead.chat, in_app.world.clock())
    assert await in_app.unlock(in_app.token(lead), app=data) == {"next": "open"}
    found = next(one for one in await in_app.world.leads() if one.name == GRACE)
    assert await in_app.world.store.leads.last_chats.of(found.id) == lead.address


async def test_nothing_typed_on_the_page_is_in_the_log_or_the_database(
    plain: PageDoor, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "zebrafish canary passphrase"
    lead = await asks(plain, text="/unlock")
    token = plain.token(lead)
    with caplog.at_level("DEBUG"):
        await plain.unlock(token, name="Zebrafish Canary", passphrase=canary, code="135791")
        await plain.world.store.close()
        failed = await plain.unlock(token, name="Zebrafish Canary", passphrase=canary, code="135791")
    assert "cannot be done just now" in failed["said"]
    held = (caplog.text + repr([vars(one) for one in caplog.records])).encode()
    for secret in (canary, "Zebrafish", "135791", token):
        assert secret.encode() not in held
        assert secret.encode() not in await all_bytes(plain.world.where, plain.world.url)


def test_links_that_strangers_ask_for_push_out_none_that_is_good(world: World) -> None:
    links = PageLinks(world.clock)
    hers = links.issue(Address("telegram", 1), ToUnlock(), bytes)
    assert hers is not None
    given = 0
    for chat in range(2, 20_100):
        given += links.issue(Address("telegram", chat), ToUnlock(), lambda n, c=chat: c.to_bytes(n)) is not None
    assert given == 20_000 - 1
    assert links.find(hers, None) is not None
    world.clock.pass_(LASTS.total_seconds() / 60)
    assert links.issue(Address("telegram", 30_000), ToUnlock(), (7).to_bytes) is not None
