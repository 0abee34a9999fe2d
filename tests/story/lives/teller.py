"""A person at the page who knows no wording: taps by what a key asks the bot, with a finger or by keyboard alone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as TooLate

from tests.story.lives.camera import Camera

_PATIENCE: Final = 30_000.0  # milliseconds until a condition must hold, on a slow machine
_SAME: Final = 10_000.0  # milliseconds after which a screen that has not changed is taken for the answer
_MOST_TABS: Final = 80  # presses of the tabulator key that any control may be away
#: What the bot said last, and what its keys ask.
_NEWEST: Final = """() => {
  const all = [...document.querySelectorAll(".theirs")];
  const asks = all.map((one) => [...one.querySelectorAll(".key[data-asks]")].map((key) => key.dataset.asks));
  return [all.length, all.length ? all[all.length - 1].innerText : "", asks.filter((one) => one.length).pop() || []];
}"""
#: Everything the person did has been taken, and answered: what stands there is not what stood there before. Where a
#: selector of keys is given, the last of them can be seen as well.
_QUIET: Final = f"""([before, keys]) => document.querySelector(".theirs")
  && !document.querySelector('.key[aria-disabled="true"], .typing:not([hidden]), .state:not(.kept)')
  && JSON.stringify(({_NEWEST})()) !== JSON.stringify(before)
  && (!keys || [...document.querySelectorAll(keys)].pop()?.checkVisibility())"""


@dataclass
class Teller:
    """Somebody with one tab; the camera looks at each screen before it is answered."""

    camera: Camera
    by_keyboard: bool = False
    before: list[object] | None = None  # what stood there when something was done last

    @property
    def page(self) -> Page:
        """The tab in front."""
        return self.camera.page

    async def tap(self, *asked: str, look: bool = True) -> None:
        """For each in turn: wait for a screen with a key that asks so, look at it, press that key; `*` is anything."""
        for asks in asked:
            await self.sees(asks, look=look)
            self.before = await self.page.evaluate(_NEWEST)
            await self._press(self.key(asks).last)

    async def write(self, text: str, before: str) -> None:
        """Wait for a screen with the key `before`, look at it, and send `text`."""
        await self.sees(before)
        await self.say(text)

    async def say(self, text: str) -> None:
        """Send `text`, whatever is on the screen."""
        self.before = await self.page.evaluate(_NEWEST)
        field = self.page.locator("#text")
        if self.by_keyboard:
            await self._reach(field)
            await self.page.keyboard.type(text)
        else:
            await field.fill(text)
        await field.press("Enter")

    async def fill(self, **secrets: str) -> None:
        """Look at the fields of a secret, fill them by what a browser completes there, and send them."""
        await self.page.locator("#secrets input").first.wait_for(timeout=_PATIENCE)
        await self.camera.look()
        for kind, secret in secrets.items():
            await self.page.locator(f"#secrets input[autocomplete={kind.replace('_', '-')}]").fill(secret)
        await self.page.locator("#secrets button[type=submit]").click()

    async def opens(self, control: str) -> None:
        """Press a control of the page's own, by its CSS selector."""
        self.before = None
        await self._press(self.page.locator(control))

    async def sees(self, asks: str, *, look: bool = True) -> None:
        """Wait for a screen with such a key, and look at it."""
        try:
            await self._answered(_selector(asks))
        except TooLate:
            raise AssertionError(f"no key asks {asks!r} on a quiet screen:\n{await self.said()}") from None
        if look:
            await self.camera.look()

    async def offered(self) -> list[str]:
        """What the keys of the last message that has any ask, in their order."""
        await self._answered()
        asks: list[str] = (await self.page.evaluate(_NEWEST))[2]
        return asks

    async def receipt(self) -> str:
        """The words to come back."""
        return " ".join((await self.page.locator("button.code").last.inner_text()).split())

    async def comes_back(self) -> None:
        """Open the page in a new tab, which knows nothing of the old one."""
        address, self.before = self.page.url, None
        self.camera.page = await self.page.context.new_page()
        await self.page.goto(address)

    async def said(self) -> str:
        """Everything on the screen, and what its keys ask."""
        keys = (
            "[...document.querySelectorAll('.key')].map((key) => `${key.dataset.asks} [${key.innerText}]`).join('\\n')"
        )
        return f"{await self.page.locator('#log').inner_text()}\n{await self.page.evaluate(keys)}"

    def key(self, asks: str) -> Locator:
        """The keys whose data is `asks`."""
        return self.page.locator(_selector(asks))

    async def _answered(self, keys: str = "") -> None:
        """Wait until what was done is answered; a screen that comes again as it was is one after a while."""
        before, self.before = self.before, None
        if before is not None:
            with suppress(TooLate):
                await self.page.wait_for_function(_QUIET, arg=[before, keys], timeout=_SAME)
                return
        await self.page.wait_for_function(_QUIET, arg=[None, keys], timeout=_PATIENCE)

    async def _press(self, control: Locator) -> None:
        if self.by_keyboard:
            await self._reach(control)
            await self.page.keyboard.press("Enter")
        else:
            # By no coordinates: what was just resized may still scroll under the finger.
            await control.dispatch_event("click", timeout=_PATIENCE)

    async def _reach(self, control: Locator) -> None:
        for _ in range(_MOST_TABS):
            if await control.evaluate("one => one === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {control}:\n{await self.said()}")


def _selector(asks: str) -> str:
    """The CSS selector of the keys whose data is `asks`; `*` stands for anything."""
    if "*" not in asks:
        return f'.key[data-asks="{asks}"]'
    first, *between, last = asks.split("*")
    parts = [("^", first), *(("*", part) for part in between), ("$", last)]
    return ".key" + "".join(f'[data-asks{how}="{part}"]' for how, part in parts if part)
