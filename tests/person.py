"""A person in front of the web chat's page, for tests and drivers: speaks the page's JSON protocol, no browser.

    async with await Person.arrive(chat.page_url, language="en") as amira:   # sends /start as a new tab does
        await amira.wait_for(lambda: amira.sees("Are you safe"))
        await amira.tap("Yes")
        await amira.type("Somebody took my bag")
        receipt = amira.last.codes[0]

Every input waits until the server has it, and is sent again with the same id after a restart, as the page does.
``wait_for`` raises ``TimeoutError`` with what is on the screen; nothing here sleeps for a fixed time to "be sure".
"""

import asyncio
import hashlib
import itertools
import json
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.shown import Button, Shown, shown_from

PATIENCE = 30.0  # seconds a condition may take, on a slow machine


class Person:
    """One tab. Open with ``await Person.arrive(...)``, close with ``async with`` or ``await person.close()``."""

    def __init__(
        self, page_url: str, language: str, token: str, patience: float, browser: aiohttp.CookieJar | None = None
    ) -> None:
        self._url, self.language, self.token, self.patience = page_url.rstrip("/"), language, token, patience
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60), cookie_jar=browser)
        self._shown: dict[int, Shown] = {}
        self._beside: dict[int, Shown] = {}
        self._unsettled: dict[str, tuple[str, dict[str, Any]]] = {}
        self._changed = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._epoch, self._after = "", 0
        self.notices: list[dict[str, Any]] = []
        self.commands: list[dict[str, str]] = []
        self.typing = False
        self.restarts = 0
        self.proof = ""

    @classmethod
    async def arrive(
        cls,
        page_url: str,
        *,
        language: str = "en",
        start: str | None = "",
        token: str = "",
        patience: float = PATIENCE,
        browser: aiohttp.CookieJar | None = None,
    ) -> "Person":
        """Open the page in a new tab, or in one with this token; `start` is the payload, None says nothing.

        Tabs of one `browser` share its cookies; it is made with ``unsafe=True``, since pages of tests are at an IP
        address.
        """
        person = cls(page_url, language, token, patience, browser)
        blank = await person._open()
        person._listening = asyncio.create_task(person._listen())
        if start is not None and (blank or start):
            await person.type(f"/start {start}".strip())
        return person

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the tab without leaving; its token still works."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None
        await self._http.close()

    # -- what the person sees

    @property
    def messages(self) -> list[Shown]:
        """Everything on the screen, oldest first."""
        return list(self._shown.values())

    @property
    def beside(self) -> list[Shown]:
        """What stands beside the conversation where the page is wide enough; one at most, unless something is wrong."""
        return list(self._beside.values())

    @property
    def heard(self) -> list[Shown]:
        """What the bot said, oldest first."""
        return [one for one in self._shown.values() if not one.mine]

    @property
    def last(self) -> Shown:
        """The bot's latest message.

        Raises:
            LookupError: it has said nothing yet.
        """
        if not self.heard:
            raise LookupError("the bot has said nothing yet")
        return self.heard[-1]

    @property
    def buttons(self) -> list[str]:
        """The labels of every button on the screen."""
        return [button.text for one in self.messages for button in one.buttons]

    def sees(self, words: str) -> bool:
        """Tell whether the words are anywhere on the screen."""
        return any(words in one.text for one in self.messages)

    def screen(self) -> str:
        """Return the whole screen as text, for the message of a failure."""
        lines = [
            f"{'>' if one.mine else '<'} {one.text} {[button.text for button in one.buttons] or ''}".rstrip()
            for one in self.messages
        ]
        return "\n".join(lines)

    async def wait_for(self, condition: Callable[[], object], *, seconds: float | None = None) -> None:
        """Return when the condition is true; it is looked at whenever something changed.

        Raises:
            TimeoutError: it stayed false for the person's patience; the text shows the screen.
        """
        try:
            async with asyncio.timeout(seconds or self.patience):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"what was waited for did not come. The screen:\n{self.screen()}") from None

    async def wait_to_see(self, words: str) -> Shown:
        """Wait until the bot's message with these words is there, and return the latest such message."""
        await self.wait_for(lambda: any(words in one.text for one in self.heard))
        return next(one for one in reversed(self.heard) if words in one.text)

    @property
    def unsettled(self) -> int:
        """How many inputs the bot has not taken for good yet."""
        return len(self._unsettled)

    async def settled(self) -> None:
        """Wait until the bot has taken everything this person did, for good."""
        await self.wait_for(lambda: not self._unsettled)

    # -- what the person does

    async def type(self, text: str, *, secret: bool = False, reply_to: int | None = None) -> list[int]:
        """Send a text; ``secret`` as from a password field. Returns its ids: update, message, update, message …"""
        return await self._act("/api/send", {"text": text, "secret": secret, "reply_to": reply_to})

    async def tap(self, button: str | int, *, on: Shown | None = None) -> list[int]:
        """Tap a button by its label, or the part it starts with, or its number; latest message with such a button.

        ``on`` names a message, also one the server has forgotten. Waits for a label to appear.
        """
        message, found = await self._find(button, on)
        assert found.data is not None, f"{found.text!r} is not a button that asks the bot"
        return await self.tap_data(message.id, found.data)

    async def tap_data(self, message_id: int, data: str) -> list[int]:
        """Tap what is on no screen any more: a message id and the data of a button, as an old page would."""
        return await self._act("/api/tap", {"message": message_id, "data": data})

    async def upload(
        self, name: str, content: bytes, *, mime: str = "application/octet-stream", caption: str = ""
    ) -> list[int]:
        """Send a file; a picture arrives as a photo."""
        act = {"caption": caption, "id": secrets.token_hex(16), "token": self.token}
        form = aiohttp.FormData({"said": json.dumps(act)})
        form.add_field("file", content, filename=name, content_type=mime)
        headers = {"X-Chat-Page": "1", "X-Chat-Token": self.token}
        async with self._http.post(self._url + "/api/upload", data=form, headers=headers) as answer:
            said = await answer.json()
            if answer.status != 200:
                raise PermissionError(f"{answer.status} {said['error']}")
        self._unsettled[act["id"]] = ("/api/upload", {**act, "ids": said["ids"], "ticket": said["ticket"]})
        return list(said["ids"])

    async def drop_file(self, kind: str) -> list[int]:
        """Drop a file onto a page that takes none: only its kind is said, such as ``photo``."""
        return await self._act("/api/upload", {"kind": kind})

    async def download(self, message: Shown) -> bytes:
        """Return the bytes of a message's file."""
        body = {"token": self.token, "message": message.id}
        async with self._http.post(self._url + "/api/file", json=body) as answer:
            assert answer.status == 200
            return await answer.read()

    def prove(self) -> None:
        """Find the proof of work that the page finds in its worker; takes a quarter of a second."""
        self.proof = proof_of(self.token)

    async def leave(self) -> None:
        """Tap "Leave quickly"."""
        await self._post("/api/leave", {})
        await self.close()

    async def post(self, path: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send any request of the page's protocol with the token; for tests of refusals."""
        async with self._http.post(self._url + path, json={"token": self.token, "proof": self.proof, **said}) as answer:
            return answer.status, await answer.json()

    # -- how the page does it

    async def _find(self, button: str | int, on: Shown | None) -> tuple[Shown, Button]:
        if isinstance(button, int):
            message = on or next(one for one in reversed(self.heard) if one.buttons)
            return message, message.buttons[button]
        if on is None:
            await self.wait_for(lambda: any(label.startswith(button) for label in self.buttons))
        places = [on] if on else list(reversed(self.messages))
        found = [(one, key) for one in places for key in one.buttons if key.text.startswith(button)]
        exact = [(one, key) for one, key in found if key.text == button]
        return (exact or found)[0]

    async def _act(self, path: str, said: dict[str, Any]) -> list[int]:
        said = {**said, "id": secrets.token_hex(16)}
        self._unsettled[said["id"]] = (path, said)
        return await self._deliver(path, said)

    async def _deliver(self, path: str, said: dict[str, Any]) -> list[int]:
        answer = await self._post(path, said)
        said.update(ids=answer["ids"], ticket=answer["ticket"])
        return list(answer["ids"])

    async def _post(self, path: str, said: dict[str, Any]) -> dict[str, Any]:
        while True:
            try:
                status, answer = await self.post(path, said)
            except (aiohttp.ClientConnectionError, TimeoutError):
                await asyncio.sleep(0.05)
                continue
            if status in {429, 503}:
                await asyncio.sleep(answer["retry_after"])
            elif status != 200:
                raise PermissionError(f"{status} {answer['error']}")
            else:
                return answer

    async def _open(self) -> bool:
        answer = await self._post("/api/open", {"language": self.language})
        self.token = answer["token"]
        return bool(answer["blank"])

    async def _listen(self) -> None:
        while True:
            try:
                changes = await self._post("/api/events", {"epoch": self._epoch, "after": self._after})
            except PermissionError:
                await self._open()
                continue
            await self._take(changes)

    async def _take(self, changes: dict[str, Any]) -> None:
        restarted = self._epoch not in {"", changes["epoch"]}
        self._epoch, self._after = changes["epoch"], changes["version"]
        for view in changes["messages"]:
            (self._beside if view["beside"] else self._shown)[view["id"]] = shown_from(view)
        for message_id in changes["gone"]:
            self._shown.pop(message_id, None)
            self._beside.pop(message_id, None)
        for client_id in changes["settled"]:
            self._unsettled.pop(client_id, None)
        self.token = changes.get("token", self.token)
        self.notices += changes["notices"]
        self.commands, self.typing = changes["commands"], changes["typing"]
        if restarted:
            self.restarts += 1
            for path, said in list(self._unsettled.values()):
                if "ids" in said:
                    await self._deliver(path, said)
        self._changed.set()


def proof_of(token: str) -> str:
    """Find what follows a token so that its SHA-256 begins with 18 zero bits."""
    said = hashlib.sha256(f"{token}:".encode())
    for nonce in itertools.count():
        tried = said.copy()
        tried.update(str(nonce).encode())
        if tried.digest()[:2] == b"\0\0" and tried.digest()[2] < 1 << 6:
            break
    return str(nonce)
