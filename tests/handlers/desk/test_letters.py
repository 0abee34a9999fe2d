"""Notices by e-mail: an address is used once its code came back; letters are neutral; a real mail server takes them."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bot.delivery.outage_notice import OutageNotice
from bot.delivery.outbox_relay import OutboxRelay
from bot.deployment.mail import MailServer, read_mail
from bot.deployment.value_checks import SettingsError
from flows.values.email_address import is_mail_address
from storage.values.errors import Unavailable
from tests.flows.test_mail_address import MALFORMED
from tests.handlers.desk.house import House
from tests.raw_database import rename_tables

WORDS = "It is about somebody here: zebrafish-canary."
ADDRESS = "khan@school.example"


@dataclass
class Letters:
    """What a mail server took."""

    port: int = 0
    taken: list[Message] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        return self.answer

    @property
    def server(self) -> MailServer:
        return MailServer("127.0.0.1", self.port, tls=False, user="", password="", sender="hark@school.example")


@pytest.fixture
def letters() -> Iterator[Letters]:
    letters = Letters()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        letters.port = probe.getsockname()[1]
    controller = Controller(letters, hostname="127.0.0.1", port=letters.port)
    controller.start()
    yield letters
    controller.stop()


async def posted(house: House, letters: Letters) -> None:
    """Let the house send letters."""
    object.__setattr__(house.handlers.deps, "post", letters.server.post)


def text_of(letter: Message) -> str:
    return str(letter.get_payload())


async def test_an_address_is_used_once_its_code_came_back(house: House, letters: Letters) -> None:
    await posted(house, letters)
    khan = await house.lead("Ms Khan")
    lead = await house.id_of("Ms Khan")
    await khan.says(f"/pager {ADDRESS}")
    assert "A code was sent there" in khan.words
    assert ADDRESS not in khan.words
    (letter,) = letters.taken
    assert (letter["To"], letter["Subject"]) == (ADDRESS, "A notice")
    code = re.search(r"\d{6}", text_of(letter))
    assert code
    assert await house.store.pagers.address(lead) is None
    await khan.says(f"/pager {'000000' if code[0] != '000000' else '111111'}")
    assert "That is not the code" in khan.words
    await khan.says(f"/pager {code[0]}")
    assert f"Notices go to {ADDRESS} too" in khan.words
    assert await house.store.channels.reachable() == {lead}
    await khan.says("/lock")
    await house.notices()
    letters.taken.clear()
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    await house.notices()
    (letter,) = letters.taken
    assert "Something new: immediate" in text_of(letter)
    assert "canary" not in str(letter)
    assert "Khan" not in str(letter)


async def test_where_the_page_may_be_closed_the_letter_is_tried_until_it_is_taken_and_the_page_is_told_once(
    house: House, letters: Letters
) -> None:
    await posted(house, letters)
    khan = await house.lead("Ms Khan")
    await khan.says(f"/pager {ADDRESS}")
    await khan.says(f"/pager {re.findall(r'[0-9]{6}', text_of(letters.taken[0]))[0]}")
    await khan.says("/lock")
    await house.notices()
    letters.answer = "451 try again later"
    await house.concern(WORDS, "Ms Khan", urgency="soon")
    outgoing = OutboxRelay(house.handlers)
    for _ in range(3):
        letters.taken.clear()
        while not letters.taken:
            await outgoing.look()
            house.clock.pass_(seconds=5)
    letters.answer = "250 OK"
    letters.taken.clear()
    while not letters.taken:
        await outgoing.look()
        house.clock.pass_(seconds=5)
    assert "Something new: soon" in text_of(letters.taken[0])
    assert khan.words.count("Something new") == 1
    while await house.store.outbox.next() is not None:
        await outgoing.look()
    house.clock.pass_(minutes=10)
    assert await house.store.outbox.next() is None, "and nobody is alerted: it was told once"
    await outgoing.end()


async def test_a_database_that_is_gone_is_told_by_e_mail_too(house: House, letters: Letters) -> None:
    await posted(house, letters)
    khan = await house.lead("Ms Khan")
    await khan.says(f"/pager {ADDRESS}")
    await khan.says(f"/pager {re.findall(r'[0-9]{6}', text_of(letters.taken[0]))[0]}")
    outage = OutageNotice(house.handlers, house.clock)
    await outage.look()
    letters.taken.clear()
    names = {table: f"{table}_gone" for table in ("pagers", "cases", "outbox")}
    await rename_tables(house.url, names)
    with pytest.raises(Unavailable):
        await house.concern(WORDS, "Ms Khan")
    await outage.look()
    house.clock.pass_(minutes=1)
    await outage.look()
    (letter,) = letters.taken
    assert "Hark itself needs a look" in text_of(letter)
    await rename_tables(house.url, {gone: table for table, gone in names.items()})


async def test_a_lead_can_switch_it_off_and_the_address_is_gone(house: House, letters: Letters) -> None:
    await posted(house, letters)
    khan = await house.lead("Ms Khan")
    await khan.says(f"/pager {ADDRESS}")
    await khan.says(f"/pager {re.findall(r'[0-9]{6}', text_of(letters.taken[0]))[0]}")
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    await house.notices()
    assert len(letters.taken) == 2
    await khan.says("/pager")
    await khan.taps("Switch e-mail off")
    assert "The address is deleted" in khan.words
    assert await house.store.channels.reachable() == frozenset()


async def test_an_address_that_is_refused_counts_no_longer_until_a_new_code_comes_back(
    house: House, letters: Letters
) -> None:
    await posted(house, letters)
    khan = await house.lead("Ms Khan")
    await khan.says(f"/pager {ADDRESS}")
    await khan.says(f"/pager {re.findall(r'[0-9]{6}', text_of(letters.taken[0]))[0]}")
    house.clock.pass_(minutes=1)
    letters.answer = "550 no such mailbox"
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    await house.notices()
    assert await house.store.channels.reachable() == frozenset()
    letters.answer = "250 OK"
    house.clock.pass_(minutes=1)
    await khan.says(f"/pager {ADDRESS}")
    await khan.says(f"/pager {re.findall(r'[0-9]{6}', text_of(letters.taken[-1]))[0]}")
    assert await house.store.channels.reachable() == {await house.id_of("Ms Khan")}


async def test_a_code_is_good_for_five_tries_and_half_an_hour(house: House, letters: Letters) -> None:
    await posted(house, letters)
    khan = await house.lead("Ms Khan")
    await khan.says(f"/pager {ADDRESS}")
    right = re.findall(r"[0-9]{6}", text_of(letters.taken[0]))[0]
    for wrong in range(5):
        await khan.says(f"/pager {(int(right) + wrong + 1) % 1_000_000:06}")
    await khan.says(f"/pager {right}")
    assert await house.store.channels.reachable() == frozenset()
    await khan.says(f"/pager {ADDRESS}")
    house.clock.pass_(minutes=9)
    await khan.says("/brief")
    for _ in range(3):
        house.clock.pass_(minutes=9)
        await khan.says("/brief")
    await khan.says(f"/pager {re.findall(r'[0-9]{6}', text_of(letters.taken[1]))[0]}")
    assert await house.store.channels.reachable() == frozenset()


async def test_without_a_mail_server_or_with_a_strange_address_it_says_so(house: House, letters: Letters) -> None:
    khan = await house.lead("Ms Khan")
    await khan.says(f"/pager {ADDRESS}")
    assert "whoever runs Hark has not set up a mail server" in khan.words
    assert "/pager" not in khan.words
    await posted(house, letters)
    for strange in ("nobody", "a@b", "a b@school.example", "a@school.example\nBcc: b@school.example"):
        await khan.says(f"/pager {strange}")
    assert letters.taken == []
    assert "not an e-mail address" in khan.words


async def test_no_malformed_address_is_taken_at_the_desk_and_none_raises_out_of_the_sender(
    house: House, letters: Letters
) -> None:
    await posted(house, letters)
    khan = await house.lead("Ms Khan")
    for strange in (
        "a@b..c",
        "jürgen@school.example",
        "a@school.example.",
        '"a b"@b.example',
        "a" * 300 + "@b.example",
    ):
        await khan.says(f"/pager {strange}")
        assert "not an e-mail address that Hark can use" in khan.words.rpartition("Notices by e-mail are off")[0]
        assert strange not in khan.words
    for strange in MALFORMED:
        assert not await letters.server.post(strange, "A notice", "text")
    for subject, text in (("A \ud800", "text"), ("A notice", "\ud800")):
        assert not await letters.server.post(ADDRESS, subject, text)
    assert letters.taken == []
    assert await letters.server.post(ADDRESS, "A notice", "text")


async def test_a_line_break_gets_into_no_header_and_a_silent_server_is_a_letter_not_taken(letters: Letters) -> None:
    assert not await letters.server.post("a@school.example\nBcc: b@school.example", "A notice", "text")
    assert not await letters.server.post(ADDRESS, "A notice\r\nBcc: b@school.example", "text")
    assert letters.taken == []
    nobody = MailServer("127.0.0.1", 1, tls=False, user="", password="", sender="hark@school.example")
    assert not await nobody.post(ADDRESS, "A notice", "text")


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("smtps://user%40a@mail.example", ("mail.example", 465, True, "user@a")),
        ("smtp://user@mail.example", ("mail.example", 587, False, "user")),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, False, "")),
    ],
)
def test_the_mail_server_is_read_from_settings(url: str, read: tuple[object, ...]) -> None:
    given = {"HARK_SMTP_URL": url, "HARK_SMTP_FROM": "hark@school.example", "HARK_SMTP_PASSWORD": "canary-password"}
    server = read_mail(lambda name: given.get(name, ""))
    assert server is not None
    assert (server.host, server.port, server.tls, server.user) == read
    assert server.here is (server.host == "127.0.0.1")
    assert "canary" not in repr(server)
    assert read_mail(lambda _: "") is None


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://user:secret@mail.example", "smtp://m/x"])
def test_settings_that_cannot_be_used_are_named_without_their_value(url: str) -> None:
    with pytest.raises(SettingsError, match="HARK_SMTP_URL") as refused:
        read_mail({"HARK_SMTP_URL": url, "HARK_SMTP_FROM": "hark@school.example"}.get)  # type: ignore[arg-type]
    assert "secret" not in str(refused.value)


def test_what_is_an_address() -> None:
    assert is_mail_address("hark@school.example")
    assert not any(map(is_mail_address, ("", "hark", "a@b\n", "a b@c.example", "<a@b.example>")))
