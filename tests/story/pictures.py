"""A person at a real browser's tab, and pictures of what she sees for the documents.

With `HARK_PICTURES=docs/pictures` in the environment the pictures are written there; without it nothing is.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Frame, Locator, Page, Request, ViewportSize
from playwright.async_api import TimeoutError as TooLate

PHONE: ViewportSize = {"width": 320, "height": 568}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
_FOLDER = os.environ.get("HARK_PICTURES", "")
_PATIENCE = 30_000.0  # milliseconds until a condition must hold, on a slow machine
_TAPS = 4  # on one button until what it leads to is there
_MOST_TABS = 60  # presses of the tabulator key that any control may be away


async def picture(page: Page, name: str) -> None:
    """Write what the tab shows to `name`.png, if pictures are wanted; motion has ended then."""
    if _FOLDER:
        path = Path(_FOLDER) / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=path, animations="disabled")


@asynccontextmanager
async def watched(browser: Browser, home: str, size: ViewportSize) -> AsyncIterator[BrowserContext]:
    """A browser profile that fails the test on any request to another host, CSP violation or script error."""
    complaints: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((home, "blob:", "about:")):
            complaints.append(request.url)

    def told(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    context = await browser.new_context(viewport=size, reduced_motion="reduce")
    context.set_default_timeout(_PATIENCE)
    context.on("request", asked)
    context.on("console", told)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    try:
        yield context
    finally:
        await context.close()
    # A request that leaving or closing cut off is no complaint.
    wrong = [one for one in complaints if "net::ERR_" not in one]
    assert not wrong, wrong


class Tab:
    """One chat, in a tab of its own or in a frame; every wait is for a condition."""

    def __init__(self, page: Page, within: Frame | None = None) -> None:
        self.page = page
        self.at = within or page.main_frame

    async def sees(self, words: str) -> None:
        """Wait until the bot has said these words."""
        try:
            await self.at.locator(".theirs", has_text=words).last.wait_for(timeout=_PATIENCE)
        except TooLate:
            raise AssertionError(f"{words!r} did not come:\n{await self.said()}") from None

    async def said(self) -> str:
        """Everything on the screen."""
        return await self.at.locator("#log").inner_text()

    async def tap(self, label: str) -> None:
        """Click the latest button that says so, also with a name behind a colon,."""
        try:
            await self._key(label).click(timeout=_PATIENCE)
        except TooLate:
            raise AssertionError(f"there is no button {label!r}:\n{await self.said()}") from None

    async def tap_until(self, label: str, following: str) -> None:
        """Click the latest such button, and again as a person would, until one that says `following` is there.

        A click gets lost where the page moves under it, which a machine does that has much else to do.
        """
        shown = self.at.locator(".key", has_text=following).last
        for _ in range(_TAPS):
            await self.tap(label)
            with suppress(TooLate):
                await shown.wait_for(timeout=_PATIENCE / _TAPS)
                return
        raise AssertionError(f"{label!r} leads to no {following!r}:\n{await self.said()}")

    async def press(self, label: str) -> None:
        """Reach the latest such button with the tabulator key, and press it with Enter."""
        await self.press_key(self._key(label))

    async def press_key(self, key: Locator) -> None:
        """The same for one that is found in another way."""
        await key.wait_for(timeout=_PATIENCE)
        for _ in range(_MOST_TABS):
            if await key.evaluate("key => key === document.activeElement"):
                await self.page.keyboard.press("Enter")
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {key!r}:\n{await self.said()}")

    async def write(self, text: str) -> None:
        """Type into the text field and send."""
        field = self.at.locator("#text")
        await field.fill(text, timeout=_PATIENCE)
        await field.press("Enter")

    async def keyed(self, text: str) -> None:
        """Type and send with the keyboard alone."""
        for _ in range(_MOST_TABS):
            if await self.page.evaluate("document.activeElement.id") == "text":
                await self.page.keyboard.type(text)
                await self.page.keyboard.press("Enter")
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError("the keyboard does not reach the text field")

    async def fill(self, kind: str, secret: str) -> None:
        """Fill the real field of a secret; `kind` is what a browser or an authenticator completes there."""
        await self.at.locator(f"#secrets input[autocomplete={kind}]").fill(secret, timeout=_PATIENCE)

    async def submit(self) -> None:
        """Send the secrets."""
        await self.at.locator("#secrets button[type=submit]").click()

    async def within(self, words: str) -> bool:
        """Tell whether these words stand on the screen now."""
        return words in await self.said()

    def _key(self, label: str) -> Locator:
        return self.at.locator(".key", has_text=re.compile(rf"^{re.escape(label)}(:|$)")).last
