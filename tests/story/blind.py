"""A driver that knows no wording: it reads buttons and text, and presses the first button to go forward."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.person import Person
from tests.shown import Shown

_MOST = 14  # presses that a receipt may take, far above eight screens
PASSPHRASE = "seven otters paddle upstream"


def _asks(person: Person) -> Shown | None:
    return next((one for one in reversed(person.heard) if one.buttons), None)


def _state(person: Person) -> tuple[object, ...]:
    return tuple((one.id, one.text, one.buttons) for one in person.heard)


async def press_first(person: Person, number: int = 0) -> None:
    """Press a button of the last message that has any, and wait for what it leads to."""
    await person.wait_for(lambda: _asks(person))
    before = _state(person)
    await person.tap(number)
    await person.settled()
    await person.wait_for(lambda: _state(person) != before)


async def press_under(person: Person, words: str) -> None:
    """Press the first button of what shows these words, and wait until it is done with.

    Notices that come meanwhile, with buttons of their own, are left alone.
    """

    def asks() -> Shown | None:
        return next((one for one in reversed(person.heard) if one.buttons and words in one.text), None)

    await person.wait_for(asks)
    before = asks()
    assert before is not None
    await person.tap(0, on=before)
    await person.settled()
    await person.wait_for(lambda: asks() != before)


async def say(person: Person, text: str) -> None:
    """Type, and wait for the answer."""
    before = _state(person)
    await person.type(text)
    await person.settled()
    await person.wait_for(lambda: _state(person) != before)


async def return_with(person: Person, receipt: str) -> None:
    """Come back with the words, and wait for what they lead to: a new screen with buttons, behind all others."""
    await say(person, "/return")
    newest = max(one.id for one in person.messages)
    await say(person, receipt)
    await person.wait_for(lambda: any(one.buttons and one.id > newest for one in person.heard))


async def to_receipt(person: Person, register: int, words: str) -> tuple[str, int]:
    """Go from the greeting to a receipt; gives it and how many screens it took.

    Where the first button leads back to the same question, it types.
    """
    await press_first(person, register)
    screens, typed = 1, False
    while screens < _MOST:
        asked = _asks(person)
        assert asked is not None
        await press_first(person)
        if codes := [code for one in person.heard for code in one.codes]:
            assert len(codes) == 1
            return codes[0], screens + 1
        again = _asks(person)
        assert again is not None
        if not typed and [key.text for key in again.buttons] == [key.text for key in asked.buttons]:
            await say(person, words)
            typed = True
        else:
            screens += 1
    raise AssertionError(f"no receipt after {_MOST} screens:\n{person.screen()}")


@dataclass
class Factors:
    """What a lead has in her head and in her authenticator app."""

    secret: bytes = b""

    def code(self, at: float | None = None) -> str:
        """The code of now, or of `at`."""
        totp = TOTP(self.secret, 6, SHA1(), 30)  # noqa: S303 - RFC 6238
        return totp.generate(int(at or time.time())).decode()


async def join(lead: Person, factors: Factors) -> None:
    """From an invite, already opened, to the first brief: types a passphrase, finds the secret, confirms one code."""
    await lead.wait_for(lambda: lead.heard and lead.last.field)
    await lead.type(PASSPHRASE, secret=True)
    await lead.wait_for(lambda: _secret(lead))
    factors.secret = base64.b32decode(_secret(lead))
    await lead.wait_for(lambda: lead.last.field)
    await lead.type(factors.code(), secret=True)
    await lead.wait_for(lambda: not _secret(lead))
    await lead.settled()


def _secret(lead: Person) -> str:
    return next((button.copy for one in lead.heard for button in one.buttons if button.copy), "")
