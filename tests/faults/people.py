"""People who go on whatever dies: they press on, and press again where no answer came."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.sample_school import SampleLead
from flows.screens import copy as say
from tests.person import Person
from tests.shown import Shown

_SOON = 0.5  # seconds in which an answer is on the screen once the bot has taken what was done
_MOST = 60  # presses until somebody gives up, which is a failure
_ADULT = "who works or helps at"
NOT_SAVED = "Your last message was not saved."
UNDECIDED = "We cannot tell if your last message was saved."
_TAKEN = (say.HEARD_WORDS.msgid, say.WORDS_PASSED_ON.msgid, say.WAS_ADDED.msgid)


def _state(person: Person) -> tuple[object, ...]:
    return tuple((one.id, one.text, one.buttons) for one in person.heard)


async def answered(person: Person, before: tuple[object, ...]) -> bool:
    """Wait until the bot has taken everything; tell whether the screen has changed since `before`."""
    await person.settled()
    try:
        await person.wait_for(lambda: _state(person) != before, seconds=_SOON)
    except TimeoutError:
        return False
    return True


async def says(person: Person, text: str, *, secret: bool = False) -> bool:
    """Type; true if there was an answer."""
    before = _state(person)
    await person.type(text, secret=secret)
    return await answered(person, before)


async def says_until(person: Person, text: str, seen: str) -> None:
    """Type, again and again, until the last thing that the bot says holds `seen`."""
    for _ in range(_MOST):
        await says(person, text)
        if person.heard and seen in person.last.text:
            return
    raise AssertionError(person.screen())


@dataclass
class Reporter:
    """Somebody who tells `words`, in a tab of her own, and has a receipt once it was shown.

    She taps each button `taps` times at once. If she is asked for words that she wrote, she writes them again where she
    was told that they were not saved. `tells_again` is for where a draft has its time: there she does so in any case;
    elsewhere words that are gone are a failure. What she tells is about an adult at the school, unless it is not
    `about_an_adult`: then the lead, the deputy and the head read it.
    """

    person: Person
    words: str
    taps: int = 1
    tells_again: bool = False
    about_an_adult: bool = True
    receipt: str = ""

    async def tell(self) -> str:
        """Go from wherever she stands to the receipt; she gives up when she has pressed often, and for long."""
        presses, until = 0, time.monotonic() + self.person.patience
        while presses < _MOST or time.monotonic() < until:
            if self.look():
                return self.receipt
            await self.step()
            presses += 1
        raise AssertionError(f"no receipt after {presses} steps:\n…{self.person.screen()[-1500:]}")

    async def to_the_readers(self) -> None:
        """Go on until the next press sends."""
        for _ in range(_MOST):
            if self.asked is not None and self.asked.buttons[0].text.startswith("Send "):
                return
            await self.step()
        raise AssertionError(self.person.screen())

    async def step(self) -> None:
        """Do what the screen asks for: words where it asks for them, else the first button."""
        before, asked = _state(self.person), self.asked
        if asked is None:
            await self.person.type("/start")
        elif self._has_to_tell(asked):
            await self.person.type(self.words)
        else:
            await asyncio.gather(*(self.person.tap(self._button(asked), on=asked) for _ in range(self.taps)))
        await answered(self.person, before)

    def _button(self, asked: Shown) -> str | int:
        if self.tells_again and "Start new" in [one.text for one in asked.buttons]:
            return "Start new"
        return "No" if _ADULT in asked.text and not self.about_an_adult else 0

    def _has_to_tell(self, asked: Shown) -> bool:
        if say.WORDS_PLEASE.msgid in asked.text and (self.tells_again or self._was_refused()):
            return True
        return "Tell us what is worrying you" in asked.text and not any(
            self.words in one.text for one in self.person.messages
        )

    def _was_refused(self) -> bool:
        """Whether the answer to her words, when she wrote them last, was that they were not saved."""
        shown = self.person.messages
        wrote = max((at for at, one in enumerate(shown) if one.mine and one.text == self.words), default=len(shown))
        return any(NOT_SAVED in one.text for one in shown[wrote + 1 : wrote + 2])

    def look(self) -> str:
        """The receipt, if it is on the screen or was."""
        codes = {code for one in self.person.heard for code in one.codes}
        assert len(codes | ({self.receipt} if self.receipt else set())) <= 1, "one concern, two receipts"
        self.receipt = self.receipt or next(iter(codes), "")
        return self.receipt

    async def adds(self, text: str) -> bool:
        """Say `text` to the open case; true if she was told that it was taken. She waits until she was told anything.

        Raises:
            TimeoutError: She was told nothing at all.
        """
        before = {one.id for one in self.person.heard}
        await self.person.type(text)
        await self.person.wait_for(lambda: any(one.id not in before for one in self.person.heard))
        await self.person.settled()
        new = [one for one in self.person.heard if one.id not in before]
        return any(taken in one.text for one in new for taken in _TAKEN)

    async def comes_back(self) -> None:
        """Open the case with the receipt."""
        await says_until(self.person, "/return", "Please write your words")
        await says(self.person, self.receipt)
        await self.person.wait_to_see("Hello again.")

    @property
    def asked(self) -> Shown | None:
        """The last message that has buttons."""
        return next((one for one in reversed(self.person.heard) if one.buttons), None)


@dataclass
class Lead:
    """A lead at the desk, in a tab of her own."""

    person: Person
    who: SampleLead

    async def unlocks(self, at: float) -> None:
        """Unlock with the code of the moment `at`."""
        await self.asks_for_factors()
        opened = self.newly_opened()
        await says(self.person, self.factors(at), secret=True)
        await self.person.wait_for(opened)

    async def asks_for_factors(self) -> None:
        """Say who she is."""
        await says_until(self.person, f"/unlock {self.who.name}", "Passphrase")

    def newly_opened(self) -> Callable[[], bool]:
        """Give what tells whether the desk was opened since: that it was before may still stand on the screen."""
        before = {(one.id, one.text) for one in self.person.heard}
        return lambda: any(
            "Your desk is open" in one.text and (one.id, one.text) not in before for one in self.person.heard
        )

    def factors(self, at: float) -> str:
        """Both factors, as they are typed."""
        return f"{self.who.passphrase}\n{self.who.code(at)}"

    async def opens(self, reference: str) -> None:
        """Open a case."""
        await says(self.person, f"/case_{reference}")
